"""Snapshots: what an edition holds of a strategy, read from the live rows, and what a reader may see of one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func

from lib.log.values import values_of
from strategy.enums import GoalStatus, Visibility
from strategy.models import Edition, EditionGoal, Goal, Measure, Strategy
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS, Snapshot

Json = Mapping[str, Any]


@dataclass(frozen=True)
class LiveGoal:
    """A goal that is in editions of the strategy with this id, and what they say of it."""

    strategy: int
    says: dict[str, Any]
    hidden: bool


def own_text(strategy: Strategy) -> dict[str, Any]:
    """What an edition says of the strategy itself."""
    return values_of(strategy, STRATEGY_FIELDS)


def live_goals(ids: Collection[int], *, added: Collection[int] = ()) -> dict[int, LiveGoal]:
    """Those of the goals `ids` that are in editions: company goals that are neither drafts nor below one, nor below a
    team's goal. The drafts `added` are taken to be active. Two queries, none without `ids`.
    """
    if not ids:
        return {}
    lines = Goal.objects.filter(pk__in=ids).order_by().values(pk=Func(F("path"), function="unnest"))
    rows: dict[int, Goal] = {goal.pk: goal for goal in Goal.objects.filter(pk__in=lines)}
    found = {}
    for pk in sorted(rows.keys() & set(ids)):
        path = [rows[step] for step in rows[pk].path]
        strategy = path[0].strategy_id
        outside = any(row.team_id or (row.status == GoalStatus.DRAFT and row.pk not in added) for row in path)
        if strategy is not None and not outside:
            hidden = any(row.visibility == Visibility.LEADERS for row in path)
            found[pk] = LiveGoal(strategy, _goal(rows[pk]), hidden)
    for measure in Measure.objects.filter(goal__in=found).order_by("pk") if found else ():
        held = found[measure.goal_id].says["measures"]
        held[str(measure.pk)] = {"key": _first(measure), **values_of(measure, MEASURE_FIELDS)}
    return found


def goals_in(strategies: Collection[int]) -> set[int]:
    """The ids of all company goals in these strategies. One query."""
    tops = Goal.objects.filter(strategy__in=strategies).order_by().values("pk")
    return set(Goal.objects.filter(team=None, path__0__in=tops).order_by().values_list("pk", flat=True))


def goals_below(ids: Collection[int]) -> set[int]:
    """The ids of these goals, and of all below them. One query."""
    return {*ids, *Goal.objects.filter(path__overlap=[0, *ids]).order_by().values_list("pk", flat=True)}


def snapshots(strategies: Collection[Strategy]) -> dict[int, Snapshot]:
    """By strategy, what an edition made now would hold. Three queries."""
    made: dict[int, Snapshot] = {row.pk: own_text(row) | {"goals": {}} for row in strategies}
    for pk, goal in live_goals(goals_in(made)).items():
        made[goal.strategy]["goals"][str(pk)] = goal.says
    return made


def snapshot_of(edition: Edition) -> Snapshot:
    """What an edition holds. One query."""
    rows = said_last([edition.strategy_id], until=edition.number)
    goals = {str(goal): row.says for (_strategy, goal), row in rows.items() if row.says is not None}
    return {**edition.says, "goals": goals}


def said_last(
    strategies: Collection[int], goals: Collection[int] | None = None, *, until: int | None = None
) -> dict[tuple[int, int], EditionGoal]:
    """By strategy and goal, the last that its editions say of it, up to the number `until`: of `goals`, or of all. One
    query."""
    rows: Any = EditionGoal.objects.filter(edition__strategy__in=strategies).annotate(of=F("edition__strategy_id"))
    if goals is not None:
        rows = rows.filter(goal__in=goals)
    if until is not None:
        rows = rows.filter(edition__number__lte=until)
    last = rows.order_by("edition__strategy_id", "goal_id", "-edition__number")
    last = last.distinct("edition__strategy_id", "goal_id")
    return {(row.of, row.goal_id): row for row in last}


def _goal(goal: Goal) -> dict[str, Any]:
    return {"key": _first(goal), "parent": goal.parent_id, **values_of(goal, GOAL_FIELDS), "measures": {}}


def _first(row: Goal | Measure) -> str:
    """The key that it was made with, which stays the same when it gets a readable one."""
    return row.first_key or row.key


def children(snapshot: Json) -> dict[int | None, list[int]]:
    """The ids of the goals below each goal, and of those at the top (None), the heaviest first: an order that is set by
    hand is in no edition.
    """
    found: defaultdict[int | None, list[int]] = defaultdict(list)
    for pk, goal in snapshot["goals"].items():
        found[goal["parent"]].append(int(pk))
    goals = snapshot["goals"]
    for below in found.values():
        below.sort(key=lambda pk: (-float(goals[str(pk)]["weight"]), goals[str(pk)]["title"].casefold(), pk))
    return found


def in_order(snapshot: Json) -> Iterator[tuple[int, int]]:
    """Each goal's id with its depth (0 at the top), as the tree is read."""
    below = children(snapshot)
    waiting = [(pk, 0) for pk in reversed(below[None])]
    while waiting:
        pk, depth = waiting.pop()
        yield pk, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]


def confidential_in(snapshot: Json) -> set[int]:
    """The ids of its goals that are marked for leaders, or below such a goal."""
    found: set[int] = set()
    for pk, _depth in in_order(snapshot):
        goal = snapshot["goals"][str(pk)]
        if goal["visibility"] == Visibility.LEADERS or goal["parent"] in found:
            found.add(pk)
    return found


def day_of(text: str | None) -> dt.date | None:
    """A day of a snapshot."""
    return dt.date.fromisoformat(text) if text else None


def goal_ids(*held: Json) -> set[int]:
    return {int(pk) for snapshot in held for pk in snapshot["goals"]}


def seen_of(snapshot: Json, visible: Collection[int] | None) -> Snapshot:
    """What a reader may know of it, who sees the goals `visible` today (None: everything): neither a goal that they may
    not see today, nor one that was for leaders then, nor what is below either.
    """
    if visible is None:
        return dict(snapshot)
    hidden, goals = confidential_in(snapshot), {}
    for pk, _depth in in_order(snapshot):
        goal = snapshot["goals"][str(pk)]
        above = goal["parent"] is None or str(goal["parent"]) in goals
        if above and pk in visible and pk not in hidden:
            goals[str(pk)] = goal
    return {**snapshot, "goals": goals}
