"""AMI messages in, facts out: what Asterisk says, in the words of `features.telephony.facts`. Pure: no I/O, no clock.

It remembers just what it needs to name things: which channel is whose, and which channels a call still has. Events of one
call come in no reliable order (`BridgeLeave` and `Hangup`, `DialEnd` and `Newstate`), some twice; it says what each one
says, and the fold in `features.telephony.rules` sorts it out.

A call between the centre's own telephones reaches no customer and is not reported. Its facts are kept until it meets
the outside (a trunk is dialled, a consult is joined to a caller), then told with their own times.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from ringdesk.connectors.asterisk.devices import Device, DeviceRules, Devices
from ringdesk.connectors.asterisk.messages import Message
from ringdesk.connectors.asterisk.words import (
    DIAL_OUTCOMES,
    DOWN,
    OF_THE_LINK,
    RING,
    RINGING,
    RINGS,
    SKIPPED,
    UP,
    age,
    dialled,
    number,
    outcome_of,
    remote_outcome_of,
    timestamp,
)
from ringdesk.features.telephony import facts as f

# Late events of a channel that hung up must not raise it from the dead. At 200 calls a second some half a minute.
REMEMBERED_HANGUPS = 20_000
# A call among our own telephones says a handful of things; the bound only guards the memory.
MAX_UNTOLD = 500


@dataclass
class _Channel:
    uniqueid: str
    device: Device
    call_id: str
    since: datetime
    inferred: bool = False
    up: bool = False


@dataclass
class _Call:
    call_id: str
    direction: f.Direction | None = None
    caller: str = ""
    """The trunk channel that brought the caller in."""
    number: str | None = None
    """What the telephone that began the call dialled."""
    offered: bool = False
    last_hangup: datetime | None = None
    channels: dict[str, _Channel] = field(default_factory=dict[str, _Channel])
    untold: list[f.CallFact] = field(default_factory=list[f.CallFact])


class Translator:
    """The state of one connection: `translate` each event, `resync` after each connect."""

    def __init__(self, source: str, rules: DeviceRules | None = None, unhandled: Callable[[Message, datetime], None] | None = None) -> None:
        self._source = source
        self._devices = Devices(rules or DeviceRules())
        self._unhandled = unhandled
        self._channels: dict[str, _Channel] = {}
        self._calls: dict[str, _Call] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._ahead = timedelta()
        self._said: list[f.CallFact] = []
        self._handlers: dict[str, Callable[[Message, datetime], None]] = {
            "Newchannel": self._newchannel,
            "Newstate": self._newstate,
            "NewCallerid": self._newcallerid,
            "DialBegin": self._dialbegin,
            "DialState": self._dialstate,
            "DialEnd": self._dialend,
            "QueueCallerJoin": self._queuecallerjoin,
            "QueueCallerLeave": self._queuecallerleave,
            "QueueMemberAdded": self._queuemember,
            "QueueMember": self._queuemember,
            "AgentRingNoAnswer": self._agentringnoanswer,
            "Hold": self._hold,
            "Unhold": self._unhold,
            "HangupRequest": self._hanguprequest,
            "Hangup": self._hangup,
            "BlindTransfer": self._blindtransfer,
            "AttendedTransfer": self._attendedtransfer,
        }

    def translate(self, message: Message, received_at: datetime) -> list[f.CallFact]:
        """What an event says. `received_at` (local, UTC) stands in where Asterisk gives no time of its own."""
        at = timestamp(message)
        if at is None:
            at = self.clock(received_at)
        else:
            self._ahead = at - received_at
        handler = self._handlers.get(message.name)
        if handler:
            handler(message, at)
        elif message.name not in SKIPPED and message.name not in OF_THE_LINK and self._unhandled:
            self._unhandled(message, at)
        said, self._said = self._said, []
        return said

    def set_clock(self, message: Message, received_at: datetime) -> None:
        """Learn how far Asterisk's clock is ahead of ours from any stamped message (the answer to a Ping is one)."""
        at = timestamp(message)
        if at:
            self._ahead = at - received_at

    def clock(self, local: datetime) -> datetime:
        """Asterisk's time at a local time, as far as its last stamped event tells."""
        return local + self._ahead

    def resync(
        self, channels: Iterable[Message], status: Iterable[Message], *, asked_at: datetime
    ) -> tuple[list[f.CallFact], list[f.LiveCall]]:
        """Learn what runs from the items of CoreShowChannels and Status, asked for at `asked_at` (Asterisk's time).

        Returns facts (inferred) on what was missed, and every live call that reached the outside. Channels that are not
        listed are forgotten, unless they came after the question.
        """
        details = {item.get("Uniqueid"): item for item in status}
        listed = {item.get("Uniqueid"): item for item in channels} or details
        for uniqueid in [known for known, channel in self._channels.items() if known not in listed and channel.since < asked_at]:
            self._forget(self._channels[uniqueid])
        # Who began a call first: it tells what kind of call it is.
        for uniqueid, item in sorted(listed.items(), key=lambda entry: (entry[0] != entry[1].get("Linkedid"), entry[0])):
            if uniqueid and uniqueid not in self._gone:
                self._listed(item, details.get(uniqueid, item), asked_at)
        said, self._said = self._said, []
        live = [
            f.LiveCall(call_id=call.call_id, legs=tuple(c.uniqueid for c in call.channels.values() if c.device.kind == "phone"))
            for call in self._calls.values()
            if call.direction
        ]
        return said, live

    def _listed(self, item: Message, detail: Message, asked_at: datetime) -> None:
        uniqueid, up = item.get("Uniqueid"), item.get("ChannelState") == UP
        begun = asked_at - age(item, detail)
        known = self._channels.get(uniqueid)
        channel = known or self._new(item, begun, inferred=True)
        call = self._calls[channel.call_id]
        if channel.device.kind == "trunk" and call.direction is None:
            self._listed_trunk(call, channel, item, detail)
        if channel.device.kind == "phone" and item.get("ChannelState") == RINGING:
            self._leg(f.LegRinging, channel, begun, inferred=True)
        if channel.device.kind == "phone" and up and not channel.up:
            # One that rang when it was last heard of was answered since; how long ago nobody knows.
            self._leg(f.LegAnswered, channel, asked_at if known else begun, inferred=True)
        channel.up = channel.up or up

    def _listed_trunk(self, call: _Call, channel: _Channel, item: Message, detail: Message) -> None:
        if channel.uniqueid != channel.call_id or item.get("ChannelState") not in (RING, UP):
            self._goes_out(call, channel.since, number(item.get("CallerIDNum")), inferred=True)
            return
        self._came_in(call, channel, item, dnis=number(detail.get("DNID")))
        if item.get("Application") == "Queue":
            queue = item.get("ApplicationData").partition(",")[0]
            self._say(call, f.QueueEntered(source=self._source, call_id=call.call_id, at=channel.since, inferred=True, queue=queue))

    # What is known

    def _channel(self, message: Message, at: datetime, prefix: str = "") -> _Channel | None:
        """The channel that an event speaks of; made up if its beginning was missed. None if it hung up, or is none."""
        uniqueid = message.get(f"{prefix}Uniqueid")
        if not uniqueid or uniqueid in self._gone:
            return None
        known = self._channels.get(uniqueid)
        if known is None:
            return self._new(message, at, inferred=True, prefix=prefix) if message.get(f"{prefix}Channel") else None
        return known

    def _new(self, message: Message, at: datetime, *, inferred: bool, prefix: str = "") -> _Channel:
        uniqueid = message.get(f"{prefix}Uniqueid")
        call_id = message.get(f"{prefix}Linkedid") or uniqueid
        device = self._devices.of(message.get(f"{prefix}Channel"), originates=uniqueid == call_id)
        channel = _Channel(uniqueid, device, call_id, at)
        call = self._calls.setdefault(call_id, _Call(call_id))
        call.channels[uniqueid] = channel
        self._channels[uniqueid] = channel
        if device.kind == "phone":
            call.offered = True
            self._leg(f.LegOffered, channel, at, inferred=inferred)
        return channel

    def _forget(self, channel: _Channel) -> _Call:
        """The channel is no more; returns its call, which goes with its last channel."""
        self._channels.pop(channel.uniqueid, None)
        call = self._calls.get(channel.call_id) or _Call(channel.call_id)
        call.channels.pop(channel.uniqueid, None)
        if not call.channels:
            self._calls.pop(call.call_id, None)
        return call

    # What is said

    def _say(self, call: _Call, fact: f.CallFact) -> None:
        if call.direction:
            self._said.append(fact)
        elif len(call.untold) < MAX_UNTOLD:
            call.untold.append(fact)

    def _leg(self, kind: Callable[..., f.LegFact], channel: _Channel, at: datetime, *, inferred: bool = False, **more: str | None) -> None:
        call = self._calls[channel.call_id]
        self._say(
            call,
            kind(
                source=self._source,
                call_id=call.call_id,
                at=at,
                inferred=inferred,
                leg_id=channel.uniqueid,
                extension=channel.device.extension,
                **more,
            ),
        )

    def _outside(self, call: _Call, direction: f.Direction) -> None:
        """The call meets a customer: what was kept of it is told."""
        if call.direction is None:
            call.direction = direction
            self._said += call.untold
            call.untold = []

    def _came_in(self, call: _Call, channel: _Channel, message: Message, *, dnis: str | None, inferred: bool = True) -> None:
        call.caller = channel.uniqueid
        self._outside(call, "inbound")
        self._say(
            call,
            f.CallStarted(
                source=self._source,
                call_id=call.call_id,
                at=channel.since,
                inferred=inferred,
                direction="inbound",
                ani=number(message.get("CallerIDNum")),
                dnis=dnis or number(message.get("Exten")),
                caller_name=number(message.get("CallerIDName")),
            ),
        )

    def _goes_out(self, call: _Call, at: datetime, ani: str | None, *, inferred: bool = False) -> None:
        self._outside(call, "outbound")
        self._say(call, f.CallStarted(source=self._source, call_id=call.call_id, at=at, inferred=inferred, direction="outbound", ani=ani))

    def _remote(self, call: _Call, channel: _Channel) -> bool:
        """Whether the channel is the customer's side of an outbound call."""
        return call.direction == "outbound" and channel.device.kind == "trunk"

    # One event each

    def _newchannel(self, message: Message, at: datetime) -> None:
        uniqueid = message.get("Uniqueid")
        if not uniqueid or uniqueid in self._gone:
            return
        known = self._channels.get(uniqueid)
        if known:
            # Listed or guessed before; only now its beginning is told.
            known.since = at
            channel = known
            if channel.device.kind == "phone":
                self._leg(f.LegOffered, channel, at)
        else:
            channel = self._new(message, at, inferred=False)
        call = self._calls[channel.call_id]
        if channel.uniqueid != channel.call_id:
            return
        if channel.device.kind == "phone":
            call.number = call.number or number(message.get("Exten"))
        elif channel.device.kind == "trunk" and message.get("ChannelState") == DOWN:
            if not channel.device.guessed:
                self._goes_out(call, at, None)
        elif channel.device.kind == "trunk":
            self._came_in(call, channel, message, dnis=None, inferred=False)

    def _newstate(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel is None:
            return
        call, state = self._calls[channel.call_id], message.get("ChannelState")
        if state == UP:
            channel.up = True
        if channel.device.kind == "phone":
            if state == RINGING:
                self._leg(f.LegRinging, channel, at)
            elif state == UP:
                self._leg(f.LegAnswered, channel, at)
        elif state == UP and self._remote(call, channel):
            self._say(call, f.RemoteAnswered(source=self._source, call_id=call.call_id, at=at))
        elif state == UP and call.caller == channel.uniqueid and not call.offered:
            self._say(call, f.IvrStarted(source=self._source, call_id=call.call_id, at=at))

    def _newcallerid(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel and (call := self._calls[channel.call_id]).caller == channel.uniqueid:
            ani, name = number(message.get("CallerIDNum")), number(message.get("CallerIDName"))
            self._say(call, f.CallerIdentified(source=self._source, call_id=call.call_id, at=at, ani=ani, caller_name=name))

    def _dialbegin(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at, "Dest")
        if channel is None or channel.device.kind == "internal":
            return
        call, dialled_number = self._calls[channel.call_id], dialled(message)
        was = channel.device.kind
        channel.device = self._devices.learn_dialled(channel.device, dialled_number)
        if channel.device.kind == "phone":
            if was != "phone":
                call.offered = True
                self._leg(f.LegOffered, channel, channel.since)
            return
        if was != "trunk":
            call.untold = [fact for fact in call.untold if not isinstance(fact, f.LegFact) or fact.leg_id != channel.uniqueid]
        ani = dialled_number or call.number
        if call.direction is None:
            self._goes_out(call, min(known.since for known in call.channels.values()), ani)
        elif call.direction == "outbound":
            self._say(call, f.CallerIdentified(source=self._source, call_id=call.call_id, at=at, ani=ani))

    def _dialstate(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at, "Dest")
        if channel and channel.device.kind == "phone" and message.get("DialStatus") in RINGS:
            self._leg(f.LegRinging, channel, at)

    def _dialend(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at, "Dest")
        if channel is None or channel.device.kind != "phone":
            return
        status = message.get("DialStatus")
        if status == "ANSWER":
            self._leg(f.LegAnswered, channel, at)
        elif status in DIAL_OUTCOMES:
            self._leg(f.LegEnded, channel, at, outcome=DIAL_OUTCOMES[status])

    def _queuecallerjoin(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel and message.get("Queue"):
            call = self._calls[channel.call_id]
            self._say(call, f.QueueEntered(source=self._source, call_id=call.call_id, at=at, queue=message.get("Queue")))

    def _queuecallerleave(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel:
            self._say(self._calls[channel.call_id], f.QueueLeft(source=self._source, call_id=channel.call_id, at=at))

    def _queuemember(self, message: Message, _at: datetime) -> None:
        for key in ("Location", "Interface", "StateInterface"):
            self._devices.learn_member(message.get(key))

    def _agentringnoanswer(self, message: Message, at: datetime) -> None:
        # Behind a Local member the telephone itself is merely cancelled: only this event says that it rang out.
        channel = self._channel(message, at)
        extension = self._devices.extension_of(message.get("Interface"))
        if channel and extension:
            legs = [leg for leg in self._calls[channel.call_id].channels.values() if leg.device.extension == extension and not leg.up]
            for leg in legs:
                # How it ended; when exactly, its own events tell.
                self._leg(f.LegEnded, leg, at, inferred=True, outcome="no_answer")

    def _hold(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel and channel.device.kind == "phone":
            self._leg(f.LegHeld, channel, at)

    def _unhold(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel and channel.device.kind == "phone":
            self._leg(f.LegResumed, channel, at)

    def _hanguprequest(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel and (call := self._calls[channel.call_id]).caller == channel.uniqueid:
            self._say(call, f.CallerHungUp(source=self._source, call_id=call.call_id, at=at))

    def _hangup(self, message: Message, at: datetime) -> None:
        channel = self._channel(message, at)
        if channel is None:
            return
        call = self._calls[channel.call_id]
        if channel.device.kind == "phone":
            self._leg(f.LegEnded, channel, at, outcome=None if channel.up else outcome_of(message))
        elif self._remote(call, channel):
            outcome = None if channel.up else remote_outcome_of(message)
            self._say(call, f.RemoteEnded(source=self._source, call_id=call.call_id, at=at, outcome=outcome))
        # The last to come need not be the last to have hung up.
        call.last_hangup = max(at, call.last_hangup or at)
        self._forget(channel)
        self._gone[channel.uniqueid] = None
        if len(self._gone) > REMEMBERED_HANGUPS:
            self._gone.popitem(last=False)
        if not call.channels:
            self._say(call, f.CallEnded(source=self._source, call_id=call.call_id, at=call.last_hangup))

    def _blindtransfer(self, message: Message, at: datetime) -> None:
        call = self._calls.get(message.get("TransfererLinkedid"))
        if call and message.get("Result") == "Success":
            self._transferred(call, at, "blind", message.get("TransfererUniqueid"), extension=number(message.get("Extension")))

    def _attendedtransfer(self, message: Message, at: datetime) -> None:
        call = self._calls.get(message.get("TransfereeLinkedid") or message.get("OrigTransfererLinkedid"))
        if call is None or message.get("Result") != "Success":
            return
        target = self._channels.get(message.get("TransferTargetUniqueid"))
        if target and target.call_id != call.call_id:
            self._join(target, call)
        to_leg = target if target and target.device.kind == "phone" else None
        self._transferred(
            call,
            at,
            "attended",
            message.get("OrigTransfererUniqueid"),
            extension=to_leg.device.extension if to_leg else None,
            to_leg=to_leg,
        )

    def _transferred(
        self, call: _Call, at: datetime, kind: f.TransferKind, leg_id: str, *, extension: str | None, to_leg: _Channel | None = None
    ) -> None:
        self._say(
            call,
            f.CallTransferred(
                source=self._source,
                call_id=call.call_id,
                at=at,
                kind=kind,
                leg_id=leg_id or None,
                to_extension=extension,
                to_leg_id=to_leg.uniqueid if to_leg else None,
            ),
        )

    def _join(self, channel: _Channel, call: _Call) -> None:
        """The channel leaves its own call (a consult) for `call`; what was said of it there is now said of this one."""
        consult = self._forget(channel)
        self._channels[channel.uniqueid] = channel
        channel.call_id = call.call_id
        call.channels[channel.uniqueid] = channel
        for fact in consult.untold:
            if isinstance(fact, f.LegOffered) and fact.leg_id == channel.uniqueid:
                self._say(call, msgspec.structs.replace(fact, call_id=call.call_id, call_type="consult"))
            elif isinstance(fact, f.LegFact) and fact.leg_id == channel.uniqueid:
                self._say(call, msgspec.structs.replace(fact, call_id=call.call_id))
