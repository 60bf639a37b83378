"""Cards that may be one customer's: found, reasoned, reviewed (product.md 1.8, docs/subsystems/duplicates.md)."""

from ringdesk.features.customers.duplicates.controllers import DuplicateController
from ringdesk.features.customers.duplicates.jobs import JOBS, follow_changes

__all__ = ["JOBS", "DuplicateController", "follow_changes"]
