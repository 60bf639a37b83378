"""Who changed what, when: appended in the transaction of the change, never altered."""

from ringdesk.features.audit.controllers import AuditController
from ringdesk.features.audit.listing import of_things
from ringdesk.features.audit.store import write

controllers = [AuditController]

__all__ = ["controllers", "of_things", "write"]
