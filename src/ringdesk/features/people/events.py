"""What people publish inside their transactions."""

from typing import Any
from uuid import UUID

import msgspec

from ringdesk.features.people.models import Actor
from ringdesk.features.people.rights import Part
from ringdesk.features.people.schemas import Account, AccountChanged, PreferenceChanged, Team, TeamsChanged, UserChanged
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something about an account or a key has changed. `before` and `after` hold no secret."""

    actor: Actor | None
    action: str
    entity: str
    entity_id: UUID | None
    before: Any = None
    after: Any = None


class SignedOut(msgspec.Struct, frozen=True):
    """A person no longer sits at a desk: they signed out, or an administrator ended their sessions or took their telephone."""

    user_id: UUID


class TeamRemoving(msgspec.Struct, frozen=True):
    """A team is about to be taken away. Whoever holds on to it lets go, or raises TeamInUse."""

    actor: Actor | None
    team_id: UUID


changed: Signal[Change] = Signal()
signed_out: Signal[SignedOut] = Signal()
team_removing: Signal[TeamRemoving] = Signal()


def teams_changed(uow: UnitOfWork, teams: list[Team]) -> None:
    """Log the teams as they are now; every desk hears it."""
    uow.log_event("teams.changed", ["teams"], TeamsChanged(teams))


def parts_changed(uow: UnitOfWork, topic: str) -> None:
    """Log that whoever hears this topic works with other parts of the desktop: their streams begin anew, with what they may hear now."""
    uow.log_event("desk.parts_changed", [topic], {})


def parts_topic(team_id: UUID) -> str:
    """The topic that tells of the switches of a team."""
    return f"parts:{team_id}"


def account_changed(uow: UnitOfWork, account: Account, switched_off: list[Part]) -> None:
    """Log an account that was made or changed, to administrators, and who the person is now, to their own desk."""
    uow.log_event("account.changed", ["accounts"], AccountChanged(account))
    payload = UserChanged(
        name=account.name,
        extension=account.extension,
        cti_enabled=account.cti_enabled,
        team=account.team,
        language=account.language,
        switched_off=switched_off,
    )
    uow.log_event("desk.user_changed", [f"desk:{account.id}"], payload)


def preference_changed(uow: UnitOfWork, user_id: UUID, key: str, value: Any) -> None:
    """Log what a person's desktop remembers, to their other tabs and machines."""
    uow.log_event("desk.preference_changed", [f"desk:{user_id}"], PreferenceChanged(key, value))
