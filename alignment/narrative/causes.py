"""What moved coverage, in sentences: "Publishing “Win DACH” added 3.2 points." A point is a hundredth of all
discretionary effort; the points listed add up to the change that they explain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alignment.history.movements import Moved, Movement
from alignment.narrative.naming import Knowing, Naming
from alignment.selectors.named import Named, named
from lib.log.actions import REST, Telling, telling_of
from lib.text.numbers import points
from lib.text.spans import Line, Span
from teams.models import LogEntry, Person

TENTHS = 1000
"""Full coverage in tenths of a point."""
ALONE = 0.1
"""Among many causes, one below this part of the whole movement gets no sentence of its own."""
UNMOVED = 1e-9
DAYS = "alignment.recomputed"


def told_as(entry: LogEntry) -> Telling:
    return telling_of(entry.action, entry.changes)


@dataclass(frozen=True)
class ToldCause:
    """Log entries described in one sentence, and the tenths of a point by which they moved coverage."""

    entries: tuple[LogEntry, ...]
    tenths: int

    @cached_property
    def told(self) -> Telling:
        tellings = {told_as(entry) for entry in self.entries}
        return REST if len(tellings) > 1 else tellings.pop()


class ToldCauses:
    """The sentences about movements, by team (None: the company). `naming` has the names in them. Names take one query,
    or none where `names` has them."""

    def __init__(
        self,
        batch: Knowing,
        movements: Mapping[int | None, Movement],
        *,
        limit: int,
        of_team: int | None = None,
        names: Callable[[Iterable[LogEntry]], Named] = named,
        also: Iterable[LogEntry] = (),
    ) -> None:
        """At most `limit` sentences for each movement (`of_team` for that of a team), and one for the rest. The names
        in the entries `also` are read with theirs."""
        limits = {team: limit if team is None or of_team is None else of_team for team in movements}
        self._of = {team: found(movement, limits[team]) for team, movement in movements.items()}
        told = [reason for reasons in self._of.values() for reason in reasons]
        self.naming = Naming(names([*(reason.entries[0] for reason in told), *also]), batch.confidential)

    def lines(self, team: int | None, person: Person) -> tuple[Line, ...]:
        """The sentences as `person` may see them, the largest change first and the rest last; no query."""
        return tuple(self._line(reason, person) for reason in self._of[team])

    def _line(self, reason: ToldCause, person: Person) -> Line:
        entry, count = reason.entries[0], len(reason.entries)
        words = reason.told.one if count == 1 else reason.told.many.format(count=count)
        verb = "added" if reason.tenths > 0 else "took"
        moved = Span(f" {verb} {points(reason.tenths / TENTHS)}.")
        return Line((*self.naming.spans(words, entry, person), moved), reason.told.detail)


def found(movement: Movement, limit: int) -> list[ToldCause]:
    """At most `limit` causes, the largest first, and one for the rest. Entries that did not move coverage are left out;
    days that passed are one cause; among many entries, small ones of one sort are grouped."""
    groups = _grouped(_units(movement), limit)
    tenths = apportioned([_moved(group) * TENTHS for group in groups])
    reasons = [
        ToldCause(tuple(each.entry for each in group), moved) for group, moved in zip(groups, tenths, strict=True)
    ]
    return [reason for reason in reasons if reason.tenths]


def apportioned(values: Sequence[float]) -> list[int]:
    """Integers close to `values` whose sum is the rounded sum of `values` (by the largest remainders)."""
    floors = [math.floor(value) for value in values]
    left = round(sum(values)) - sum(floors)
    upward = set(sorted(range(len(values)), key=lambda at: floors[at] - values[at])[:left])
    return [floor + (at in upward) for at, floor in enumerate(floors)]


def _units(movement: Movement) -> list[list[Moved]]:
    """The entries that moved coverage, one per group; days that passed are one group."""
    moved = [each for each in movement.causes if each.coverage is not None and abs(each.coverage) > UNMOVED]
    days = [each for each in moved if each.entry.action == DAYS]
    return [*([each] for each in moved if each.entry.action != DAYS), *([days] if days else [])]


def _grouped(units: list[list[Moved]], limit: int) -> list[list[Moved]]:
    """The largest first; beyond `limit`, small ones are grouped by sort, and the rest comes last."""
    units = _largest_first(units)
    if len(units) <= limit:
        return units
    all_of_it = sum(abs(_moved(unit)) for unit in units)
    alone = [unit for unit in units[:limit] if abs(_moved(unit)) >= ALONE * all_of_it]
    sorts: dict[Telling, list[Moved]] = {}
    for unit in units[len(alone) :]:
        sorts.setdefault(told_as(unit[0].entry), []).extend(unit)
    together, room = _largest_first(list(sorts.values())), limit - len(alone)
    rest = [each for group in together[room:] for each in group]
    return [*_largest_first([*alone, *together[:room]]), *([rest] if rest else [])]


def _largest_first(groups: list[list[Moved]]) -> list[list[Moved]]:
    return sorted(groups, key=lambda group: -abs(_moved(group)))


def _moved(group: list[Moved]) -> float:
    return sum(each.coverage or 0.0 for each in group)
