"""Each recorded call, played to the real client over a socket, stands in the database as the history written by hand for it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from ringdesk.connectors.asterisk import adapter
from ringdesk.connectors.asterisk.adapter import AsteriskConnector
from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.features.interactions import Interaction
from ringdesk.features.interactions.schemas import Activity
from ringdesk.features.interactions.service import read
from ringdesk.features.telephony import Telephony
from ringdesk.features.telephony.facts import Fact
from ringdesk.kit import phones
from ringdesk.kit.db import Database
from tests.support import captures
from tests.support.ami_replay import SENTINEL, Replay, pieces_of, single_bytes, whole
from tests.support.eventually import eventually

# An emulated SIP trunk of the recordings shows numbers without a country code.
REGION = "US"


@pytest.fixture(autouse=True)
def no_waiting_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "FIRST_RETRY", 0.01)


async def play(db: Database, replay: Replay) -> None:
    """Until the last fact of the capture is stored."""
    telephony = Telephony(db, region=REGION)
    unhandled: list[str] = []
    storing = asyncio.Lock()

    async def emit(facts: Sequence[Fact]) -> None:
        async with storing:
            await telephony.take(facts)

    async with replay:
        options = AmiOptions(host="127.0.0.1", port=replay.port, username="cc", secret="secret")
        connector = AsteriskConnector(captures.SOURCE, options, on_unhandled=lambda event: unhandled.append(event.name))
        running = asyncio.create_task(connector.run(emit))
        # A hundred thousand single bytes take their time on a busy machine.
        await eventually(lambda: SENTINEL in unhandled and not storing.locked(), within=60)
        await connector.stop()
        await running


async def stored(db: Database) -> Interaction:
    """The one interaction of the database."""
    async with db.transaction() as uow:
        [interaction_id] = await uow.values("select id from interaction")
    return await read(db, interaction_id)


def told(found: Interaction) -> tuple[captures.Values, list[captures.Values]]:
    """A stored interaction in the shape of the expected histories."""
    keys = ("external_id", "direction", "dnis", "caller_name", "queue", "started_at", "answered_at", "ended_at", "type", "state", "result")
    assert isinstance(found.activities, list)
    interaction: captures.Values = {key: getattr(found, key) for key in keys}
    interaction |= {"ani": found.ani, "duration": _seconds(found.duration_s)}
    return interaction, [_told_leg(leg) for leg in found.activities]


def _told_leg(leg: Activity) -> captures.Values:
    keys = ("kind", "extension", "call_type", "started_at", "answered_at", "ended_at", "outcome")
    return {**{key: getattr(leg, key) for key in keys}, "duration": _seconds(leg.duration_s)}


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(microseconds=round(value * 1_000_000))


def expected(name: str) -> tuple[captures.Values, list[captures.Values]]:
    """What was written by hand; the number as it is stored, in E.164."""
    interaction, legs = captures.expected(name)
    return interaction | {"ani": phones.normalise(str(interaction["ani"]), REGION).normalised}, legs


@pytest.mark.parametrize("name", captures.NAMES)
class TestStored:
    async def test_a_recorded_call_stands_as_it_was(self, db: Database, name: str) -> None:
        await play(db, Replay(captures.raw(name), pieces=whole))

        assert told(await stored(db)) == expected(name)

    async def test_single_bytes_twice_over_change_nothing(self, db: Database, name: str) -> None:
        await play(db, Replay(captures.raw(name), pieces=single_bytes, times=2))

        assert told(await stored(db)) == expected(name)

    async def test_played_again_to_a_new_process_nothing_changes(self, db: Database, name: str) -> None:
        await play(db, Replay(captures.raw(name)))
        before = await stored(db)
        async with db.transaction() as uow:
            events = await uow.value("select count(*) from event_log")

        await play(db, Replay(captures.raw(name)))

        assert await stored(db) == before
        async with db.transaction() as uow:
            assert await uow.value("select count(*) from event_log") == events

    async def test_cut_in_the_middle_and_reconnected_it_is_the_same(self, db: Database, name: str) -> None:
        capture = captures.raw(name)

        await play(db, Replay(capture, pieces=pieces_of((997,)), cuts=[len(capture) // 2]))

        assert told(await stored(db)) == expected(name)
