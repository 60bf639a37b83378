"""Each recorded call, played to the real client over a socket, becomes the history that was written by hand for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ringdesk.connectors.asterisk import adapter
from ringdesk.connectors.asterisk.adapter import AsteriskConnector
from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.features.telephony.facts import LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.port import Unhandled
from tests.support import captures
from tests.support.ami_replay import SENTINEL, Pieces, Replay, pieces_of, single_bytes, whole
from tests.support.call_book import CallBook
from tests.support.eventually import eventually

SIZES = (1, 7, 2, 1460, 3, 90, 1, 1, 4000, 13)


@pytest.fixture(autouse=True)
def no_waiting_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "FIRST_RETRY", 0.01)
    monkeypatch.setattr(adapter, "LONGEST_RETRY", 0.02)


@asynccontextmanager
async def connected(replay: Replay, book: CallBook) -> AsyncIterator[list[str]]:
    """A running connector; yields the names of what it did not handle."""
    unhandled: list[str] = []

    def note(event: Unhandled) -> None:
        unhandled.append(event.name)

    options = AmiOptions(host="127.0.0.1", port=replay.port, username="cc", secret="secret")
    connector = AsteriskConnector(captures.SOURCE, options, on_unhandled=note)
    running = asyncio.create_task(connector.run(book.emit))
    try:
        yield unhandled
    finally:
        await connector.stop()
        await running


async def play(replay: Replay, book: CallBook) -> None:
    """Until the client has worked off the last byte."""
    async with replay, connected(replay, book) as unhandled:
        # Seventy thousand single bytes take their time on a busy machine.
        await eventually(lambda: SENTINEL in unhandled, within=60)


def assert_history(book: CallBook, name: str) -> None:
    (history,) = book.histories()
    interaction, parts = captures.told(history)
    assert (interaction, parts) == captures.expected(name)
    assert not history.gap


@pytest.mark.parametrize("name", captures.NAMES)
class TestPlayedWhole:
    async def test_a_recorded_call_becomes_its_history(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name)), book)
        assert_history(book, name)

    async def test_single_bytes_give_the_same(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name), pieces=single_bytes), book)
        assert_history(book, name)

    async def test_odd_pieces_give_the_same(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name), pieces=pieces_of(SIZES)), book)
        assert_history(book, name)

    async def test_played_twice_in_one_connection_gives_the_same(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name), times=2), book)
        assert_history(book, name)

    async def test_played_again_to_a_new_process_gives_the_same(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name)), book)
        await play(Replay(captures.raw(name)), book)
        assert_history(book, name)

    async def test_it_is_live_while_it_rings_and_nobody_after(self, name: str) -> None:
        book = CallBook()
        await play(Replay(captures.raw(name)), book)
        (history,) = book.histories()
        assert history.state == "ended"
        assert all(part.state == "ended" for part in history.parts)


def cuts_of(name: str) -> list[int]:
    """Places all over the capture, on message ends and inside of lines."""
    size = len(captures.raw(name))
    return [size * sixth // 6 + sixth for sixth in range(1, 6)] + [size // 2 + 1]


@pytest.mark.parametrize("events_after_lists", [False, True], ids=["at_once", "after_lists"])
@pytest.mark.parametrize("pieces", [whole, pieces_of(SIZES)], ids=["whole", "pieces"])
@pytest.mark.parametrize("name", captures.NAMES)
class TestCut:
    async def test_one_cut_and_a_reconnect_give_the_same(self, name: str, pieces: Pieces, events_after_lists: bool) -> None:
        for offset in cuts_of(name):
            book = CallBook()
            replay = Replay(captures.raw(name), pieces=pieces, cuts=[offset], events_after_lists=events_after_lists)
            await play(replay, book)
            assert replay.connections == 2
            assert_history(book, name)

    async def test_many_cuts_give_the_same(self, name: str, pieces: Pieces, events_after_lists: bool) -> None:
        book = CallBook()
        replay = Replay(captures.raw(name), pieces=pieces, cuts=cuts_of(name), events_after_lists=events_after_lists)
        await play(replay, book)
        assert_history(book, name)
        assert len(book.of_kind(LinkLost)) == len(book.of_kind(LinkRestored)) - 1


@pytest.mark.parametrize("name", captures.NAMES)
class TestGoneMeanwhile:
    async def test_a_call_that_ended_unheard_is_closed_once_and_marked(self, name: str) -> None:
        for offset in cuts_of(name):
            book = CallBook()
            replay = Replay(captures.raw(name), cuts=[offset], after_cut="is_gone", events_after_lists=True)
            async with replay, connected(replay, book):
                await eventually(lambda book=book: len(book.of_kind(Resynced)) == 2)
            for history in book.histories():
                assert history.state == "ended"
                assert all(part.state == "ended" for part in history.parts)
                assert history.result is not None
                assert history.gap == (history.ended_at != captures.expected(name)[0]["ended_at"])
