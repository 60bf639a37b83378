"""The wire side of a SIP phone: one UDP socket, requests with retransmission and sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from tests.support.asterisk.sip import SipMessage, digest, new_branch, new_token, parse

# RFC 3261 timers T1 and F: repeat an unanswered request after 0.5 s, give up after 64 times that.
_REPEAT_S: Final = 0.5
_GIVE_UP_S: Final = 32.0

RequestHandler = Callable[[SipMessage], None]


class SipTransport(asyncio.DatagramProtocol):
    """Sends and receives SIP over UDP between one phone and the PBX."""

    def __init__(self, *, user: str, secret: str, server_port: int) -> None:
        self.user = user
        self.server = ("127.0.0.1", server_port)
        self.port = 0
        self.on_request: RequestHandler = lambda _: None
        self._secret = secret
        self._socket: asyncio.DatagramTransport | None = None
        self._responses: dict[tuple[str, int, str], asyncio.Queue[SipMessage]] = {}
        self._sent: dict[tuple[str, str], bytes] = {}

    async def open(self) -> None:
        """Bind a free port of the system's choice."""
        self._socket, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self._socket.get_extra_info("sockname")[1]

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    @property
    def contact(self) -> str:
        return f"<sip:{self.user}@127.0.0.1:{self.port}>"

    @property
    def server_uri(self) -> str:
        return f"sip:127.0.0.1:{self.server[1]}"

    def send(self, message: SipMessage) -> None:
        assert self._socket is not None, "the phone is switched off"
        self._socket.sendto(message.encode(), self.server)

    def reply(
        self,
        request: SipMessage,
        status: str,
        *,
        tag: str = "",
        description: str | None = None,
    ) -> None:
        """Answer a request; a repetition of the same request gets the same answer again."""
        headers = [("via", via) for via in request.all("via")]
        headers += [("record-route", route) for route in request.all("record-route")]
        to = request["to"]
        if tag and ";tag=" not in to:
            to += f";tag={tag}"
        headers += [
            ("from", request["from"]),
            ("to", to),
            ("call-id", request["call-id"]),
            ("cseq", request["cseq"]),
            ("contact", self.contact),
            ("allow", "INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, OPTIONS"),
            ("supported", "replaces"),
        ]
        if description is not None:
            headers.append(("content-type", "application/sdp"))
        answer = SipMessage(f"SIP/2.0 {status}", headers, description or "")
        assert self._socket is not None, "the phone is switched off"
        self._sent[_transaction(request)] = answer.encode()
        self.send(answer)

    async def request(
        self,
        method: str,
        uri: str,
        *,
        sender: str,
        to: str,
        call_id: str,
        sequence: int,
        headers: list[tuple[str, str]] | None = None,
        body: str = "",
    ) -> SipMessage:
        """Send a request, signing in if asked to, and return its final response.

        The response's CSeq tells which number was used last (signing in takes a second one).

        Raises:
            TimeoutError: nobody answered.
        """
        extra = headers or []
        signed_in = False
        while True:
            message = SipMessage(
                f"{method} {uri} SIP/2.0",
                [
                    ("via", f"SIP/2.0/UDP 127.0.0.1:{self.port};branch={new_branch()};rport"),
                    ("max-forwards", "70"),
                    ("from", sender),
                    ("to", to),
                    ("call-id", call_id),
                    ("cseq", f"{sequence} {method}"),
                    ("contact", self.contact),
                    ("supported", "replaces"),
                    *extra,
                ],
                body,
            )
            response = await self._final_response(message)
            if method == "INVITE" and response.status >= 300:
                self.acknowledge(message, response)
            if response.status != 401 or signed_in:
                return response
            signed_in = True
            proof = digest(
                response["www-authenticate"],
                user=self.user,
                secret=self._secret,
                method=method,
                uri=uri,
                client_nonce=new_token(),
            )
            extra = [*extra, ("authorization", proof)]
            sequence += 1

    def acknowledge(self, invite: SipMessage, response: SipMessage, uri: str | None = None) -> None:
        """ACK: with the INVITE's own branch for a refusal, on its own for a 2xx (RFC 3261 13.2)."""
        branch = invite["via"] if response.status >= 300 else self._new_via()
        self.send(
            SipMessage(
                f"ACK {uri or invite.start.split()[1]} SIP/2.0",
                [
                    ("via", branch),
                    ("max-forwards", "70"),
                    ("from", invite["from"]),
                    ("to", response["to"]),
                    ("call-id", invite["call-id"]),
                    ("cseq", f"{response.sequence} ACK"),
                ],
            )
        )

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = parse(data)
        if message.is_response:
            key = (message["call-id"], message.sequence, message.method)
            if key in self._responses:
                self._responses[key].put_nowait(message)
        elif (again := self._sent.get(_transaction(message))) is not None:
            assert self._socket is not None
            self._socket.sendto(again, self.server)
        else:
            self.on_request(message)

    async def _final_response(self, message: SipMessage) -> SipMessage:
        key = (message["call-id"], message.sequence, message.method)
        inbox = self._responses[key] = asyncio.Queue()
        try:
            async with asyncio.timeout(_GIVE_UP_S):
                provisional = False
                while True:
                    if not provisional:
                        self.send(message)
                    try:
                        response = await asyncio.wait_for(inbox.get(), _REPEAT_S)
                    except TimeoutError:
                        continue
                    if response.status >= 200:
                        return response
                    provisional = True
        finally:
            del self._responses[key]

    def _new_via(self) -> str:
        return f"SIP/2.0/UDP 127.0.0.1:{self.port};branch={new_branch()};rport"


def _transaction(request: SipMessage) -> tuple[str, str]:
    """What makes two datagrams the same request (RFC 3261 17.2.3)."""
    return request["via"], request["cseq"]
