"""The difference between two snapshots of a strategy: what became of each field, goal and measure. No query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strategy.enums import CLOSED
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS

Json = Mapping[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """Values as the log has them."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class MeasureChange:
    """`before` is None for a new measure, `after` for one that is gone."""

    pk: int
    before: Json | None
    after: Json | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def title(self) -> str:
        there: Any = self.after or self.before
        return str(there["title"])


@dataclass(frozen=True)
class GoalChange:
    """`before` is None for a goal that came, `after` for one that left: to another strategy, or below a draft."""

    pk: int
    before: Json | None
    after: Json | None
    fields: tuple[FieldChange, ...] = ()
    measures: tuple[MeasureChange, ...] = ()

    @property
    def title(self) -> str:
        there: Any = self.after or self.before
        return str(there["title"])

    @property
    def is_moved(self) -> bool:
        return self.before is not None and self.after is not None and self.before["parent"] != self.after["parent"]

    @property
    def is_closed(self) -> bool:
        return any(each.name == "status" and each.after in CLOSED for each in self.fields)

    @property
    def is_reopened(self) -> bool:
        return any(each.name == "status" and each.before in CLOSED and each.after not in CLOSED for each in self.fields)


@dataclass(frozen=True)
class Difference:
    """`fields` are the strategy's own; `goals` are in the order of their ids."""

    fields: tuple[FieldChange, ...]
    goals: tuple[GoalChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.goals)


def difference(before: Json, after: Json) -> Difference:
    """A field that one of the two does not have, as it was not kept then, is no difference."""
    old, new = before["goals"], after["goals"]
    ids = sorted({*old, *new}, key=int)
    changes = (goal_change(int(pk), old.get(pk), new.get(pk)) for pk in ids if old.get(pk) != new.get(pk))
    return Difference(
        fields_changed(before, after, STRATEGY_FIELDS), tuple(each for each in changes if each is not None)
    )


def goal_change(pk: int, before: Json | None, after: Json | None) -> GoalChange | None:
    """None where nothing that is compared differs."""
    if before is None or after is None:
        return GoalChange(pk, before, after)
    change = GoalChange(pk, before, after, fields_changed(before, after, GOAL_FIELDS), _measures(before, after))
    return change if change.fields or change.measures or change.is_moved else None


def _measures(before: Json, after: Json) -> tuple[MeasureChange, ...]:
    old, new = before["measures"], after["measures"]
    found = []
    for pk in sorted({*old, *new}, key=int):
        was, now = old.get(pk), new.get(pk)
        fields = fields_changed(was, now, MEASURE_FIELDS) if was and now else ()
        if fields or not (was and now):
            found.append(MeasureChange(int(pk), was, now, fields))
    return tuple(found)


def fields_changed(before: Json, after: Json, names: tuple[str, ...]) -> tuple[FieldChange, ...]:
    """Those of `names` that both have, and that differ."""
    return tuple(
        FieldChange(name, before[name], after[name])
        for name in names
        if name in before and name in after and before[name] != after[name]
    )
