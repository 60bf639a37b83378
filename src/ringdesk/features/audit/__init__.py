"""Who changed what, when: appended in the transaction of the change, never altered."""

from ringdesk.features.audit.store import write

__all__ = ["write"]
