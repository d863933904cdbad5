"""The pages for a fault: read once, when the program starts, and rendered without templates, static files or Django."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

RETRY_SECONDS = 3
STYLE = "/static/css/plain.css"
LINE = 80

_FOLDER = Path(__file__).resolve().parent
_BROKEN, _AWAY = (Template((_FOLDER / f"{name}.html").read_text(encoding="utf-8")) for name in ("broken", "away"))
_REFRESH = f'<meta http-equiv="refresh" content="{RETRY_SECONDS}">'
_READING = "A part of Throughline is starting again. This page looks again by itself every few seconds."
_WRITING = (
    "A part of Throughline is starting again, and what you did was not saved. Go back in a moment: what you typed is"
    " still in the form, and can be sent again."
)


Texts = Sequence[tuple[str, str]]
"""Labels and texts of what was typed, to be copied."""


def broken_page(reference: str, texts: Texts = ()) -> str:
    """`reference` is the request's id, which holds nothing to escape (config.logs.request_id)."""
    return _BROKEN.substitute(reference=reference or "(none)", typed=_copies(texts))


def away_page(method: str, texts: Texts = ()) -> str:
    """Loads itself again where that repeats nothing and loses nothing."""
    reads = method in {"GET", "HEAD"}
    advice = _READING if reads else _WRITING
    return _AWAY.substitute(refresh=_REFRESH if reads else "", advice=advice, typed=_copies(texts))


def _copies(texts: Texts) -> str:
    fields = (
        f'<p><label for="typed_{number}">{escape(label)}</label>'
        f'<textarea id="typed_{number}" rows="{8 if len(text) > LINE else 2}" readonly>\n{escape(text)}</textarea></p>'
        for number, (label, text) in enumerate(texts, start=1)
    )
    return "".join(["<h2>What you typed</h2>", *fields]) if texts else ""
