"""Text as it is searched and as it is ordered: the embedded server has no ICU, so the keys are our own (docs/adr/0004).

The database has the same two functions, for columns that are not folded beforehand; tests/kit/test_folding.py holds them together.
"""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")
_CJK = re.compile("[\u3041-\u30ff\u3400-\u9fff々]")
_KATAKANA = re.compile("[ァ-ヺｦ-ﾝ]")
_HIRAGANA = {code: code - (ord("ァ") - ord("ぁ")) for code in range(ord("ァ"), ord("ヶ") + 1)}
# Letters that no decomposition takes apart.
_LETTERS = str.maketrans("øđðłıς", "oddliσ", "") | str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
# å ä ö (and æ ø) are letters of their own after z, where the order of bytes has "{", "|" and "}".
_ORDERED = str.maketrans("åäæöøđðłıςßœþ", "{||}}ddliσsot")


def fold(value: str) -> str:
    """How a text is compared in a search: one width, no case, no accents, katakana as hiragana, single blanks.

    `fold("Ｅｖａ  Åström") == "eva astrom"`, so that it is found from every keyboard.
    """
    if not value.isascii():
        letters = unicodedata.normalize("NFKC", value).lower().translate(_LETTERS)
        value = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", letters))).translate(_HIRAGANA)
    return " ".join(value.lower().split())


def sort_key(value: str) -> str:
    """A key whose byte order is the order that readers expect: no case, accents as their letter, å ä ö after z, one order of kana."""
    if value.isascii():
        return value.lower()
    key = _MARKS.sub("", unicodedata.normalize("NFKD", value.lower().translate(_ORDERED)))
    return key.translate(_HIRAGANA) if _KATAKANA.search(value) else key


def is_cjk(value: str) -> bool:
    """Whether the text has a Han or kana character: such names are written family name first."""
    return not value.isascii() and _CJK.search(value) is not None
