"""A dossier as one page of HTML: readable, printable, complete in itself. Everything in it is text; nothing of it can act. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, cast
from urllib.parse import quote

from ringdesk.features.customers.privacy.words import ENUMERATED, Language, heading, word

_STYLE = """
:root { color-scheme: light; font: 14px/1.5 system-ui, sans-serif; color: #1b1f24; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #d0d7de; }
p.made { color: #57606a; margin: .25rem 0 1.5rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; vertical-align: top; padding: .2rem .75rem .2rem 0; }
th { font-weight: 500; color: #57606a; width: 13rem; } td { overflow-wrap: anywhere; white-space: pre-line; }
.entry { border: 1px solid #d0d7de; border-radius: 4px; padding: .25rem .75rem; margin: .5rem 0; break-inside: avoid-page; }
.entry th { width: 9rem; } .entry .entry { background: #f6f8fa; } .entry .entry th { width: 7rem; }
@media print { body { margin: 0; max-width: none; } }
"""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def html(
    customer: Mapping[str, Any], sections: Mapping[str, Sequence[Any]], *, made_at: datetime, made_by: str, language: Language = "en"
) -> str:
    """The page, in this language; what people wrote stays in theirs. Files are linked to by the names that they have beside it."""
    name = escape(str(customer["display_name"]))
    made = heading(language, number=customer["number"], at=f"{made_at:%Y-%m-%d %H:%M}", by=made_by)
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f'<meta name="robots" content="noindex"><title>{name}</title><style>{_STYLE}</style></head><body>',
        f'<h1 dir="auto">{name}</h1>',
        f'<p class="made">{escape(made)}</p>',
        f"<h2>{_words('card', language)}</h2>",
        _value(customer, language),
    ]
    for title, entries in sections.items():
        parts.append(f"<h2>{_words(title, language)} ({len(entries)})</h2>")
        found = "".join(f'<div class="entry">{_value(entry, language)}</div>' for entry in entries)
        parts.append(found or f"<p>{_words('none', language)}</p>")
    return "".join([*parts, "</body></html>\n"])


def _value(value: Any, language: Language, name: str = "") -> str:
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value).items()
        rows = [(key, part) for key, part in known if not _is_nothing(part) and not _is_inner(key, part)]
        cells = "".join(f"<tr><th>{_words(key, language)}</th><td>{_value(part, language, key)}</td></tr>" for key, part in rows)
        return f"<table>{cells}</table>"
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if any(isinstance(item, dict) for item in items):
            return "".join(f'<div class="entry">{_value(item, language)}</div>' for item in items)
        return ", ".join(_value(item, language) for item in items)
    if isinstance(value, bool):
        return escape(word("yes" if value else "no", language) or "")
    if name == "file":
        return f'<a href="{escape(quote(str(value)))}">{escape(str(value))}</a>'
    text = (word(str(value), language) if name in ENUMERATED else None) or _MOMENT.sub(r"\1 \2 UTC", str(value))
    return f'<span dir="auto">{escape(text)}</span>'


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_inner(name: str, value: Any) -> bool:
    """Ids say nothing to a person; the JSON has them."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value)) and (name == "id" or name.endswith("_id"))


def _words(name: str, language: Language) -> str:
    text = word(name, language)
    if text is None and "." in name:
        # A part of a field: consent.email.
        whole, _, part = name.partition(".")
        text = f"{word(whole, language) or whole}: {word(part, language) or part}"
    text = text or name.replace("_", " ")
    return escape(text[:1].upper() + text[1:])
