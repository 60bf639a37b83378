"""Entries of the event log that the desk makes; each goes to the agent's own topic."""

from uuid import UUID

from ringdesk.features.customers import CustomerSummary
from ringdesk.features.desk.schemas import (
    CallChanged,
    CallClosed,
    CallView,
    CloseReason,
    Cti,
    CtiChanged,
    CustomerClosed,
    CustomerOpened,
    CustomerRemoved,
    CustomersChanged,
    OpenCustomer,
)
from ringdesk.kit.db import UnitOfWork

WRAP_UPS = "wrap_ups"
"""The topic that tells of every wrap-up time that begins."""


def call_changed(uow: UnitOfWork, user_id: UUID, call: CallView) -> None:
    """A call came, or changed; the clock of wrap-up times hears of those that begin."""
    topics = [_desk(user_id), WRAP_UPS] if call.state == "wrap_up" else [_desk(user_id)]
    uow.log_event("call.changed", topics, CallChanged(call))


def call_closed(uow: UnitOfWork, user_id: UUID, activity_id: UUID, interaction_id: UUID, reason: CloseReason) -> None:
    """A call leaves the call bar."""
    uow.log_event("call.closed", [_desk(user_id)], CallClosed(activity_id, interaction_id, reason))


def customer_opened(uow: UnitOfWork, user_id: UUID, opened: OpenCustomer) -> None:
    """A customer stands on the desk now."""
    uow.log_event("desk.customer_opened", [_desk(user_id)], CustomerOpened(opened))


def customer_closed(uow: UnitOfWork, user_id: UUID, customer: CustomerSummary) -> None:
    """A customer went from open to previous."""
    uow.log_event("desk.customer_closed", [_desk(user_id)], CustomerClosed(customer))


def customer_removed(uow: UnitOfWork, user_id: UUID, customer_id: UUID) -> None:
    """A customer is no more, and leaves the desk."""
    uow.log_event("desk.customer_removed", [_desk(user_id)], CustomerRemoved(customer_id))


def customers_changed(uow: UnitOfWork, user_id: UUID, now: CustomersChanged) -> None:
    """The customers on a desk are these now; whoever listens hears the open ones from here on."""
    uow.log_event("desk.customers_changed", [_desk(user_id)], now)


def cti_changed(uow: UnitOfWork, user_id: UUID, cti: Cti) -> None:
    """The agent logged in to or out of CTI."""
    uow.log_event("cti.changed", [_desk(user_id)], CtiChanged(cti))


def _desk(user_id: UUID) -> str:
    return f"desk:{user_id}"
