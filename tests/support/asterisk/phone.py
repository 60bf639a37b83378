"""A SIP phone for tests: it registers, rings until it is told what to do, and transfers.

::

    async with Phone(pbx, "1001") as phone:
        call = await phone.ringing()
        call.answer()
        await call.blind_transfer("1002")
        await call.ended()
"""

from __future__ import annotations

import asyncio
import time
from typing import Final, Self
from urllib.parse import quote

from tests.support.asterisk.server import Asterisk
from tests.support.asterisk.sip import (
    Session,
    SipMessage,
    display_name_of,
    new_token,
    tag_of,
    uri_of,
    user_of,
)
from tests.support.asterisk.transport import SipTransport

# A call reaches a phone within milliseconds; the rest covers prompts and a loaded machine.
WAIT_S: Final = 20.0
_REGISTRATION_S: Final = 600


class CallRefused(RuntimeError):
    """The PBX refused what the phone asked for; the message holds its answer."""


class PhoneCall:
    """One dialog of a phone. All times are seconds since the epoch, None until they happen."""

    def __init__(self, pbx: Asterisk, transport: SipTransport, invite: SipMessage | None = None) -> None:
        self.began_at = time.time()
        self.rang_at: float | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.caller_number = user_of(invite["from"]) if invite else ""
        self.caller_name = display_name_of(invite["from"]) if invite else ""
        self.notified: list[str] = []
        """The status lines that a transfer reported, e.g. ``SIP/2.0 200 OK``."""
        self._pbx = pbx
        self._transport = transport
        self._invite = invite
        self._session = Session(transport.port)
        self._tag = new_token()
        self._sequence = 100
        self._confirmed = asyncio.Event()
        self._over = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None
        self.call_id = invite["call-id"] if invite else new_token()
        self._local = f"{invite['to']};tag={self._tag}" if invite else ""
        self._remote = invite["from"] if invite else ""
        self._target = uri_of(invite["contact"]) if invite else ""

    def ring(self) -> None:
        self.rang_at = time.time()
        self._pbx.rings.append((self._transport.user, self.rang_at))
        self._transport.reply(self._offer, "180 Ringing", tag=self._tag)

    def answer(self) -> None:
        """Pick up: 200 OK leaves at ``answered_at``."""
        self.answered_at = time.time()
        self._transport.reply(self._offer, "200 OK", tag=self._tag, description=self._session.describe())

    def pick_up_if_ringing(self) -> None:
        """Answer, unless the call was answered, refused or given up meanwhile."""
        if self.answered_at is None and not self._over.is_set():
            self.answer()

    def reject(self, status: str = "486 Busy Here") -> None:
        self._transport.reply(self._offer, status, tag=self._tag)
        self._finish()

    async def hang_up(self) -> None:
        await self._confirmed.wait()
        self._finish()
        await self._in_dialog("BYE")

    async def hold(self) -> None:
        await self._renegotiate("sendonly")

    async def resume(self) -> None:
        await self._renegotiate("sendrecv")

    async def blind_transfer(self, extension: str) -> None:
        """REFER the other side to an extension. The phone hangs up when the PBX says how that went.

        Raises:
            CallRefused: the PBX answered anything but 202.
        """
        await self._refer(f"<sip:{extension}@127.0.0.1:{self._transport.server[1]}>")

    async def attended_transfer(self, consultation: PhoneCall) -> None:
        """REFER the other side of this call into ``consultation`` (RFC 3891, Replaces); then hang up both."""
        replaced = f"{consultation.call_id};to-tag={tag_of(consultation._remote)};from-tag={tag_of(consultation._local)}"
        target = uri_of(consultation._remote)
        await self._refer(f"<{target}?Replaces={quote(replaced, safe='')}>")

    async def talking(self) -> None:
        """Wait until the PBX has joined this phone with the other side.

        It acknowledges an answer some milliseconds before; a transfer in between would lose the caller.
        """
        channel = f"PJSIP/{self._transport.user}-"
        joined = await self._pbx.watch.event(
            "BridgeEnter", where=lambda e: e["Channel"].startswith(channel) and float(e["Timestamp"]) > self.began_at
        )
        await self._pbx.watch.event(
            "BridgeEnter", where=lambda e: e["BridgeUniqueid"] == joined["BridgeUniqueid"] and e["BridgeNumChannels"] == "2"
        )

    async def ended(self) -> None:
        """Wait until either side hung up, or the PBX stopped ringing this phone."""
        async with asyncio.timeout(WAIT_S):
            await self._over.wait()

    def handle(self, request: SipMessage) -> None:
        """Take a request of this dialog."""
        match request.method:
            case "ACK":
                self._confirmed.set()
            case "CANCEL":
                self._transport.reply(request, "200 OK", tag=self._tag)
                self._transport.reply(self._offer, "487 Request Terminated", tag=self._tag)
                self._finish()
            case "BYE":
                self._transport.reply(request, "200 OK")
                self._finish()
            case "NOTIFY":
                self._transport.reply(request, "200 OK")
                self.notified.append(request.body.strip())
                if not request.body.startswith("SIP/2.0 1") and not self._over.is_set():
                    # As phones do: the PBX keeps the old call up until the one who transferred leaves it.
                    self._leaving = asyncio.create_task(self.hang_up())
            case "INVITE":
                self._transport.reply(request, "200 OK", description=self._session.describe())
            case _:
                self._transport.reply(request, "200 OK")

    async def dial(self, extension: str) -> None:
        """Call an extension and return once it answered.

        Raises:
            CallRefused: it was busy, did not exist or was not answered.
        """
        uri = f"sip:{extension}@127.0.0.1:{self._transport.server[1]}"
        self._local = f"<sip:{self._transport.user}@127.0.0.1>;tag={self._tag}"
        self._remote = f"<{uri}>"
        self._target = uri
        response = await self._in_dialog("INVITE", [("content-type", "application/sdp")], self._session.describe())
        if response.status >= 300:
            raise CallRefused(response.start)
        self._remote = response["to"]
        self._target = uri_of(response["contact"])
        self.answered_at = time.time()
        self._acknowledge(response)

    @property
    def _offer(self) -> SipMessage:
        assert self._invite is not None, "only a call that came in can be answered"
        return self._invite

    async def _refer(self, target: str) -> None:
        await self._confirmed.wait()
        response = await self._in_dialog(
            "REFER",
            [("refer-to", target), ("referred-by", f"<sip:{self._transport.user}@127.0.0.1>")],
        )
        if response.status != 202:
            raise CallRefused(response.start)

    async def _renegotiate(self, direction: str) -> None:
        await self._confirmed.wait()
        response = await self._in_dialog("INVITE", [("content-type", "application/sdp")], self._session.describe(direction))
        if response.status != 200:
            raise CallRefused(response.start)
        self._acknowledge(response)

    def _acknowledge(self, response: SipMessage) -> None:
        invite = SipMessage(
            f"INVITE {self._target} SIP/2.0",
            [("from", self._local), ("call-id", self.call_id)],
        )
        self._transport.acknowledge(invite, response, self._target)
        self._confirmed.set()

    async def _in_dialog(self, method: str, headers: list[tuple[str, str]] | None = None, body: str = "") -> SipMessage:
        response = await self._transport.request(
            method,
            self._target,
            sender=self._local,
            to=self._remote,
            call_id=self.call_id,
            sequence=self._sequence + 1,
            headers=headers,
            body=body,
        )
        self._sequence = response.sequence
        return response

    def _finish(self) -> None:
        if self.ended_at is None:
            self.ended_at = time.time()
        self._over.set()


class Phone:
    """An agent's phone, registered at a PBX while the ``async with`` block runs."""

    def __init__(self, pbx: Asterisk, user: str, *, answer_after_s: float | None = None) -> None:
        """`answer_after_s`: picks up by itself after so many seconds of ringing; None: when the test says so."""
        self.user = user
        self._answer_after_s = answer_after_s
        self._pbx = pbx
        self.calls: dict[str, PhoneCall] = {}
        self._incoming: asyncio.Queue[PhoneCall] = asyncio.Queue()
        self._registrations = 0
        self._registration_id = new_token()
        self._transport = SipTransport(user=user, secret=pbx.layout.agent_secret, server_port=pbx.layout.sip_port)
        self._transport.on_request = self._take

    async def __aenter__(self) -> Self:
        await self._transport.open()
        await self.register()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pbx.running:
            # Else the PBX goes on ringing a phone that is gone.
            await self.register(expires_s=0)
        self._transport.close()

    async def register(self, expires_s: int = _REGISTRATION_S) -> None:
        """Tell the PBX where this phone is; 0 seconds takes it away again.

        Raises:
            CallRefused: the PBX does not accept the phone.
        """
        address = f"<sip:{self.user}@127.0.0.1>"
        self._registrations += 2
        response = await self._transport.request(
            "REGISTER",
            self._transport.server_uri,
            sender=f"{address};tag={new_token()}",
            to=address,
            call_id=self._registration_id,
            sequence=self._registrations,
            headers=[("expires", str(expires_s))],
        )
        if response.status != 200:
            raise CallRefused(response.start)

    async def ringing(self) -> PhoneCall:
        """Wait for the next call that rings here."""
        async with asyncio.timeout(WAIT_S):
            return await self._incoming.get()

    async def call(self, extension: str) -> PhoneCall:
        """Call an extension and wait until it answered."""
        call = PhoneCall(self._pbx, self._transport)
        self.calls[call.call_id] = call
        await call.dial(extension)
        return call

    def _take(self, request: SipMessage) -> None:
        known = self.calls.get(request["call-id"])
        if known is not None:
            known.handle(request)
        elif request.method == "INVITE":
            call = self.calls[request["call-id"]] = PhoneCall(self._pbx, self._transport, request)
            call.ring()
            self._incoming.put_nowait(call)
            if self._answer_after_s is not None:
                asyncio.get_running_loop().call_later(self._answer_after_s, call.pick_up_if_ringing)
        elif request.method != "ACK":
            self._transport.reply(request, "200 OK")
