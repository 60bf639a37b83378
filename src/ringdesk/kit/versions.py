"""Versions of records: an edit says which one it is based on (RFC 9110, 13.1.1; product.md 1.5)."""

import re
from typing import Annotated, ClassVar

from litestar.params import HeaderParameter

from ringdesk.kit.problems import Problem, VersionMissing

_ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The version that this is based on, as the ETag has it.")]


class VersionUnreadable(Problem):
    """An If-Match that names no version."""

    slug: ClassVar[str] = "version_unreadable"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The version cannot be read"


def etag(version: int) -> dict[str, str]:
    """The header that tells a version."""
    return {"etag": f'"{version}"'}


def version_of(if_match: str | None) -> int | None:
    """The version that an If-Match names; None for `*` or none at all. Raises VersionUnreadable."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if not found:
        raise VersionUnreadable('If-Match names one version of the record as its ETag does, such as If-Match: "3".')
    return int(found[1])


def version_for_edit(if_match: str | None) -> int | None:
    """Like `version_of`; raises VersionMissing where there is none: who edits must know what they change."""
    if if_match is None:
        raise VersionMissing('Send the ETag that came with the record as If-Match, such as If-Match: "3".')
    return version_of(if_match)
