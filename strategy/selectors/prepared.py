"""What publishing an open amendment would change, as the difference that its edition will tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from strategy.enums import EditKind, GoalStatus
from strategy.models import Strategy
from strategy.models.edition import MEASURE_FIELDS
from strategy.selectors.amendments import SUCCESSORS, Planned
from strategy.selectors.differences import Difference, difference
from strategy.selectors.snapshots import live_goals, own_text

Json = dict[str, Any]


def prepared(strategy: Strategy, rows: Sequence[Planned]) -> Difference:
    """Of what is left of the edits `rows`. Two queries. A goal that comes or goes with another one, as it is below
    it, is not in it.
    """
    there = [row for row in rows if not row.is_gone]
    added = {row.edit.goal_id or 0 for row in there if row.kind == EditKind.ACTIVATION}
    now = live_goals({row.edit.goal_id or 0 for row in there}, added=added)
    before: Json = own_text(strategy) | {"goals": {str(pk): goal.says for pk, goal in now.items() if pk not in added}}
    after = deepcopy(before)
    after["goals"] |= {str(pk): deepcopy(now[pk].says) | {"status": GoalStatus.ACTIVE.value} for pk in added & {*now}}
    for row in there:
        _apply(row, after, strategy)
    return difference(before, after)


def _apply(row: Planned, after: Json, strategy: Strategy) -> None:
    values = {name: pair[1] for name, pair in row.left.items() if name != SUCCESSORS}
    if row.kind == EditKind.STRATEGY:
        after.update(values)
        return
    key = str(row.edit.goal_id)
    goal = after["goals"].get(key)
    if goal is None:
        return
    if row.kind == EditKind.MOVE and values.pop("strategy", None) not in (None, strategy.pk):
        del after["goals"][key]
    elif row.kind in {EditKind.NEW_MEASURE, EditKind.MEASURE, EditKind.NO_MEASURE}:
        _apply_to_measures(row, goal["measures"], values)
    else:
        goal.update(values)


def _apply_to_measures(row: Planned, measures: Json, values: Mapping[str, Any]) -> None:
    """A new measure has no id yet."""
    key = str(row.edit.measure_id or -(row.edit.pk or 0))
    if row.kind == EditKind.NO_MEASURE:
        measures.pop(key, None)
    elif row.kind == EditKind.NEW_MEASURE:
        blank = dict.fromkeys(MEASURE_FIELDS) | {"unit": ""}
        measures[key] = blank | {name: value for name, value in values.items() if name in blank}
    elif key in measures:
        measures[key] |= values
