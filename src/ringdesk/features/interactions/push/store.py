"""Every query of pushed interactions."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from ringdesk.features.interactions.push.rules import Agent
from ringdesk.kit.db import UnitOfWork


async def hold(uow: UnitOfWork, source: str, external_id: str) -> None:
    """Let nobody else store the same interaction until the commit."""
    await uow.send("select pg_advisory_xact_lock(hashtextextended(%s, 7208))", [f"{source}\n{external_id}"])


async def rows_of(uow: UnitOfWork, source: str, external_id: str) -> dict[str, UUID]:
    """The rows that were stored for a pushed interaction: its own by "", those of its activities by their external ids."""
    cursor = await uow.conn.execute(
        "select seq, row_id from fact_key where source = %s and external_id = %s", [_named(source), external_id]
    )
    return dict(await cursor.fetchall())


async def note_rows(uow: UnitOfWork, source: str, external_id: str, rows: Mapping[str, UUID]) -> None:
    """Remember which rows a pushed interaction became."""
    await uow.run(
        "insert into fact_key (source, external_id, seq, row_id)"
        " select %s, %s, n.seq, n.row_id from unnest(%s::text[], %s::uuid[]) as n(seq, row_id) on conflict do nothing",
        [_named(source), external_id, list(rows), list(rows.values())],
    )


async def set_text(uow: UnitOfWork, activity_id: UUID, text: str | None) -> None:
    """A message was told with other words."""
    await uow.send("update activity set text = %s where id = %s", [text, activity_id])


async def join(uow: UnitOfWork, interaction_id: UUID) -> None:
    """An activity that stood alone does no more."""
    await uow.run("update interaction set standalone = false where id = %s", [interaction_id])


class _AgentRow(Struct):
    email: str
    id: UUID
    name: str
    team_name: str | None
    extension: str | None


async def agents_by_email(uow: UnitOfWork, emails: Sequence[str]) -> dict[str, Agent]:
    """The people with these addresses, by the address in small letters; those who left, too: history names them."""
    rows = await uow.all(
        _AgentRow,
        "select lower(u.email) as email, u.id, u.name, t.name as team_name, u.extension from app_user u"
        " left join team t on t.id = u.team_id where lower(u.email) = any(%s)",
        [list(emails)],
    )
    return {row.email: Agent(row.id, row.name, row.team_name, row.extension) for row in rows}


def _named(source: str) -> str:
    # Telephone systems have sources of the same kind of name.
    return f"push:{source}"
