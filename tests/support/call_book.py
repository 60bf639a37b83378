"""Keeps calls as the service does, in memory: applies facts, reconciles after a resync, stores each call as JSON."""

from collections.abc import Sequence

import msgspec

from ringdesk.features.telephony import rules
from ringdesk.features.telephony.calls import Call
from ringdesk.features.telephony.facts import Fact, LinkLost, LinkRestored, Resynced
from ringdesk.features.telephony.history import CallHistory


class CallBook:
    """`emit` is what a connector hands its facts to."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self._stored: dict[str, bytes] = {}

    async def emit(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            self.take(fact)

    def take(self, fact: Fact) -> None:
        self.facts.append(fact)
        if isinstance(fact, Resynced):
            for call_id in self._stored:
                self._store(rules.reconcile(self.call(call_id), fact))
        elif not isinstance(fact, LinkLost | LinkRestored):
            self._store(rules.apply(self.call(fact.call_id) if fact.call_id in self._stored else None, fact))

    def call(self, call_id: str) -> Call:
        return msgspec.json.decode(self._stored[call_id], type=Call)

    def histories(self) -> list[CallHistory]:
        return sorted((rules.history(self.call(call_id)) for call_id in self._stored), key=lambda history: history.started_at)

    def of_kind(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def _store(self, call: Call) -> None:
        self._stored[call.call_id] = msgspec.json.encode(call)
