"""Which adapter serves which configured telephone system."""

from datetime import timedelta

import msgspec

from ringdesk.connectors.asterisk.adapter import AsteriskConnector
from ringdesk.connectors.asterisk.ami import AmiOptions
from ringdesk.connectors.asterisk.devices import TRUNK_NAMES, DeviceRules
from ringdesk.connectors.simulator import Caller, Callers, Extensions, Simulator
from ringdesk.features import customers, desk, telephony
from ringdesk.features.telephony import ConnectionRow, Factory
from ringdesk.features.telephony.port import Connector, Unhandled
from ringdesk.kit import clock
from ringdesk.kit.crypto import Vault
from ringdesk.kit.db import Database
from ringdesk.kit.telemetry import UNHANDLED


class AsteriskSettings(msgspec.Struct, kw_only=True):
    """What an administrator enters for an Asterisk; its password is kept apart, encrypted.

    `extensions`: endpoint (`agent1`) -> the extension that a user has, where they differ. `trunks`: name patterns of the
    lines to the outside.
    """

    host: str
    port: int = 5038
    user: str
    tls: bool = False
    verify: bool = True
    ca_file: str | None = None
    extensions: dict[str, str] = {}
    trunks: tuple[str, ...] = TRUNK_NAMES


class SimulatorSettings(msgspec.Struct, kw_only=True):
    """How fast simulated calls run (1: as people talk)."""

    speed: float = 1.0


class UnknownKind(ValueError):
    """A configured connection is of a kind that this program has no adapter for."""


def adapters(db: Database, vault: Vault) -> Factory:
    """The factory of connectors for the telephony role."""

    def make(row: ConnectionRow, extensions: frozenset[str]) -> Connector:
        match row.kind:
            case "asterisk":
                asterisk = msgspec.convert(row.settings, AsteriskSettings)
                options = AmiOptions(
                    host=asterisk.host,
                    port=asterisk.port,
                    username=asterisk.user,
                    secret=vault.decrypt(row.secret) if row.secret else "",
                    # Asterisk's own challenge keeps the password off a line that isn't encrypted.
                    auth="plain" if asterisk.tls else "md5",
                    tls=asterisk.tls,
                    verify=asterisk.verify,
                    ca_file=asterisk.ca_file,
                )
                known = {extension: extension for extension in extensions} | asterisk.extensions
                rules = DeviceRules(extensions=known, trunks=asterisk.trunks)
                return AsteriskConnector(row.name, options, devices=rules, on_unhandled=_count)
            case "simulator":
                simulator = msgspec.convert(row.settings, SimulatorSettings)
                return Simulator(row.name, extensions=lambda: _extensions(db), callers=_Callers(db), speed=simulator.speed)
            case _:
                raise UnknownKind(f"There is no adapter for connections of the kind {row.kind}.")

    return make


def _count(unhandled: Unhandled) -> None:
    UNHANDLED.labels(unhandled.source, unhandled.name).inc()


async def _extensions(db: Database) -> Extensions:
    """Whoever takes calls at the desk and has none is free; telephones of people who are away are colleagues to transfer to."""
    async with db.transaction() as uow:
        logged_in = await telephony.extensions_logged_in(uow)
        busy = set(await desk.extensions_with_calls(uow))
        away = await telephony.extensions_away(uow)
    return Extensions(free=[extension for extension in logged_in if extension not in busy], colleagues=away)


# Enough callers that the same one rarely calls twice in an hour of demo.
CALLERS_SAMPLED = 200
# Numbers that nobody has: Ofcom's range for drama, with names as a network would show them.
_STRANGERS = (
    Caller("+442079460881", "Marianne Dashwood"),
    Caller("+442079460882", "José Álvarez Nuñez"),
    Caller("+442079460883", None),
    Caller("+442079460884", "Brandon"),
    Caller("+442079460885", "Ingrid Åkerblom"),
)


class _Callers:
    """Who may call, read from the customers once a minute: the simulator asks every second."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: Callers | None = None
        self._until = clock.now()

    async def __call__(self) -> Callers:
        if self._known is None or clock.now() >= self._until:
            async with self._db.transaction() as uow:
                known = await customers.sample_numbers(uow, CALLERS_SAMPLED, shared=False)
                shared = await customers.sample_numbers(uow, CALLERS_SAMPLED, shared=True)
            self._known = Callers(known=[Caller(n) for n in known], unknown=_STRANGERS, shared=[Caller(n) for n in shared])
            self._until = clock.now() + timedelta(minutes=1)
        return self._known
