"""Whose channel is it: an agent's telephone, a trunk to the outside, or a piece of Asterisk itself?

Asterisk does not say. A channel's name does, by what administrators call things: `PJSIP/1001-0000002a` is extension 1001 on
FreePBX and most others, `PJSIP/agent1-00000001` is whatever the connection's settings map it to, or its own name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

DeviceKind: TypeAlias = Literal["phone", "trunk", "internal"]

# Halves, announcers, recorders and the like: no telephone of anybody. `Local` only leads on to a real channel of the same call.
_INTERNAL = frozenset(
    {"Local", "Message", "Surrogate", "Bridge", "CBAnn", "CBRec", "ConfBridgeRecorder", "Recorder", "Announcer"}
    | {"MulticastRTP", "UnicastRTP", "AsyncGoto", "Parked", "Snoop", "AudioSocket", "WebSocket", "Stasis"}
)
# Lines of the public network more often than desks: an extension on one has to be named in the settings.
_LINES = frozenset({"DAHDI", "IAX2", "OOH323", "mISDN", "CAPI"})
_NAME = re.compile(r"(?P<tech>[^/]+)/(?P<endpoint>.+?)(?:-(?P<serial>[0-9A-Za-z]+))?(?:;[12])?\Z", re.DOTALL)
# The longest extension that is not rather an account number at a provider.
_LONGEST_EXTENSION = 6

TRUNK_NAMES = ("*trunk*", "*gateway*", "*provider*", "*pstn*", "*voip*", "*carrier*")


@dataclass(frozen=True, kw_only=True)
class DeviceRules:
    """What the settings of a connection say about its devices.

    `extensions` maps an endpoint (`agent1` or `PJSIP/agent1`) to the extension that users have. `trunks` are name patterns
    (`*`, `?`), whatever their case, of the endpoints that lead outside.
    """

    extensions: Mapping[str, str] = field(default_factory=dict[str, str])
    trunks: tuple[str, ...] = TRUNK_NAMES


@dataclass(frozen=True)
class Device:
    """What a channel stands for; `extension` only for a telephone. `guessed`: nothing but its place in the call says so."""

    kind: DeviceKind
    endpoint: str = ""
    extension: str | None = None
    guessed: bool = False


class Devices:
    """Tells channels apart by the rules and by what was seen of an endpoint before."""

    def __init__(self, rules: DeviceRules) -> None:
        self._rules = rules
        self._seen: dict[str, DeviceKind] = {}

    def learn_member(self, interface: str) -> None:
        """`interface` (`PJSIP/agent1`, `Local/1001@from-queue/n`) is a member of a queue, so a telephone."""
        tech, _, rest = interface.partition("/")
        if rest and tech not in _INTERNAL:
            self._seen[rest.split("/")[0]] = "phone"

    def learn_dialled(self, device: Device, number: str | None) -> Device:
        """The device, now that it is known what was dialled on it.

        A telephone is dialled by its own name (`PJSIP/agent1`), a trunk by the number behind it (`PJSIP/5551234@voipms`,
        `SIP/voipms/5551234`): that settles what was only guessed, for later calls too.
        """
        if not device.guessed:
            return device
        kind: DeviceKind = "phone" if number in (None, device.endpoint) else "trunk"
        self._seen[device.endpoint] = kind
        return Device(kind, device.endpoint, device.endpoint if kind == "phone" else None)

    def extension_of(self, interface: str) -> str | None:
        """The extension behind a queue member's interface, also behind a `Local/1001@context/n`."""
        tech, _, rest = interface.partition("/")
        if tech == "Local":
            endpoint = rest.partition("@")[0]
            return self._mapped(tech, endpoint) or endpoint or None
        return self.of(f"{interface}-0", originates=False).extension

    def of(self, channel: str, *, originates: bool) -> Device:
        """The device of a channel name. `originates`: it began its call, rather than being dialled in one."""
        name = _NAME.match(channel)
        if name is None or name["tech"] in _INTERNAL:
            return Device("internal")
        tech, endpoint = name["tech"], name["endpoint"]
        mapped = self._mapped(tech, endpoint)
        if mapped:
            return Device("phone", endpoint, mapped)
        if self._is_trunk(tech, endpoint):
            return Device("trunk", endpoint)
        if endpoint.isdigit() or self._seen.get(endpoint) == "phone":
            return Device("phone", endpoint, endpoint)
        if self._seen.get(endpoint) == "trunk" or originates:
            return Device("trunk", endpoint, guessed=endpoint not in self._seen)
        return Device("phone", endpoint, endpoint, guessed=True)

    def _mapped(self, tech: str, endpoint: str) -> str | None:
        return self._rules.extensions.get(f"{tech}/{endpoint}") or self._rules.extensions.get(endpoint)

    def _is_trunk(self, tech: str, endpoint: str) -> bool:
        if tech in _LINES or (endpoint.isdigit() and len(endpoint) > _LONGEST_EXTENSION):
            return True
        lowered, full = endpoint.lower(), f"{tech}/{endpoint}".lower()
        return any(fnmatchcase(lowered, pattern) or fnmatchcase(full, pattern) for pattern in map(str.lower, self._rules.trunks))
