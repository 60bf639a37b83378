"""Every query of choices and moves."""

from datetime import datetime
from uuid import UUID

from ringdesk.features.requests.schemas import ChoiceRecord, MoveRecord
from ringdesk.kit.db import UnitOfWork


async def add_choice(uow: UnitOfWork, choice: ChoiceRecord, interaction_id: UUID, by_id: UUID | None) -> None:
    """Write a choice."""
    await uow.run(
        "insert into request_choice (id, interaction_id, leg_id, request_id, overriding, by_id, by_name, reason, at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            choice.id,
            interaction_id,
            choice.leg_id,
            choice.request_id,
            choice.overriding,
            by_id,
            choice.by_name,
            choice.reason,
            choice.at,
        ],
    )


async def choices_of(uow: UnitOfWork, interaction_id: UUID) -> list[ChoiceRecord]:
    """Every choice for an interaction in the order in which they were made, withdrawn ones too."""
    return await uow.all(
        ChoiceRecord,
        "select id, leg_id, request_id, overriding, by_name, reason, at, withdrawn_at from request_choice"
        " where interaction_id = %s order by id",
        [interaction_id],
    )


async def add_move(uow: UnitOfWork, move: MoveRecord, choice_id: UUID | None, by_id: UUID | None) -> None:
    """Write a move, and the choice that it made."""
    await uow.run(
        "insert into interaction_move (id, interaction_id, from_customer, to_customer, from_request, to_request, choice_id, reason,"
        " by_id, by_name, at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            move.id,
            move.interaction_id,
            move.from_customer,
            move.to_customer,
            move.from_request,
            move.to_request,
            choice_id,
            move.reason,
            by_id,
            move.by_name,
            move.at,
        ],
    )


async def moves_of(uow: UnitOfWork, interaction_id: UUID) -> list[MoveRecord]:
    """Every move of an interaction, the oldest first."""
    return await uow.all(
        MoveRecord,
        "select id, interaction_id, from_customer, to_customer, from_request, to_request, reason, by_name, at, undone_at, undone_by"
        " from interaction_move where interaction_id = %s order by id",
        [interaction_id],
    )


async def withdraw(uow: UnitOfWork, move_id: UUID, by_name: str, at: datetime) -> None:
    """A move was undone, and with it the choice that it made."""
    await uow.run("update interaction_move set undone_at = %s, undone_by = %s where id = %s", [at, by_name, move_id])
    await uow.run(
        "update request_choice set withdrawn_at = %s where id = (select choice_id from interaction_move where id = %s)", [at, move_id]
    )
