"""Whatever a file holds, and however its duplicates are dealt with: no row is lost, the check is right, and undo leaves nothing behind."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from ringdesk.features.customers.imports import batches, engine, service
from ringdesk.features.customers.imports.errors import BadMapping, UnusableFile
from ringdesk.features.customers.imports.schemas import ImportChoices
from ringdesk.kit.problems import Problem
from tests.features.customers.imports.conftest import ADA, Base

pytestmark = pytest.mark.once

HEADER = "Name,Phone,Mobile,E-mail,City,ID\n"
KNOWN = HEADER + "Åsa,4001,4002,asa@example.com,Umeå,A\nEva,4003,,eva@example.com,,B\nErik,4003,,,Luleå,\n"
# Few values, so that rows meet one another and the base.
VALUES = ["", "", "4001", "4003", "4005", "4006", "4.42E+11", "asa@example.com", "new@example.com", "A", "B", "N", "Åsa", '"', "\n"]
cells = st.sampled_from(VALUES)
rows = st.lists(st.lists(cells, min_size=4, max_size=7), max_size=12)
# All that a customer is, without what every write moves on.
_STATE = sql.SQL("""
    select jsonb_agg(to_jsonb(c) - 'version' - 'updated_at' || jsonb_build_object('identities',
        (select jsonb_agg(jsonb_build_array(i.kind, i.raw, i.normalised, i.confidence, i.position) order by i.kind, i.position)
         from customer_identity i where i.customer_id = c.id)) order by c.number)
    from customer c""")


async def state(base: Base) -> Any:
    return await base.value(_STATE)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=rows,
    key=st.sampled_from([None, "phone", "email", "external_id"]),
    action=st.sampled_from(["ignore", "update", "replace", "fill"]),
    size=st.sampled_from([1, 3, 100]),
)
async def test_rows_in_are_rows_out_and_an_undo_leaves_nothing_behind(
    base: Base, table: list[list[str]], key: str | None, action: str, size: int
) -> None:
    async with base.db.transaction() as uow:
        await uow.run("delete from customer")
    first = await base.bring(KNOWN)
    assert first.created == 3
    before = await state(base)
    text = HEADER + "\n".join(",".join(row) for row in table) + "\n"
    choices: dict[str, Any] = {"key": key, "on_duplicate": action} if key else {}
    was = batches.FIRST_BATCH_ROWS, batches.BATCH_ROWS
    batches.FIRST_BATCH_ROWS = batches.BATCH_ROWS = size
    try:
        row = await base.bring(text, **choices)
    except (UnusableFile, BadMapping):
        return
    finally:
        batches.FIRST_BATCH_ROWS, batches.BATCH_ROWS = was
    assert row.read == row.created + row.updated + row.ignored + row.refused
    assert await base.value("select count(*) from customer") == 3 + row.created
    assert await base.value("select count(*) from customer_identity i group by customer_id, kind, normalised having count(*) > 1") is None
    if row.created + row.updated:
        undone = await base.undo(row)
        assert undone.undo
        assert (undone.undo.removed, undone.undo.kept) == (row.created, 0)
    assert await state(base) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=rows, key=st.sampled_from([None, "phone", "email", "external_id"]))
async def test_a_check_foretells_the_run_of_a_file_that_changes_nobody(base: Base, table: list[list[str]], key: str | None) -> None:
    async with base.db.transaction() as uow:
        await uow.run("delete from customer")
    await base.bring(KNOWN)
    path = base.file(HEADER + "\n".join(",".join(row) for row in table) + "\n")
    try:
        begun = await service.register_file(base.db, base.settings, path, user_name="Ada", key=key)
    except Problem:
        return
    async with base.db.transaction() as uow:
        await uow.run("update import set state = 'uploaded' where id = %s", [begun.id])
    await service.check_rows(base.db, base.settings, ADA, begun.id, None)
    checked = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert checked
    assert checked.check
    await service.start(base.db, base.settings, ADA, begun.id, ImportChoices())
    done = await engine.run(base.db, base.settings.data_dir, begun.id)
    assert done
    names = ("read", "created", "updated", "ignored", "refused")
    assert [getattr(checked.check, name) for name in names] == [getattr(done, name) for name in names]
