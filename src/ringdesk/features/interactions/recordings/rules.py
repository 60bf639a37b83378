"""Decisions about recordings; pure: where a template leads, what a file is, which part of it is asked for, who may listen."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from string import Formatter
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from uuid import UUID

from ringdesk.features.interactions.schemas import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit.problems import FieldErrors

OF_INTERACTION = ("interaction_id", "external_id", "ani", "dnis", "queue", "started_at", "answered_at", "ended_at")
"""What a template may say of the interaction."""
OF_LEG = ("leg_id", "extension", "agent_id", "agent_name", "leg_started_at", "leg_answered_at", "leg_ended_at")
"""What it may say of an agent's leg: then each leg has a recording of its own."""
_TIMES = {name for name in (*OF_INTERACTION, *OF_LEG) if name.endswith("_at")}
_TIME_FORMAT = re.compile(r"(?:%[YmdHMSsy]|[-_.T/])+")
# The server is written out: no variable can lead elsewhere, and no password can stand in it.
_SERVER = re.compile(r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/")
_AUDIO = {
    "audio/wav": ("wav", "wave"),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/mp4": ("m4a", "mp4"),
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_LEADS = frozenset({"supervisor", "administrator"})


class Part(NamedTuple):
    """Bytes of a file, from the first to the last."""

    first: int
    last: int


def check_template(template: str, errors: FieldErrors) -> None:
    """Note what is wrong with a template: it is an http or https address with variables in braces behind the server's name."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        errors.add("template", "invalid_format", "Each { needs its }. Write {{ for a brace that stands for itself.")
        return
    if not _SERVER.match(parts[0][0] if parts else ""):
        message = "Begin with http:// or https://, the server's name and a slash, all written out: https://recordings.example.com/..."
        errors.add("template", "invalid_format", message)
    if "#" in template or any(not char.isprintable() or char == " " for char in template):
        errors.add("template", "invalid_format", "An address has no blanks and no #.")
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if name not in (*OF_INTERACTION, *OF_LEG):
            errors.add("template", "unknown_variable", f"There is no {{{name}}}; there are {', '.join((*OF_INTERACTION, *OF_LEG))}.")
        elif conversion or (form and (name not in _TIMES or not _TIME_FORMAT.fullmatch(form))):
            message = f"Only times have a form, such as {{started_at:%Y/%m/%d}}; {{{name}}} can't be written so."
            errors.add("template", "invalid_format", message)


def is_per_leg(template: str) -> bool:
    """Whether the template speaks of a leg, so that each has a recording of its own."""
    return any(name in OF_LEG for _, name, _, _ in Formatter().parse(template))


def address(template: str, interaction: Interaction, leg: Activity | None) -> str | None:
    """Where the recording of this interaction, or leg, is; None when something that the template needs is not known."""
    values: dict[str, object] = {
        "interaction_id": interaction.id,
        **{name: getattr(interaction, name) for name in OF_INTERACTION if name != "interaction_id"},
    }
    if leg:
        values |= {"leg_id": leg.id, "extension": leg.extension, "agent_id": leg.agent_id, "agent_name": leg.agent_name}
        values |= {f"leg_{name}": getattr(leg, name) for name in ("started_at", "answered_at", "ended_at")}
    written: list[str] = []
    for literal, name, form, _ in Formatter().parse(template):
        written.append(literal)
        if name is None:
            continue
        value = values.get(name)
        if value is None or value == "":
            return None
        text = value.astimezone(UTC).strftime(form or "%Y%m%dT%H%M%SZ") if isinstance(value, datetime) else quote(str(value), safe="")
        written.append(text)
    url = "".join(written)
    # What another system called a call must not climb out of the folder that the administrator named.
    return None if any(part in (".", "..") for part in urlsplit(url).path.split("/")) else url


def links(template: str, interaction: Interaction, legs: Sequence[Activity]) -> list[tuple[UUID | None, str]]:
    """The recordings that a source keeps of an interaction: the leg (None: of the whole) and the address of each."""
    talked = [leg for leg in legs if leg.kind == "agent" and leg.answered_at and leg.ended_at]
    if interaction.state != "ended" or interaction.channel not in ("voice", "video") or not talked:
        return []
    if not is_per_leg(template):
        url = address(template, interaction, None)
        return [(None, url)] if url else []
    return [(leg.id, url) for leg in talked if (url := address(template, interaction, leg))]


def media_type_of(head: bytes) -> str | None:
    """What a file is, by its first bytes: wav, mp3, ogg (also opus) or m4a; None: nothing that every browser plays."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    if head[:4] == b"OggS":
        return "audio/ogg"
    if head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash"):
        return "audio/mp4"
    return None


def suffix_of(media_type: str) -> str:
    """How the name of such a file ends."""
    return _AUDIO[media_type][0]


def type_told(told: str | None) -> str | None:
    """The type under which what another system calls so is passed on; None: it is no sound."""
    kind = (told or "").split(";")[0].strip().lower()
    same = {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/vnd.wave": "audio/wav", "audio/mp3": "audio/mpeg"}
    same |= {"audio/x-m4a": "audio/mp4", "audio/opus": "audio/ogg", "application/ogg": "audio/ogg"}
    kind = same.get(kind, kind)
    return kind if kind in _AUDIO else None


def type_by_name(path: str) -> str | None:
    """The type that the end of a name speaks of."""
    ending = path.rsplit(".", 1)[-1].lower()
    return next((kind for kind, endings in _AUDIO.items() if ending in endings), None)


def part_of(header: str | None, size: int) -> Part | None:
    """The part that a Range asks for (RFC 9110, 14.2); None: the whole, also where the header can't be read.

    Raises ValueError for a part that is not there.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if not found or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise ValueError(header)
        return Part(size - length, size - 1)
    part = Part(int(first), min(int(last), size - 1) if last else size - 1)
    if part.first >= size:
        raise ValueError(header)
    return part if part.first <= part.last else None


def may_listen(actor: Actor, agents: Iterable[UUID | None]) -> bool:
    """Supervisors and administrators to all, agents to conversations that they were in, programs as their keys say."""
    return actor.kind != "user" or bool(_LEADS & set(actor.roles)) or actor.id in set(agents)
