"""Says which goals take the place of one: rows beside an edit of the goal, which their callers log."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError

from lib.log.values import Pairs
from strategy.models import Goal, GoalSuccessor
from strategy.selectors.successors import MOST, possible_successors
from teams.models import LogEntry, Person

GONE = "A goal you chose is not active any more, or not everybody who sees this one may see it. Choose another one."
TOO_MANY = f"Choose at most {MOST}: each team takes one of them."


def name_successors(row: Goal, goals: Collection[Goal], actor: Person) -> Pairs:
    """Sets those of its successors that could be chosen; drafts stay. Returns the change for the log. Raises
    ValidationError on `successors`."""
    wanted = {goal.pk for goal in goals}
    possible = possible_successors(row, actor)
    if possible.filter(pk__in=wanted).count() != len(wanted):
        raise ValidationError({"successors": GONE})
    if len(wanted) > MOST:
        raise ValidationError({"successors": TOO_MANY})
    before = set(possible.filter(follows=row.pk).values_list("pk", flat=True))
    return _exchange(row, before, wanted)


def successors_before(row: Goal, closing: LogEntry | None) -> Pairs:
    """Takes back what its `closing` said of its successors. Returns the change for the log."""
    before, after = closing.changes.get("successors", [[], []]) if closing is not None else ([], [])
    there = Goal.objects.filter(pk__in=before).values_list("pk", flat=True)
    return _exchange(row, set(after or []), set(there))


def _exchange(row: Goal, before: set[int], after: set[int]) -> Pairs:
    if before == after:
        return {}
    rows = GoalSuccessor.objects.filter(goal=row)
    rows.filter(successor__in=before - after).delete()
    made = [GoalSuccessor(goal=row, successor_id=pk) for pk in sorted(after - before)]
    GoalSuccessor.objects.bulk_create(made, ignore_conflicts=True)
    return {"successors": [sorted(before), sorted(after)]}
