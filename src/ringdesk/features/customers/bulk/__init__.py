"""Bulk edits: one change of many cards, carried out by the worker, and undone (product.md 0, 1.6)."""

from ringdesk.features.customers.bulk.controllers import BulkEditController
from ringdesk.features.customers.bulk.jobs import JOBS

__all__ = ["JOBS", "BulkEditController"]
