"""A dossier as one page of HTML: readable, printable, complete in itself. Everything in it is text; nothing of it can act. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, cast

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


def html(customer: Mapping[str, Any], sections: Mapping[str, Sequence[Any]], *, made_at: datetime, made_by: str) -> str:
    """The page."""
    name = escape(str(customer["display_name"]))
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f'<meta name="robots" content="noindex"><title>{name}</title><style>{_STYLE}</style></head><body>',
        f'<h1 dir="auto">{name}</h1>',
        f'<p class="made">Everything kept about customer no. {escape(str(customer["number"]))},',
        f" put together on {made_at:%Y-%m-%d %H:%M} UTC by {escape(made_by)}.</p>",
        "<h2>Card</h2>",
        _value(customer),
    ]
    for title, entries in sections.items():
        parts.append(f"<h2>{_words(title)} ({len(entries)})</h2>")
        parts.append("".join(f'<div class="entry">{_value(entry)}</div>' for entry in entries) or "<p>None.</p>")
    return "".join([*parts, "</body></html>\n"])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        rows = [(name, part) for name, part in cast("dict[str, Any]", value).items() if not _is_nothing(part) and not _is_inner(name, part)]
        return "<table>" + "".join(f"<tr><th>{_words(name)}</th><td>{_value(part)}</td></tr>" for name, part in rows) + "</table>"
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if any(isinstance(item, dict) for item in items):
            return "".join(f'<div class="entry">{_value(item)}</div>' for item in items)
        return ", ".join(_value(item) for item in items)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _MOMENT.sub(r"\1 \2 UTC", str(value))
    return f'<span dir="auto">{escape(text)}</span>'


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_inner(name: str, value: Any) -> bool:
    """Ids say nothing to a person; the JSON has them."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value)) and (name == "id" or name.endswith("_id"))


def _words(name: str) -> str:
    text = name.replace("_", " ").replace(".", ": ")
    return escape(text[:1].upper() + text[1:])
