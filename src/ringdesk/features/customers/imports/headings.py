"""How a heading of a file is compared with what people and programs call things. Pure."""

import re

from ringdesk.kit.folding import fold

_MARKS = re.compile(r"[\s_\-./:,*#()\[\]]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain(header: str) -> str:
    """A heading without case, accents and marks, its words parted by blanks (programs write MailingPostalCode)."""
    return _MARKS.sub(" ", fold(_HUMP.sub(" ", header))).strip()


def words(names: str) -> frozenset[str]:
    """Names with | between them, each as `plain` gives it."""
    return frozenset(map(plain, names.split("|")))
