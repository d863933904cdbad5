"""Takes a published edition back: what its write did is undone, entry by entry of the log, the last first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import made, removed, stored
from lib.services.changes import Changes, announce, gathered, together
from lib.services.edits import locked, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import EditionKind, GoalStatus
from strategy.models import Edition, Goal, Measure, Strategy
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS
from strategy.selectors.differences import fields_changed, goal_change
from strategy.selectors.snapshots import live_goals, own_text, said_last
from strategy.selectors.taking_back import CHANGED, FOLLOWED, Done, what_rests_on, what_was_done, why_it_stays
from strategy.services import goal_rules
from strategy.services.editions import UNDOES, because_of
from strategy.services.goals import tell_goal
from strategy.services.measure_rules import name_again, release, released_links_note
from strategy.services.periods import DATES
from strategy.services.strategies import root_ids, unpublish_strategy
from strategy.services.successors import successors_before
from teams.models import LogEntry, Person
from teams.services.log import record
from teams.services.undo import as_it_was

SAY_WHY = "Say why it is taken back: it is read with the next edition of the strategy."
CHECKED_IN = "Somebody has checked in on “{}” since, and check-ins are kept. Amend the strategy instead."
MEANT = ("meaning_changed_on", "meaning_changed_at")
"""Fields of a goal by which its links are asked to be confirmed."""
OF_NO_EDITION = {"owner", "keeper"}
By = dict[str, Any]


@writes(permission="strategy.publish_strategy", of="strategy", alone=True)
def take_back_edition(edition: Edition, *, actor: Person, at: dt.datetime, because: str) -> Strategy:
    """Makes what is published say what it said before `edition`, in an edition of its own, which has `because`; a
    strategy that it published becomes a draft again. Owners, the order by hand and check-ins stay as they are.

    Raises ValidationError on `because` where it is blank, RefusedError for whatever stands against it
    (strategy.selectors.taking_back).
    """
    strategy = locked(edition.strategy)
    because_of(because)
    if not tidy(because):
        raise ValidationError({"because": SAY_WHY})
    return undo_edition(edition, strategy, actor=actor, at=at)


def undo_edition(edition: Edition, strategy: Strategy, *, actor: Person, at: dt.datetime) -> Strategy:
    """As `take_back_edition`, also for a caller that takes it back again (`rehearsed`)."""
    done = check_taken_back(edition, at)
    if edition.kind == EditionKind.PUBLISHED:
        return unpublish_strategy(strategy, actor=actor, at=at)
    note = {"edition": edition.number}
    entry = record("strategy.edition_taken_back", actor=actor, at=at, subject=strategy, note=note)
    with gathered() as announced:
        for each in reversed(_edits_in(done)):
            UNDO[each.action](each, {"actor": actor, "at": at})
    _check_says_as_before(done)
    announce(together(announced), cause=entry.pk, at=at)
    return locked(strategy)


def check_taken_back(edition: Edition, at: dt.datetime) -> Done:
    """What is to be undone. Raises RefusedError."""
    if stays := why_it_stays(edition, at, followed=False):
        raise RefusedError(stays)
    done = what_was_done(edition)
    if stays := what_rests_on(done):
        raise RefusedError(stays)
    if any(each.at != edition.at for each in _edits_in(done)):
        raise RefusedError(CHANGED)
    return done


def _edits_in(done: Done) -> list[LogEntry]:
    """Those of its entries that changed something that editions hold."""
    held = [each for each in done.entries if not each.changes or each.changes.keys() - OF_NO_EDITION]
    return [each for each in held if each.action in UNDO]


def _check_says_as_before(done: Done) -> None:
    """Whether the goals that they changed, and their strategies, say what they said before these editions. Raises
    RefusedError."""
    now = live_goals(done.goals)
    for each in done.editions:
        before = Edition.objects.filter(strategy=each.strategy_id, number=each.number - 1).first()
        if before is None:
            raise RefusedError(FOLLOWED)
        said = said_last([each.strategy_id], done.goals, until=before.number)
        was = {goal: row.says for (_strategy, goal), row in said.items() if row.says is not None}
        here = {pk: goal.says for pk, goal in now.items() if goal.strategy == each.strategy_id}
        own = own_text(Strategy.objects.get(pk=each.strategy_id))
        differs = any(goal_change(pk, was.get(pk), here.get(pk)) for pk in {*was, *here})
        if differs or fields_changed(before.says, own, STRATEGY_FIELDS):
            raise RefusedError(CHANGED)


def _strategy(entry: LogEntry, by: By) -> None:
    row = locked(Strategy.objects.get(pk=entry.subject_id or 0))
    changes = revise(row, **_before(row, entry, STRATEGY_FIELDS))
    if changes:
        told = record("strategy.edited", subject=row, changes=changes, note={UNDOES: entry.pk}, **by)
        if changes.keys() & {*DATES}:
            announce(Changes(goals=root_ids(row), strategies=[row.pk]), cause=told.pk, at=by["at"])


def _goal(entry: LogEntry, by: By) -> None:
    row = _goal_of(entry)
    meant = [name for name in MEANT if name in entry.changes and _is_as_left(row, entry, name)]
    changes = revise(row, **_before(row, entry, GOAL_FIELDS), **_before(row, entry, meant))
    tell_goal("goal.edited", row, changes, undoes=entry, **by)


def _activation(entry: LogEntry, by: By) -> None:
    row = _goal_of(entry)
    tell_goal("goal.deactivated", row, revise(row, status=GoalStatus.DRAFT), undoes=entry, **by)


def _closing(entry: LogEntry, by: By) -> None:
    row = _goal_of(entry)
    changes = goal_rules.reopen(row) | successors_before(row, entry)
    tell_goal("goal.reopened", row, changes, undoes=entry, **by)


def _reopening(entry: LogEntry, by: By) -> None:
    row = _goal_of(entry)
    changes = revise(row, **_before(row, entry, ("status", "closed_on", "closing_reason", "learned")))
    tell_goal("goal.closed", row, changes | successors_before(row, entry), undoes=entry, **by)


def _move(entry: LogEntry, by: By) -> None:
    row = _goal_of(entry)
    left, place = row.parent_id, {"parent": row.parent_id, "strategy": row.strategy_id}
    place |= {name: pair[0] for name, pair in entry.changes.items() if name in place}
    parent = Goal.objects.filter(pk=place["parent"] or 0).first()
    strategy = Strategy.objects.filter(pk=place["strategy"] or 0).first()
    changes, links = goal_rules.place(row, parent=parent, strategy=strategy)
    name_again(entry.note.get("measures", {}), Measure.objects.filter(goal__path__contains=[row.pk]))
    tell_goal("goal.moved", row, changes, left, links=links, undoes=entry, **by)


def _new_measure(entry: LogEntry, by: By) -> None:
    row = _measure_of(entry)
    if row is None:
        return
    told = released_links_note(release(Measure.objects.filter(pk=row.pk)))
    told["note"] |= {UNDOES: entry.pk}
    made_anew = record("measure.removed", subject=row, changes=removed(row), **told, **by)
    goal = row.goal_id
    row.delete()
    announce(Changes(above=[goal]), cause=made_anew.pk, at=by["at"])


def _measure(entry: LogEntry, by: By) -> None:
    row = _measure_of(entry)
    if row is not None and (changes := revise(row, **_before(row, entry, (*MEASURE_FIELDS, "current")))):
        record("measure.edited", subject=row, changes=changes, note={UNDOES: entry.pk}, **by)


def _no_measure(entry: LogEntry, by: By) -> None:
    row: Measure = as_it_was(entry)
    row.save(force_insert=True)
    again = name_again(entry.note.get("measures", {}), Measure.objects.filter(pk=row.pk))
    told: dict[str, Any] = {"note": {UNDOES: entry.pk}, "refs": [("link", pk) for pk in again]}
    restored = record("measure.created", subject=row, changes=made(row), **told, **by)
    announce(Changes(above=[row.goal_id]), cause=restored.pk, at=by["at"])


UNDO: dict[str, Callable[[LogEntry, By], None]] = {
    "strategy.edited": _strategy,
    "goal.edited": _goal,
    "goal.activated": _activation,
    "goal.closed": _closing,
    "goal.reopened": _reopening,
    "goal.moved": _move,
    "measure.created": _new_measure,
    "measure.edited": _measure,
    "measure.removed": _no_measure,
}
"""By action; whatever else the log tells of these rows is in no edition."""


def _before(row: Any, entry: LogEntry, names: Collection[str]) -> dict[str, Any]:
    """What the fields `names` had before the entry. Raises RefusedError where one is not as the entry left it."""
    wanted = [name for name in names if name in entry.changes]
    if not all(_is_as_left(row, entry, name) for name in wanted):
        raise RefusedError(CHANGED)
    before = entry.before()
    return {name: before.get(name) for name in wanted}


def _is_as_left(row: Any, entry: LogEntry, name: str) -> bool:
    field: Any = row._meta.get_field(name)
    return bool(stored(field, field.value_from_object(row)) == entry.changes[name][1])


def _goal_of(entry: LogEntry) -> Goal:
    found: Goal | None = Goal.objects.filter(pk=entry.subject_id or 0).first()
    if found is None:
        raise RefusedError(CHANGED)
    row: Goal = locked(found)
    return row


def _measure_of(entry: LogEntry) -> Measure | None:
    """None where it was removed later in the same write, which is undone already. Raises RefusedError where somebody
    has checked in since."""
    row = Measure.objects.filter(pk=entry.subject_id or 0).first()
    if row is None:
        return None
    row = locked(row)
    if row.check_ins.filter(at__gt=entry.at).exists():
        raise RefusedError(CHECKED_IN.format(row))
    return row
