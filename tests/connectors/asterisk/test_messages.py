"""Reading and writing the bytes of AMI."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdesk.connectors.asterisk import messages
from ringdesk.connectors.asterisk.messages import Message, MessageParser, ProtocolError, encode_action
from tests.support import captures

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


def read(data: bytes, *, skip: frozenset[str] = frozenset()) -> list[Message]:
    return MessageParser(skip).feed(GREETING + data)[1:]


def shape(found: list[Message]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [(message.kind, message.name, message.pairs) for message in found]


class TestReading:
    def test_the_greeting_gives_the_version(self) -> None:
        (greeting,) = MessageParser().feed(GREETING)
        assert (greeting.kind, greeting.name) == ("greeting", "11.0.0")

    @pytest.mark.parametrize(
        "other", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-OpenSSH", b"\x16\x03\x01", b"Asterisk Call Manager" + b"x" * 999]
    )
    def test_another_protocol_is_refused(self, other: bytes) -> None:
        with pytest.raises(ProtocolError, match="port"):
            MessageParser().feed(other)

    def test_keys_are_found_whatever_their_case(self) -> None:
        (message,) = read(b"Event: Cdr\r\nUniqueID: 1.2\r\n\r\n")
        assert message.get("Uniqueid") == "1.2"
        assert message.get("Missing") == ""

    def test_repeated_keys_are_all_kept(self) -> None:
        (message,) = read(b"Response: Success\r\nOutput: one\r\nOutput: two: three\r\nOutput: \r\n\r\n")
        assert message.all("output") == ["one", "two: three", ""]
        assert message.fields()["Output"] == "one\ntwo: three\n"

    def test_a_bare_newline_stays_in_its_value(self) -> None:
        (message,) = read(b"Event: VarSet\r\nValue: a\nb: c\n\nd\r\nUniqueid: 1\r\n\r\n")
        assert message.get("Value") == "a\nb: c\n\nd"
        assert message.get("Uniqueid") == "1"

    def test_a_line_without_a_key_goes_on_with_the_value_before(self) -> None:
        (message,) = read(b"Response: Follows\r\nPrivilege: Command\r\nno key here\r\n--END COMMAND--\r\n\r\n")
        assert message.get("Privilege") == "Command\nno key here\n--END COMMAND--"

    def test_a_response_inside_an_event_does_not_make_it_one(self) -> None:
        (message,) = read(b"Event: OriginateResponse\r\nActionID: 7\r\nResponse: Failure\r\nReason: 0\r\n\r\n")
        assert (message.kind, message.name, message.get("Response")) == ("event", "OriginateResponse", "Failure")

    def test_bytes_that_are_no_utf8_and_nul_do_no_harm(self) -> None:
        (message,) = read(b"Event: Newchannel\r\nCallerIDName: J\xf6rg\0\r\n\r\n")
        assert message.get("CallerIDName") == "J\ufffdrg"

    def test_skipped_events_are_passed_over(self) -> None:
        found = read(b"Event: VarSet\r\nValue: 1\r\n\r\nEvent: VarSetX\r\n\r\n", skip=frozenset({"VarSet"}))
        assert [message.name for message in found] == ["VarSetX"]

    def test_a_message_without_end_is_dropped_not_kept(self) -> None:
        parser = MessageParser()
        parser.feed(GREETING + b"Event: Huge\r\n")
        for _ in range(40):
            assert parser.feed(b"Value: " + b"x" * 20_000 + b"\r\n") == []
            assert len(parser._buffer) <= messages.MAX_MESSAGE
        (message,) = parser.feed(b"\r\nEvent: After\r\n\r\n")
        assert message.name == "After"
        assert parser.oversized == 1

    @pytest.mark.parametrize("name", captures.NAMES)
    def test_single_bytes_give_the_same_messages(self, name: str) -> None:
        data, parser = captures.raw(name), MessageParser()
        assert shape([m for i in range(len(data)) for m in parser.feed(data[i : i + 1])]) == shape(MessageParser().feed(data))

    @given(st.data())
    def test_any_pieces_give_the_same_messages(self, data: st.DataObject) -> None:
        raw, parser = captures.raw("06_direct_dial_busy"), MessageParser()
        cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=40)))
        pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
        assert shape([message for piece in pieces for message in parser.feed(piece)]) == shape(MessageParser().feed(raw))

    @given(st.binary(max_size=300))
    def test_noise_after_the_greeting_never_fails(self, noise: bytes) -> None:
        read(noise + b"\r\n\r\n")


class TestWriting:
    def test_an_action_bears_its_id(self) -> None:
        data = encode_action("QueuePause", "r-1", [("Variable", "a=1"), ("Variable", "b=2")])
        assert data == b"Action: QueuePause\r\nActionID: r-1\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n"

    @pytest.mark.parametrize("value", ["a\r\nAction: Originate", "a\nb", "a\0"])
    def test_a_line_end_cannot_smuggle_in_a_header(self, value: str) -> None:
        with pytest.raises(ValueError, match="line end"):
            encode_action("Setvar", "r-1", [("Value", value)])
