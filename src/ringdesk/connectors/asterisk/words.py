"""What the words and numbers in AMI messages mean."""

from datetime import UTC, datetime, timedelta

from ringdesk.connectors.asterisk.messages import Message
from ringdesk.features.telephony import facts as f

# Of no use to the history of a call, and most of what Asterisk says: a live link skips them unread.
SKIPPED = frozenset(
    {
        "VarSet",
        "Newexten",
        "TestEvent",
        "CEL",
        "Cdr",
        "RTCPSent",
        "RTCPReceived",
        "HangupHandlerPush",
        "HangupHandlerPop",
        "HangupHandlerRun",
    }
    | {
        "DeviceStateChange",
        "ContactStatus",
        "PeerStatus",
        "Registry",
        "ExtensionStatus",
        "PresenceState",
        "PresenceStatus",
        "MessageWaiting",
    }
    | {
        "BridgeCreate",
        "BridgeDestroy",
        "BridgeEnter",
        "BridgeLeave",
        "BridgeMerge",
        "BridgeVideoSourceUpdate",
        "LocalBridge",
        "LocalOptimizationBegin",
        "LocalOptimizationEnd",
    }
    | {
        "NewConnectedLine",
        "NewAccountCode",
        "SoftHangupRequest",
        "MusicOnHoldStart",
        "MusicOnHoldStop",
        "DTMFBegin",
        "DTMFEnd",
        "ChannelTalkingStart",
        "ChannelTalkingStop",
    }
    | {"AgentCalled", "AgentConnect", "AgentComplete", "AgentDump", "QueueCallerAbandon", "QueueMemberStatus"}
    | {"SuccessfulAuth", "ChallengeSent", "RequestBadFormat", "ChannelsHungupListComplete", "ChannelHungup", "Reload", "ReloadComplete"}
)
# Read by the link itself, or a sign of its own life.
OF_THE_LINK = frozenset({"FullyBooted", "Shutdown"})
DOWN, RING, RINGING, UP = "0", "4", "5", "6"
RINGS = frozenset({"RINGING", "PROGRESS"})
_NO_NUMBER = frozenset({"", "<unknown>", "unknown", "anonymous", "unavailable", "restricted", "private", "asterisk", "s"})
DIAL_OUTCOMES: dict[str, f.LegOutcome] = {
    "NOANSWER": "no_answer",
    "BUSY": "busy",
    "CANCEL": "cancelled",
    "ABORT": "cancelled",
    "CHANUNAVAIL": "failed",
    "CONGESTION": "failed",
    "DONTCALL": "rejected",
    "TORTURE": "rejected",
}
# Q.850 causes. 0, 16, 31 and 127 say nothing; 18 and 19 are no answer, 26 is answered elsewhere; what is not here is a fault.
_CAUSES: dict[str, f.LegOutcome | None] = {
    "": None,
    "0": None,
    "16": None,
    "31": None,
    "127": None,
    "17": "busy",
    "18": "no_answer",
    "19": "no_answer",
    "21": "rejected",
    "26": "cancelled",
}


def timestamp(message: Message) -> datetime | None:
    """Asterisk's own time of an event; None unless manager.conf has `timestampevents=yes`."""
    seconds, _, fraction = message.get("Timestamp").partition(".")
    if not seconds.isdigit() or len(seconds) > 11:
        return None
    micro = fraction[:6].ljust(6, "0")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micro) if micro.isdigit() else 0)


def number(text: str) -> str | None:
    """A number or name as AMI gives it; None for its ways to say that there is none."""
    text = text.strip()
    return None if text.lower() in _NO_NUMBER else text


def dialled(message: Message) -> str | None:
    """The number in a dial string: `trunk/sip:5557001@host`, `5557001@trunk`, `trunk/5557001`."""
    tail = message.get("DialString").rpartition("/")[2].partition("@")[0]
    return number(tail.removeprefix("sip:").removeprefix("sips:"))


def outcome_of(hangup: Message) -> f.LegOutcome | None:
    """What the cause of a hang-up says of a leg that was not answered; None if it says nothing."""
    return _CAUSES.get(hangup.get("Cause"), "failed")


def remote_outcome_of(hangup: Message) -> f.RemoteOutcome:
    """What the cause of a hang-up says of the customer's side of an outbound call that was not answered."""
    outcome = outcome_of(hangup)
    return "busy" if outcome in ("busy", "rejected") else "failed" if outcome == "failed" else "no_answer"


def age(item: Message, detail: Message) -> timedelta:
    """How long a listed channel has been there, in whole seconds (Status `Seconds`, CoreShowChannels `Duration` hh:mm:ss)."""
    if detail.get("Seconds").isdigit():
        return timedelta(seconds=int(detail.get("Seconds")))
    clock = item.get("Duration").split(":")
    if len(clock) == 3 and all(part.isdigit() for part in clock):
        return timedelta(hours=int(clock[0]), minutes=int(clock[1]), seconds=int(clock[2]))
    return timedelta()
