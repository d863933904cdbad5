"""What asks something of a person, and in which order (docs/figures.md, *Waiting for you*).

**Order.** What most effort hangs on comes first, in person-weeks as the engine stores them; then what has waited
longest. `alignment.waiting.effort` says how much hangs on what. Asks about one thing are one entry, which weighs as
much as the heaviest of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import CharField, DateField, F, FloatField, IntegerField, JSONField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from lib.log.kinds import Ref

COLUMNS = tuple(f"ask_{name}" for name in ("source", "id", "place", "kind", "thing", "weight", "since", "held", "told"))


class Held(StrEnum):
    """Why somebody is not asked yet. Figures never wait for it."""

    NO = ""
    TEAMS = "teams"
    """A new finding is its team's own for TEAMS_DAYS."""
    PUBLISHED = "published"
    """What was just published asks nothing for PUBLISHED_DAYS."""


TEAMS_DAYS, PUBLISHED_DAYS = dt.timedelta(days=7), dt.timedelta(days=3)


@dataclass(frozen=True)
class Ask:
    """One thing that asks: the row `pk` of a `source`, about the `thing` (kind, id), on which `weight` person-weeks
    hang, since a day. `told` has what a sentence about it needs, where the row need not be read for that."""

    source: str
    pk: int
    place: int
    thing: Ref
    weight: float
    since: dt.date
    held: Held
    told: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Entry:
    """The asks about one thing, the strongest first."""

    thing: Ref
    asks: list[Ask]

    @property
    def weight(self) -> float:
        return max(ask.weight for ask in self.asks)

    @property
    def since(self) -> dt.date:
        return min(ask.since for ask in self.asks)

    @property
    def name(self) -> str:
        """What pages and addresses call it."""
        return f"{self.thing[0]}-{self.thing[1]}"


@dataclass(frozen=True)
class Waiting:
    """The entries in their order. `held` counts the things that ask nothing yet, by why; `is_whole` is false where
    there are more asks than were read."""

    entries: list[Entry] = field(default_factory=list)
    held: Mapping[Held, int] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def count(self) -> int:
        return len(self.entries)


def asks(
    rows: QuerySet[Any],
    source: str,
    *,
    kind: Any,
    thing: Any,
    weight: Any = 0.0,
    since: Any,
    place: Any = 0,
    held: Any = Held.NO,
    told: Any = None,
) -> QuerySet[Any, Any]:
    """`rows` with the columns of an Ask, to be united with those of other sources. What is an expression is of the
    row, anything else is of all of them."""
    values = {
        "source": _value(source, CharField()),
        "id": F("pk"),
        "place": _value(place, IntegerField()),
        "kind": _value(kind, CharField()),
        "thing": F(thing) if isinstance(thing, str) else thing,
        "weight": Cast(Coalesce(_value(weight, FloatField()), 0.0, output_field=FloatField()), FloatField()),
        "since": Cast(_value(since, DateField()), DateField()),
        "held": _value(held, CharField()),
        "told": _value(told, JSONField()),
    }
    found: QuerySet[Any] = rows.order_by().annotate(**{f"ask_{name}": value for name, value in values.items()})
    return found.values_list(*COLUMNS)


def _value(value: Any, of: Any) -> Any:
    return value if hasattr(value, "resolve_expression") else Value(str(value) if value in {*Held} else value, of)


def ask_of(row: tuple[Any, ...]) -> Ask:
    source, pk, place, kind, thing, weight, since, held, told = row
    return Ask(source, pk, place, (kind, thing), weight, since, Held(held), told)


def entries_of(found: Iterable[Ask]) -> list[Entry]:
    """One for each thing, in order. An ask that came by several ways is one."""
    once = {(ask.source, ask.pk): ask for ask in found}.values()
    by_thing = groupby(sorted(once, key=_in_entry), key=lambda ask: ask.thing)
    entries = [Entry(thing, list(of)) for thing, of in by_thing]
    return sorted(entries, key=lambda entry: (-entry.weight, entry.since, entry.thing))


def _in_entry(ask: Ask) -> tuple[Any, ...]:
    return (ask.thing, -ask.weight, ask.place, ask.since, ask.source, ask.pk)
