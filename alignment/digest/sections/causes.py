"""What moved coverage, in sentences: "Publishing “Win DACH” added 3.2 points." A point is a hundredth of all
discretionary effort; those that are said add up to the change that they explain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from alignment.narrative.naming import Knowing, Naming
from alignment.selectors.movements import Moved, Movement
from alignment.selectors.named import Named, named
from lib.text.numbers import points
from lib.text.spans import Line, Span
from teams.enums import InitiativeKind, InitiativeStatus
from teams.models import LogEntry, Person

TENTHS = 1000
"""So many tenths of a point are all of coverage."""
ALONE = 0.1
"""Among many causes, one with less than this part of all that moved is not told alone."""
UNMOVED = 1e-9
DAYS = "alignment.recomputed"
BEGAN_OR_ENDED = "Goals or strategies began, or came to their end."


@dataclass(frozen=True)
class Words:
    """`one` names what an entry is about, `many` how many entries there are of its sort."""

    one: str
    many: str


PASSING = Words("The passing of days", "The passing of days")
WORDS = {
    DAYS: PASSING,
    "company.imported": Words("An import", "{count} imports"),
    "strategy.published": Words("Publishing {strategy}", "Publishing {count} strategies"),
    "strategy.unpublished": Words("Taking back the publication of {strategy}", "Taking back {count} publications"),
    "strategy.archived": Words("Archiving {strategy}", "Archiving {count} strategies"),
    "strategy.restored": Words("Restoring {strategy}", "Restoring {count} strategies"),
    "strategy.edited": Words("New dates of {strategy}", "New dates of {count} strategies"),
    "goal.activated": Words("Activating {goal}", "Activating {count} goals"),
    "goal.closed": Words("Closing {goal}", "Closing {count} goals"),
    "goal.reopened": Words("Reopening {goal}", "Reopening {count} goals"),
    "goal.moved": Words("Moving {goal}", "Moving {count} goals"),
    "goal.edited": Words("Editing {goal}", "Editing {count} goals"),
    "link.made": Words("Linking {work} to {goal}", "{count} new links"),
    "link.restored": Words("Linking {work} to {goal} again", "Restoring {count} links"),
    "link.removed": Words("Taking away the link of {work} to {goal}", "Taking away {count} links"),
    "link.edited": Words("Editing the link of {work} to {goal}", "Editing {count} links"),
    "link.disputed": Words("Disputing the link of {work} to {goal}", "Disputing {count} links"),
    "link.endorsed": Words("Endorsing the link of {work} to {goal}", "Endorsing {count} links"),
    "link.judgement_withdrawn": Words(
        "Taking back the dispute over {work} and {goal}", "Taking back {count} disputes over links"
    ),
    "initiative.shares_set": Words("New shares of {work}", "New shares of {count} initiatives"),
    "initiative.created": Words("Starting {work}", "Starting {count} initiatives"),
    "initiative.resumed": Words("Taking up {work} again", "Taking up {count} initiatives again"),
    "initiative.proposed": Words("Putting {work} back to the proposals", "Putting {count} initiatives back"),
    "initiative.paused": Words("Pausing {work}", "Pausing {count} initiatives"),
    "initiative.done": Words("Finishing {work}", "Finishing {count} initiatives"),
    "initiative.dropped": Words("Dropping {work}", "Dropping {count} initiatives"),
    "initiative.sized": Words("Sizing {work} anew", "Sizing {count} initiatives anew"),
    "initiative.handed_over": Words("Handing {work} to another team", "Handing {count} initiatives to other teams"),
    "initiative.explore": Words("Declaring {work} an exploration", "Declaring {count} explorations"),
    "initiative.sustain": Words("Declaring {work} upkeep", "Declaring {count} initiatives upkeep"),
    "initiative.goal": Words("Declaring {work} goal work", "Declaring {count} initiatives goal work"),
    "initiative.undone": Words("Undoing an edit of {work}", "Undoing edits of {count} initiatives"),
}
"""By the sort of an entry (`sort_of`)."""
OTHERS = {
    "strategy": Words("Editing {strategy}", "Editing {count} strategies"),
    "goal": Words("Editing {goal}", "Editing {count} goals"),
    "initiative": Words("Editing {work}", "Editing {count} initiatives"),
}
"""By the kind of its subject, for sorts without words of their own."""
REST = Words("Another change", "{count} other changes")


def words_of(entry: LogEntry) -> Words:
    return WORDS.get(sort_of(entry)) or OTHERS.get(entry.subject_type, REST)


def sort_of(entry: LogEntry) -> str:
    """Its action; of edits of work, what they did."""
    changes = entry.data.get("changes", {})
    if entry.action == "initiative.kind_declared" and "kind" in changes:
        return f"initiative.{InitiativeKind(changes['kind'][1])}"
    if entry.action == "initiative.status_changed" and "status" in changes:
        before, after = changes["status"]
        if after == InitiativeStatus.ACTIVE:
            return "initiative.created" if before == InitiativeStatus.PROPOSED else "initiative.resumed"
        return f"initiative.{InitiativeStatus(after)}"
    if entry.action == "initiative.edited":
        return next((sort for name, sort in _EDITS.items() if name in changes), entry.action)
    return entry.action


_EDITS = {"team": "initiative.handed_over", "effort": "initiative.sized"}


@dataclass(frozen=True)
class Reason:
    """Entries that are told together, and by how many tenths of a point they moved coverage."""

    entries: tuple[LogEntry, ...]
    tenths: int

    @cached_property
    def words(self) -> Words:
        several = len({sort_of(entry) for entry in self.entries}) > 1
        return REST if several else words_of(self.entries[0])


class Reasons:
    """What there is to say of movements, by team (None: the company), with the names that it takes: three queries,
    or those of `names`."""

    def __init__(
        self,
        batch: Knowing,
        movements: Mapping[int | None, Movement],
        *,
        limit: int,
        names: Callable[[Iterable[LogEntry]], Named] = named,
    ) -> None:
        """Of each movement at most `limit` sentences, and one of the rest."""
        self._of = {team: found(movement, limit) for team, movement in movements.items()}
        told = [reason for reasons in self._of.values() for reason in reasons]
        self._naming = Naming(names(reason.entries[0] for reason in told), batch.confidential)

    def lines(self, team: int | None, person: Person) -> tuple[Line, ...]:
        """As `person` may know them, the largest change first and the rest last; no query."""
        return tuple(self._line(reason, person) for reason in self._of[team])

    def _line(self, reason: Reason, person: Person) -> Line:
        entry, count = reason.entries[0], len(reason.entries)
        words = reason.words.one if count == 1 else reason.words.many.format(count=count)
        verb = "added" if reason.tenths > 0 else "took"
        moved = Span(f" {verb} {points(reason.tenths / TENTHS)}.")
        detail = BEGAN_OR_ENDED if words == PASSING.one else ""
        return Line((*self._naming.spans(words, entry, person), moved), detail)


def found(movement: Movement, limit: int) -> list[Reason]:
    """At most `limit` reasons, the largest first, and one for the rest. Entries that left coverage where it was are not
    among them; days that passed are one; of many entries, small ones of one sort are told together."""
    groups = _grouped(_units(movement), limit)
    tenths = apportioned([_moved(group) * TENTHS for group in groups])
    reasons = [Reason(tuple(each.entry for each in group), moved) for group, moved in zip(groups, tenths, strict=True)]
    return [reason for reason in reasons if reason.tenths]


def apportioned(values: Sequence[float]) -> list[int]:
    """Whole numbers next to `values` that add up to their sum, rounded (by the largest remainders)."""
    floors = [math.floor(value) for value in values]
    left = round(sum(values)) - sum(floors)
    upward = set(sorted(range(len(values)), key=lambda at: floors[at] - values[at])[:left])
    return [floor + (at in upward) for at, floor in enumerate(floors)]


def _units(movement: Movement) -> list[list[Moved]]:
    """What moved coverage, each entry for itself but for the days that passed."""
    moved = [each for each in movement.causes if each.coverage is not None and abs(each.coverage) > UNMOVED]
    days = [each for each in moved if each.entry.action == DAYS]
    return [*([each] for each in moved if each.entry.action != DAYS), *([days] if days else [])]


def _grouped(units: list[list[Moved]], limit: int) -> list[list[Moved]]:
    """The largest first; where there are more than `limit`, what is not told alone by its sort, and the rest last."""
    units = _largest_first(units)
    if len(units) <= limit:
        return units
    all_of_it = sum(abs(_moved(unit)) for unit in units)
    alone = [unit for unit in units[:limit] if abs(_moved(unit)) >= ALONE * all_of_it]
    sorts: dict[str, list[Moved]] = {}
    for unit in units[len(alone) :]:
        sorts.setdefault(sort_of(unit[0].entry), []).extend(unit)
    together, room = _largest_first(list(sorts.values())), limit - len(alone)
    rest = [each for group in together[room:] for each in group]
    return [*_largest_first([*alone, *together[:room]]), *([rest] if rest else [])]


def _largest_first(groups: list[list[Moved]]) -> list[list[Moved]]:
    return sorted(groups, key=lambda group: -abs(_moved(group)))


def _moved(group: list[Moved]) -> float:
    return sum(each.coverage or 0.0 for each in group)
