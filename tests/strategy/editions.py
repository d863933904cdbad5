"""What tests need of editions: first ones for what factories published, and whether the last ones are up to date."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import Any

from strategy.enums import EditionKind, StrategyStatus
from strategy.models import Edition, EditionGoal, Strategy
from strategy.models.edition import LATER_FIELDS
from strategy.selectors.differences import Difference, difference
from strategy.selectors.snapshots import confidential_in, said_last, snapshot_of, snapshots
from strategy.services.editions import save_editions
from tests.factories import NOW


def begin_editions() -> None:
    """Gives everything that is published and has none its first edition."""
    rows = [row for row in Strategy.objects.exclude(status=StrategyStatus.DRAFT) if not row.editions.exists()]
    for row, snapshot in zip(rows, snapshots(rows).values(), strict=True):
        add_edition(row, snapshot, kind=EditionKind.BEGUN)


def add_edition(strategy: Strategy, snapshot: dict[str, Any], **values: Any) -> Edition:
    """The next one, as if that had been said; by nobody, at NOW, amended, unless `values` say otherwise."""
    last = strategy.editions.order_by("-number").first()
    before = snapshot_of(last) if last else {"goals": {}}
    made = Edition(strategy=strategy, number=last.number + 1 if last else 1)
    made.says = {name: value for name, value in snapshot.items() if name != "goals"}
    made.at, made.kind, made.of_strategy = NOW, EditionKind.AMENDED, last is None or last.says != made.says
    for name, value in values.items():
        setattr(made, name, value)
    hidden, hidden_before = confidential_in(snapshot), confidential_in(before)
    goals = []
    for change in difference(before, snapshot).goals:
        says = None if change.after is None else dict(change.after)
        goals.append(EditionGoal(goal_id=change.pk, says=says, hidden=change.pk in (hidden if says else hidden_before)))
    save_editions([(made, goals)])
    return made


def assert_taken_back_says_what_was_said_before(strategy: Strategy) -> int:
    """Each edition that took one back holds what the one before that held. Returns how many there are."""
    found = list(strategy.editions.filter(kind=EditionKind.REVERTED))
    for row in found:
        before = strategy.editions.get(number=row.number - 2)
        assert snapshot_of(row) == snapshot_of(before), f"{row} differs from edition {before.number}"
    return len(found)


def last_of(strategy: Strategy) -> Edition:
    return strategy.editions.latest("number")


def assert_editions_are_up_to_date() -> None:
    """The last edition of everything that is published says what the rows say, and who may not know of it."""
    rows = list(Strategy.objects.exclude(status=StrategyStatus.DRAFT))
    live, said = snapshots(rows), said_last([row.pk for row in rows])
    for row in rows:
        last = row.editions.order_by("-number").first()
        assert last is not None, f"{row} has no edition"
        held = snapshot_of(last)
        told = held | {"goals": {pk: _blank() | goal for pk, goal in held["goals"].items()}}
        assert told == live[row.pk], f"{row} says something else than its edition {last.number}"
        made = {goal for (_of, goal), each in said.items() if each.edition_id == last.pk and each.says is not None}
        hidden = {goal for (of, goal), each in said.items() if of == row.pk and goal in made and each.hidden}
        assert hidden == made & confidential_in(held)


def _blank() -> dict[str, Any]:
    """Later fields of a goal, as editions of before do not have them."""
    return dict.fromkeys(LATER_FIELDS, "")


def applied(snapshot: dict[str, Any], found: Difference) -> dict[str, Any]:
    """The snapshot with a difference applied to it, change by change."""
    made = deepcopy(snapshot)
    for field in found.fields:
        assert made[field.name] == field.before
        made[field.name] = field.after
    for goal in found.goals:
        key = str(goal.pk)
        if goal.after is None:
            del made["goals"][key]
        elif goal.before is None:
            assert key not in made["goals"]
            made["goals"][key] = goal.after
        else:
            _apply_to_goal(made["goals"][key], goal)
    return made


def _apply_to_goal(goal: dict[str, Any], change: Any) -> None:
    if change.is_moved:
        goal["parent"] = change.after["parent"]
    for field in change.fields:
        assert goal[field.name] == field.before
        goal[field.name] = field.after
    for measure in change.measures:
        key = str(measure.pk)
        if measure.after is None:
            del goal["measures"][key]
        elif measure.before is None:
            goal["measures"][key] = measure.after
        else:
            goal["measures"][key] |= {field.name: field.after for field in measure.fields}


def assert_differences_add_up(strategy: Strategy) -> None:
    """From the first edition to the last, by the difference of each to the one before; no edition changes nothing."""
    editions = list(strategy.editions.order_by("number"))
    assert [each.number for each in editions] == list(range(1, len(editions) + 1))
    if not editions:
        return
    said = snapshot_of(editions[0])
    for before, after in pairwise(editions):
        found = difference(snapshot_of(before), snapshot_of(after))
        assert found
        assert {goal.pk for goal in found.goals} == {*after.goals.values_list("goal", flat=True)}
        said = applied(said, found)
        assert said == snapshot_of(after)
