"""One link to a manager interface: what it promises to those who use it."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ringdesk.connectors.asterisk import ami
from ringdesk.connectors.asterisk.ami import ActionRefused, AmiLink, LinkBroken, LoginRefused
from ringdesk.connectors.asterisk.messages import ProtocolError
from ringdesk.kit.clock import now
from tests.support.eventually import eventually
from tests.support.fake_ami import FakeAmi, block, listing, nothing, refusal


@pytest_asyncio.fixture
async def pbx() -> AsyncIterator[FakeAmi]:
    async with FakeAmi() as fake:
        yield fake


@pytest_asyncio.fixture
async def link(pbx: FakeAmi) -> AsyncIterator[AmiLink]:
    opened = await AmiLink.open(pbx.options)
    yield opened
    await opened.close()


class TestSignIn:
    async def test_the_secret_is_sent_plainly_by_default(self, pbx: FakeAmi, link: AmiLink) -> None:
        await link.login(pbx.options, events="call,agent")
        (login,) = pbx.actions
        assert (login.get("Username"), login.get("Secret"), login.get("Events")) == ("cc", "secret", "call,agent")

    async def test_with_a_challenge_it_is_never_sent(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["Challenge"] = lambda action: block(("Response", "Success"), ("ActionID", action.get("ActionID")), ("Challenge", "840"))
        options = ami.AmiOptions(host="127.0.0.1", port=pbx.port, username="cc", secret="secret", auth="md5")
        await link.login(options, events="call")
        assert pbx.actions[1].get("Key") == hashlib.md5(b"840secret", usedforsecurity=False).hexdigest()
        assert "secret" not in str(pbx.actions)

    async def test_a_wrong_password_is_told_as_such(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["Login"] = refusal("Authentication failed")
        with pytest.raises(LoginRefused, match="Authentication failed"):
            await link.login(pbx.options, events="call")

    async def test_an_open_port_is_not_yet_a_running_system(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.uptime = None
        await link.login(pbx.options, events="call")
        with pytest.raises(TimeoutError):
            await link.booted(0.05)
        pbx.say(("Event", "FullyBooted"), ("Uptime", "1"))
        assert (await link.booted(5)).get("Uptime") == "1"

    async def test_no_secret_shows_in_the_options(self, pbx: FakeAmi) -> None:
        assert "secret=" not in repr(pbx.options)

    async def test_something_else_on_the_port_is_told(self) -> None:
        async def other(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(other, "127.0.0.1", 0)
        async with server:
            options = ami.AmiOptions(host="127.0.0.1", port=server.sockets[0].getsockname()[1], username="cc", secret="x")
            with pytest.raises((LinkBroken, ProtocolError), match="port"):
                await AmiLink.open(options)


class TestTls:
    """A PBX mostly has a certificate of its own making, which the settings name."""

    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx")])
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now() - timedelta(days=1))
            .not_valid_after(now() + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(key, hashes.SHA256())
        )
        pem = tmp_path / "pbx.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem.write_bytes(private + made.public_bytes(Encoding.PEM))
        return pem

    @pytest_asyncio.fixture
    async def secure(self, certificate: Path) -> AsyncIterator[FakeAmi]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        async with FakeAmi(tls=context) as fake:
            yield fake

    async def test_a_named_certificate_is_trusted(self, secure: FakeAmi, certificate: Path) -> None:
        options = replace(secure.options, tls=True, ca_file=str(certificate))
        link = await AmiLink.open(options)
        await link.login(options, events="call")
        await link.close()

    async def test_an_unknown_certificate_is_refused(self, secure: FakeAmi) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            await AmiLink.open(replace(secure.options, tls=True))

    async def test_unless_the_settings_say_not_to_look(self, secure: FakeAmi) -> None:
        link = await AmiLink.open(replace(secure.options, tls=True, verify=False))
        await link.close()


class TestActions:
    async def test_answers_find_their_action_in_any_order(self, pbx: FakeAmi, link: AmiLink) -> None:
        held: list[str] = []

        def hold(action: ami.Message) -> bytes:
            held.append(action.get("ActionID"))
            return b""

        pbx.answers["Getvar"] = hold
        first = asyncio.create_task(link.action("Getvar", [("Variable", "A")]))
        second = asyncio.create_task(link.action("Getvar", [("Variable", "B")]))
        await eventually(lambda: len(held) == 2)
        pbx.say(("Response", "Success"), ("ActionID", held[1]), ("Value", "b"))
        pbx.say(("Response", "Success"), ("ActionID", held[0]), ("Value", "a"))
        assert [(await first).get("Value"), (await second).get("Value")] == ["a", "b"]

    async def test_a_refusal_says_why(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["Hangup"] = refusal("No such channel")
        with pytest.raises(ActionRefused, match="No such channel"):
            await link.action("Hangup", [("Channel", "PJSIP/none-1")])

    async def test_a_list_is_collected_by_its_id(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["CoreShowChannels"] = listing(
            (("Event", "CoreShowChannel"), ("Uniqueid", "1.1")), (("Event", "CoreShowChannel"), ("Uniqueid", "1.2"))
        )
        pbx.say(("Event", "Newchannel"), ("Uniqueid", "1.3"))
        items = await link.listing("CoreShowChannels")
        assert [item.get("Uniqueid") for item in items] == ["1.1", "1.2"]
        assert [item.message.name for item in await link.batch()] == ["Newchannel"]

    async def test_an_empty_list_may_be_answered_by_an_error(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["ConfbridgeListRooms"] = refusal("No active conferences.")
        assert await link.listing("ConfbridgeListRooms") == []

    async def test_a_refused_list_is_not_an_empty_one(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["Status"] = refusal("Permission denied")
        with pytest.raises(ActionRefused):
            await link.listing("Status")

    async def test_an_originate_response_is_an_event_although_it_bears_the_id(self, pbx: FakeAmi, link: AmiLink) -> None:
        answer = await link.action("Originate", [("Async", "true")])
        pbx.say(("Event", "OriginateResponse"), ("ActionID", answer.get("ActionID")), ("Response", "Failure"))
        assert [item.message.name for item in await link.batch()] == ["OriginateResponse"]

    async def test_no_answer_is_an_error_in_time(self, pbx: FakeAmi, link: AmiLink, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ami, "ANSWER_TIMEOUT", 0.05)
        pbx.answers["Originate"] = nothing
        with pytest.raises(TimeoutError, match="did not answer Originate"):
            await link.action("Originate")


class TestTheEnd:
    async def test_an_action_under_way_fails_and_says_that_nobody_knows(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.answers["Originate"] = nothing
        asked = asyncio.create_task(link.action("Originate", [("Channel", "PJSIP/agent1")]))
        await eventually(lambda: pbx.asked("Originate") == 1)
        pbx.hang_up()
        with pytest.raises(LinkBroken, match="Originate is unknown"):
            await asked

    async def test_nothing_more_is_sent_on_a_broken_link(self, pbx: FakeAmi, link: AmiLink) -> None:
        pbx.hang_up()
        with pytest.raises(LinkBroken):
            await link.batch()
        with pytest.raises(LinkBroken):
            await link.action("Originate")

    async def test_what_came_before_the_end_is_still_handed_over(self, pbx: FakeAmi, link: AmiLink) -> None:
        await link.action("Ping")
        pbx.say(("Event", "Hangup"), ("Uniqueid", "1.1"))
        pbx.hang_up()
        with pytest.raises(LinkBroken):
            await link.action("Ping")
        assert [item.message.name for item in await link.batch()] == ["Hangup"]
        with pytest.raises(LinkBroken):
            await link.batch()

    async def test_a_silent_link_is_tried_and_given_up(self, pbx: FakeAmi, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ami, "QUIET_BEFORE_PING", 0.02)
        monkeypatch.setattr(ami, "ANSWER_TIMEOUT", 0.05)
        link = await AmiLink.open(pbx.options)
        await eventually(lambda: pbx.asked("Ping") >= 2)
        pbx.answers["Ping"] = nothing
        with pytest.raises(LinkBroken, match="no longer answers"):
            await link.batch()
        await link.close()

    async def test_a_full_queue_breaks_the_link_and_keeps_what_was_queued(self, pbx: FakeAmi) -> None:
        link = await AmiLink.open(pbx.options, queue_size=3)
        await link.action("Ping")
        for number in range(10):
            pbx.say(("Event", "Newchannel"), ("Uniqueid", f"1.{number}"))
        with pytest.raises(LinkBroken, match="more than 3 events"):
            await eventually(lambda: link.action("Ping"))
        assert [item.message.get("Uniqueid") for item in await link.batch()] == ["1.0", "1.1", "1.2"]
        await link.close()
