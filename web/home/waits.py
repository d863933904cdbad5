"""The short form of the list of what waits for the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse

from alignment.narrative.flags import counted_flags
from lib.http.access import query
from lib.text.numbers import number
from teams.enums import Role
from web.home.context import HomeContext, asks_shown
from web.waiting.drawing import Drawn, drawn_entries
from web.waiting.words import held_said, things_text

BACK = "home"


@dataclass(frozen=True)
class WaitingPart:
    """The first entries; `count` says how many there are, `more` leads to all of them, '' where all are here. `held`
    says what does not ask yet, `keeping` is one line of housekeeping: pairs (text, url)."""

    template: ClassVar[str] = "home/_home_waiting.html"

    entries: Sequence[Drawn]
    count: str
    more: str
    held: Sequence[str]
    keeping: Sequence[tuple[str, str]]


def waits(context: HomeContext) -> list[WaitingPart]:
    """The first things that wait for the reader, and how many there are (DESIGN.md, *Conversations*)."""
    found, leads = context.waiting, context.reader.role == Role.LEADER
    keeping = list(_keeping(context)) if leads else []
    held = list(held_said(found))
    if not (found.entries or keeping or held or leads):
        return []
    most = asks_shown(context.reader)
    first, rest = found.entries[:most], found.entries[most:]
    return [
        WaitingPart(
            entries=drawn_entries(first, context.drawing, back=BACK, after=rest[0].name if rest else ""),
            count=things_text(found) if found.entries else "",
            more=f"See all {number(found.count)}" if rest else "",
            held=held,
            keeping=keeping,
        )
    ]


def _keeping(context: HomeContext) -> Iterator[tuple[str, str]]:
    """The housekeeping of goals, as one line."""
    for code, how_many in context.front.keeping.items():
        yield counted_flags(code, how_many), reverse("flag_list") + query({}, code=code)
