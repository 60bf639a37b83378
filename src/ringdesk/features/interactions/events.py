"""What interactions publish: facts for other features, and entries of the event log."""

from uuid import UUID

from msgspec import Struct

from ringdesk.features.interactions.schemas import (
    Activity,
    ActivityChanged,
    ActivityRemoved,
    Comment,
    CommentAdded,
    Interaction,
    InteractionChanged,
    WrapUpCode,
    WrapUpCodesChanged,
    WrapUpCodeUsed,
)
from ringdesk.features.people import Actor
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal

LIST = "interactions"
"""The topic of who looks at the list over all customers."""


class Linked(Struct, frozen=True):
    """An interaction now belongs to `customer_id`; before, to `previous_id` (None: to nobody)."""

    interaction: Interaction
    customer_id: UUID
    previous_id: UUID | None


linked: Signal[Linked] = Signal()


class Tagged(Struct, frozen=True):
    """An interaction is now tagged with `interaction.request`, which is set."""

    interaction: Interaction


tagged: Signal[Tagged] = Signal()


class RequestChosen(Struct, frozen=True):
    """Somebody chooses a request (None: no longer any) for an interaction; whoever knows requests says what that means."""

    actor: Actor
    interaction_id: UUID
    request_id: UUID | None
    reason: str


request_chosen: Signal[RequestChosen] = Signal()


class WorkedOn(Struct, frozen=True):
    """Somebody commented, tagged or wrapped up an activity of this interaction."""

    interaction: Interaction


worked_on: Signal[WorkedOn] = Signal()


class LegTold(Struct, frozen=True):
    """Another system told of an agent's leg: how it was (None: not known) and how it is now."""

    interaction: Interaction
    before: Activity | None
    leg: Activity


leg_told: Signal[LegTold] = Signal()


def interaction_changed(uow: UnitOfWork, interaction: Interaction, *, also: UUID | None = None) -> None:
    """Log that an interaction was made or changed; `also` is a second customer concerned (the one it was taken from)."""
    topics = [LIST, f"interaction:{interaction.id}", *_customers(interaction.customer_id, also)]
    uow.log_event("interaction.changed", topics, InteractionChanged(interaction))


def activity_changed(uow: UnitOfWork, activity: Activity, customer_id: UUID | None) -> None:
    """Log that an activity was made or changed."""
    topics = [LIST, f"interaction:{activity.interaction_id}", *_customers(customer_id)]
    uow.log_event("activity.changed", topics, ActivityChanged(activity, customer_id))


def activity_removed(uow: UnitOfWork, activity_id: UUID, interaction_id: UUID, customer_id: UUID | None) -> None:
    """Log that a part turned out not to have been one (a caller whom the telephone system took and handed on at once)."""
    topics = [LIST, f"interaction:{interaction_id}", *_customers(customer_id)]
    uow.log_event("activity.removed", topics, ActivityRemoved(activity_id, interaction_id, customer_id))


def comment_added(uow: UnitOfWork, activity: Activity, customer_id: UUID | None, comment: Comment) -> None:
    """Log a new comment."""
    topics = [f"interaction:{activity.interaction_id}", *_customers(customer_id)]
    uow.log_event("comment.added", topics, CommentAdded(activity.id, activity.interaction_id, customer_id, comment))


def wrap_up_codes_changed(uow: UnitOfWork, codes: list[WrapUpCode]) -> None:
    """Log the codes as they are now; every desk hears it."""
    uow.log_event("wrap_up_codes.changed", ["wrap_up_codes"], WrapUpCodesChanged(codes))


def wrap_up_code_used(uow: UnitOfWork, user_id: UUID, code: str) -> None:
    """Log that a person gave this outcome, to their own desk: it counts their uses of late."""
    uow.log_event("wrap_up_codes.used", [f"desk:{user_id}"], WrapUpCodeUsed(code))


def _customers(*ids: UUID | None) -> list[str]:
    return [f"customer:{customer_id}" for customer_id in dict.fromkeys(ids) if customer_id]
