"""Who may see what of a customer, and how everything about one is handed over or erased (product.md 1.9, docs/adr/0017)."""

from ringdesk.features.customers.privacy.controllers import PersonController, PrivacyController
from ringdesk.features.customers.privacy.jobs import JOBS

__all__ = ["JOBS", "PersonController", "PrivacyController"]
