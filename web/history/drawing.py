"""What happened, as pages show it: by day, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.urls import reverse

from alignment.narrative.timeline import Told, told
from alignment.selectors.timeline import belonging_to, timeline, without_words
from lib.http.access import query
from lib.log.kinds import Ref
from lib.services.dates import day_in
from lib.text.days import day
from lib.text.differences import Piece
from lib.text.spans import Line, Span
from strategy.narrative import Said
from teams.models import LogEntry, Person
from web.home.items import Item, Text, line_item
from web.readers import zone_of

LATELY = 3
LONG = 400
"""Characters of a text beyond which its words are folded."""
ENTRY = "entry"


@dataclass(frozen=True)
class Detail:
    """What an entry changed; `is_long` where its words are folded."""

    said: Sequence[Text]
    words: Sequence[Piece]
    is_long: bool


@dataclass(frozen=True)
class Row:
    """An entry: `id` for its address, `url`, which leads to it, and the time of the reader's zone."""

    id: str
    url: str
    time: str
    said: Sequence[Text]
    details: Sequence[Detail]


@dataclass(frozen=True)
class Day:
    day: dt.date
    rows: Sequence[Row]


@dataclass(frozen=True)
class Lately:
    """The last things that happened, on the page of a thing; `url` leads to all of them."""

    items: Sequence[Item]
    url: str


def days_of(entries: Iterable[LogEntry], reader: Person, params: Mapping[str, str]) -> list[Day]:
    """`entries` of `timeline`, in its order; `params` are those of the page, which the addresses of entries keep."""
    entries, zone = list(entries), zone_of(reader)
    silent = without_words(entries, reader)
    rows = [
        (day_in(zone, each.at), _row(each, told(each, words=each.pk not in silent), zone, params)) for each in entries
    ]
    return [Day(of, [row for _day, row in those]) for of, those in groupby(rows, key=lambda row: row[0])]


def period_of(days: Sequence[Day]) -> str:
    """The days of a page, in words."""
    if not days:
        return "No entry"
    first, last = days[-1].day, days[0].day
    return day(last) if first == last else f"{day(last)} back to {day(first)}"


def _row(entry: LogEntry, said: Told, zone: str, params: Mapping[str, str]) -> Row:
    name = f"{ENTRY}-{entry.pk}"
    return Row(
        id=name,
        url=f"{query(params, after=None, entry=str(entry.pk))}#{name}",
        time=f"{entry.at.astimezone(ZoneInfo(zone)):%H:%M}",
        said=_texts(said.said),
        details=[_detail(each) for each in said.details],
    )


def _detail(said: Said) -> Detail:
    return Detail(_texts(said.said), said.words, sum(len(piece.text) for piece in said.words) > LONG)


def _texts(spans: Iterable[Span]) -> list[Text]:
    return [Text(span.text, span.path) for span in spans]


def lately(thing: Ref, reader: Person, page: str, *key: object) -> Lately:
    """One query."""
    zone = zone_of(reader)
    rows = timeline(reader, belonging_to(thing)).order_by("-id")[:LATELY]
    said = [line_item(Line(told(each, words=False).said), aside=day(day_in(zone, each.at))) for each in rows]
    return Lately(said, reverse(page, args=key))
