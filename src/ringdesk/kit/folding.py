"""Text as it is searched and as it is ordered: the embedded server has no ICU, so the keys are our own (docs/adr/0004)."""

import unicodedata
from functools import cache

# Letters of their own in Swedish, Finnish, Danish and Norwegian, in this order after z ("{" is the character after "z").
_AFTER_Z = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}
_KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
_TO_HIRAGANA = ord("ァ") - ord("ぁ")
_KANA_MARKS = "\u3099\u309a"  # voiced and half-voiced: か and が are different letters, not accents
_EXPANSIONS = {"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "œ": "oe", "ı": "i"}


def fold(value: str) -> str:
    """How a text is compared in a search: one width, no case, no accents, katakana as hiragana, single blanks.

    `fold("Ｅｖａ  Åström") == "eva astrom"`, so that it is found from every keyboard.
    """
    if value.isascii():
        return " ".join(value.lower().split())
    folded = "".join(map(_fold_char, unicodedata.normalize("NFKC", value).lower()))
    return " ".join(folded.split())


def sort_key(value: str) -> str:
    """A key whose plain byte order is the order that readers expect: no case, accents as their letter, å ä ö after z, one kana order."""
    if value.isascii():
        return " ".join(value.lower().split())
    folded = "".join(_AFTER_Z.get(char) or _fold_char(char) for char in unicodedata.normalize("NFKC", value).lower())
    return " ".join(folded.split())


def is_cjk(value: str) -> bool:
    """Whether the text has a Han or kana character: such names are written family name first."""
    return any("\u3041" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char == "々" for char in value)


@cache
def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    if ord(char) in _KATAKANA:
        return chr(ord(char) - _TO_HIRAGANA)
    if char in _EXPANSIONS:
        return _EXPANSIONS[char]
    parts = [part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn" or part in _KANA_MARKS]
    return unicodedata.normalize("NFC", "".join(parts))
