"""Import of customers from files: detection, mapping, the run, its API and its command (product.md 1.7)."""

from ringdesk.features.customers.imports import merging as merging
from ringdesk.features.customers.imports.controllers import ImportsController
from ringdesk.features.customers.imports.jobs import JOBS

__all__ = ["JOBS", "ImportsController"]
