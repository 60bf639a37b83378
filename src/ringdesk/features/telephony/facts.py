"""What a telephone system says about calls, in words that belong to no provider.

A connector (Asterisk, the event listener, Finesse, the simulator) turns what it hears into these facts and
nothing else; `rules` folds the facts of one call into its history. Every field that a provider may not know is
optional: one `LegRinging` with an extension and one `CallerIdentified` are enough for a screen pop (product.md 5.3).

Times: `at` is aware UTC, from the provider's own clock where it says one. `inferred=True` means that the connector
worked the time out (a call found running after a reconnect, or found gone): such a time gives way to any told one.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Direction: TypeAlias = Literal["inbound", "outbound"]
CallType: TypeAlias = Literal["inbound", "outbound", "transfer", "conference", "consult"]
LegOutcome: TypeAlias = Literal["answered", "no_answer", "busy", "rejected", "cancelled", "failed"]
RemoteOutcome: TypeAlias = Literal["busy", "no_answer", "failed"]
TransferKind: TypeAlias = Literal["blind", "attended"]


def _tag(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


class _Said(msgspec.Struct, frozen=True, kw_only=True, tag_field="fact", tag=_tag, omit_defaults=True):
    """Common to all facts: `source` is the key of the connection that said it, `at` when it was so (UTC)."""

    source: str
    at: datetime
    inferred: bool = False


class _OfCall(_Said, frozen=True, kw_only=True):
    """A fact of one call. `call_id` is the provider's id of the whole call (Asterisk: Linkedid)."""

    call_id: str


class _OfLeg(_OfCall, frozen=True, kw_only=True):
    """A fact of one agent's leg. `leg_id` is unique in the call (Asterisk: Uniqueid of the agent's channel)."""

    leg_id: str
    extension: str | None = None


class CallStarted(_OfCall, frozen=True, kw_only=True):
    """The call reached the centre, or was placed by it. `ani` is the customer's number in both directions."""

    direction: Direction = "inbound"
    ani: str | None = None
    dnis: str | None = None
    caller_name: str | None = None


class CallerIdentified(_OfCall, frozen=True, kw_only=True):
    """The provider learnt who calls after the start. What `CallStarted` said stands; this fills what it left out."""

    ani: str | None = None
    dnis: str | None = None
    caller_name: str | None = None


class IvrStarted(_OfCall, frozen=True, kw_only=True):
    """The telephone system itself took the caller's call (announcement, menu), before any agent did."""


class QueueEntered(_OfCall, frozen=True, kw_only=True):
    """The caller began to wait in a queue."""

    queue: str


class QueueLeft(_OfCall, frozen=True, kw_only=True):
    """The caller no longer waits in a queue, whatever the reason."""


class CallerHungUp(_OfCall, frozen=True, kw_only=True):
    """The customer's side put the phone down, as opposed to being cut off by the centre."""


class LegOffered(_OfLeg, frozen=True, kw_only=True):
    """The call is being routed to an agent whose telephone need not ring yet.

    `call_type` is given only by a provider that names it; else it follows from the other facts (product.md 3.11).
    """

    call_type: CallType | None = None


class LegRinging(_OfLeg, frozen=True, kw_only=True):
    """The agent's telephone rings.

    `until_answered`: it stops when another telephone that was rung takes the call, and its system does not tell (ring-all).
    """

    until_answered: bool = False


class LegAnswered(_OfLeg, frozen=True, kw_only=True):
    """The agent took the call."""


class LegHeld(_OfLeg, frozen=True, kw_only=True):
    """The agent put the other side on hold."""


class LegResumed(_OfLeg, frozen=True, kw_only=True):
    """The agent took the other side back from hold."""


class LegEnded(_OfLeg, frozen=True, kw_only=True):
    """The leg is over. `outcome` when the provider tells it; of several told the most telling one stands."""

    outcome: LegOutcome | None = None


class RemoteAnswered(_OfCall, frozen=True, kw_only=True):
    """Outbound: the customer took the call."""


class RemoteEnded(_OfCall, frozen=True, kw_only=True):
    """Outbound: the customer's side is over. `outcome` when it was never answered."""

    outcome: RemoteOutcome | None = None


class CallTransferred(_OfCall, frozen=True, kw_only=True):
    """An agent (`leg_id`) handed the call to `to_extension`; `to_leg_id` when that leg already exists (attended)."""

    kind: TransferKind
    leg_id: str | None = None
    to_extension: str | None = None
    to_leg_id: str | None = None


class CallEnded(_OfCall, frozen=True, kw_only=True):
    """Nobody is left in the call. Final: nothing reopens it."""


class LiveCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that the telephone system lists as running, with the ids of its agents' legs."""

    call_id: str
    legs: tuple[str, ...] = ()


class LinkLost(_Said, frozen=True, kw_only=True):
    """The connection to the telephone system broke; facts may be missing from `at` on."""

    reason: str = ""


class LinkRestored(_Said, frozen=True, kw_only=True):
    """The telephone system can be heard again. `Resynced` follows if it can list its calls."""


class Resynced(_Said, frozen=True, kw_only=True):
    """Every call running at `at`: one of this source that began before and is not in `live` is over.

    `restarted`: the telephone system itself was started anew since it was last heard; `booted_at` is when it came up,
    if it says so. A call that was last heard of before that ended then at the latest.
    """

    live: tuple[LiveCall, ...] = ()
    restarted: bool = False
    booted_at: datetime | None = None


LegFact: TypeAlias = LegOffered | LegRinging | LegAnswered | LegHeld | LegResumed | LegEnded
CallFact: TypeAlias = (
    CallStarted
    | CallerIdentified
    | IvrStarted
    | QueueEntered
    | QueueLeft
    | CallerHungUp
    | LegFact
    | RemoteAnswered
    | RemoteEnded
    | CallTransferred
    | CallEnded
)
LinkFact: TypeAlias = LinkLost | LinkRestored | Resynced
Fact: TypeAlias = CallFact | LinkFact
