"""Amendments: the open one of a strategy, what it plans, and how that stands to what is published by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from lib.log.values import restored, values_of
from strategy.enums import AmendmentState, EditKind, GoalStatus, StrategyStatus
from strategy.models import Amendment, AmendmentEdit, Goal, Measure, Strategy
from strategy.models.amendment import Changes
from strategy.models.edition import GOAL_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS
from teams.models import Person

OF_GOAL = tuple(name for name in GOAL_FIELDS if name not in {"status", "closing_reason", "learned"})
FIELDS: dict[EditKind, tuple[str, ...]] = {
    EditKind.STRATEGY: STRATEGY_FIELDS,
    EditKind.GOAL: OF_GOAL,
    EditKind.MOVE: ("parent", "strategy"),
    EditKind.CLOSING: ("status", "closing_reason", "learned"),
    EditKind.ACTIVATION: ("status",),
    EditKind.NEW_MEASURE: (*MEASURE_FIELDS, "current", "keeper"),
    EditKind.MEASURE: MEASURE_FIELDS,
    EditKind.NO_MEASURE: MEASURE_FIELDS,
}
"""By kind of edit, the fields that it may change. A closing also names SUCCESSORS, which nothing is compared with."""
SUCCESSORS = "successors"
MODELS: dict[EditKind, type[Strategy | Goal | Measure]] = {
    kind: Strategy if kind == EditKind.STRATEGY else Measure if "measure" in kind else Goal for kind in EditKind
}
NO_WAY_BACK = frozenset({EditKind.CLOSING, EditKind.ACTIVATION})
"""Steps that are not there any more where somebody else took one meanwhile."""


def open_amendment_of(strategy: Strategy) -> Amendment | None:
    """With the strategy. One query; none for a strategy that is not published."""
    if strategy.status != StrategyStatus.PUBLISHED:
        return None
    found = Amendment.objects.filter(strategy=strategy, state=AmendmentState.OPEN).first()
    if found is not None:
        found.strategy = strategy
    return found


def amendment_for_goal(person: Person, goal: Goal) -> Amendment | None:
    """The open amendment in which `person` may plan something about a company goal that is published, or is a draft to
    be added. One query.
    """
    if goal.team_id is not None:
        return None
    rows = Amendment.objects.visible_to(person).select_related("strategy").filter(state=AmendmentState.OPEN)
    found = rows.filter(strategy__status=StrategyStatus.PUBLISHED, strategy__goals=goal.path[0]).first()
    return found if found is not None and person.has_perm("strategy.amend_strategy", found.strategy) else None


def edits_of(amendment: Amendment) -> list[AmendmentEdit]:
    """What is planned, in the order in which it was. One query."""
    return [edit for edit in all_edits_of(amendment) if edit.changes]


def all_edits_of(amendment: Amendment) -> list[AmendmentEdit]:
    """With those that were taken out again, which count in its version. One query."""
    return list(amendment.edits.select_related("person").order_by("pk"))


def planned_for(
    amendment: Amendment, kind: str, *, goal: Goal | None = None, measure: Measure | None = None
) -> AmendmentEdit | None:
    """The edit of this kind, with who planned it, also one that was taken out again. One query."""
    rows = AmendmentEdit.objects.select_related("person")
    return rows.filter(amendment=amendment, kind=kind, goal=goal, measure=measure).first()


def version_of(row: Strategy | Goal | Measure, edit: AmendmentEdit | None) -> int:
    """Another one after each change of the row and of what is planned for it."""
    return row.version + (edit.version if edit else 0)


def amendment_version(amendment: Amendment, edits: Sequence[AmendmentEdit] | None = None) -> int:
    """Another one after each change of the amendment or of what it plans; `edits` are all of it, where they are at
    hand. One query without them."""
    rows = all_edits_of(amendment) if edits is None else edits
    return amendment.version + sum(edit.version for edit in rows)


def planned_values(kind: str, edit: AmendmentEdit | None) -> dict[str, Any]:
    """By field, the values that it is to have; a related row is its id."""
    model = MODELS[EditKind(kind)]
    changes = edit.changes if edit else {}
    return {name: restored(model._meta.get_field(name), after) for name, (_before, after) in changes.items()}


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed after it was planned; values as in the log."""

    field: str
    before: Any
    planned: Any
    now: Any


@dataclass(frozen=True)
class Planned:
    """An edit beside what its row says `now`; None where the row is gone, or in another strategy. `row_version` is the
    row's."""

    edit: AmendmentEdit
    row: Strategy | Goal | Measure | None
    now: Mapping[str, Any] | None

    @property
    def kind(self) -> EditKind:
        return EditKind(self.edit.kind)

    @property
    def is_gone(self) -> bool:
        return self.now is None and self.kind != EditKind.NO_MEASURE

    @property
    def left(self) -> Changes:
        """The changes that are not so yet."""
        now = self.now
        if now is None:
            return {}
        return {name: pair for name, pair in self.edit.changes.items() if now[name] != pair[1]}

    @property
    def conflicts(self) -> list[Conflict]:
        now = self.now or {}
        return [
            Conflict(name, before, after, now[name])
            for name, (before, after) in self.left.items()
            if now[name] != before
        ]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide about it before the amendment is published."""
        return self.is_gone or bool(self.conflicts)

    @property
    def may_be_kept(self) -> bool:
        return not self.is_gone and self.kind not in NO_WAY_BACK

    @property
    def values(self) -> dict[str, Any]:
        """What is left to be changed, as arguments of its service; a related row is its id."""
        fields = MODELS[self.kind]._meta
        return {name: restored(fields.get_field(name), after) for name, (_before, after) in self.left.items()}


def planned(strategy: Strategy, edits: Sequence[AmendmentEdit]) -> list[Planned]:
    """These edits of amendments of `strategy`, beside what is so now. Two queries."""
    measures = {edit.measure_id for edit in edits if edit.measure_id is not None}
    of_measures: dict[int, Measure] = Measure.objects.in_bulk(measures) if measures else {}
    top = Goal.objects.filter(pk=OuterRef("path__0")).order_by().values("strategy")
    rows: Any = Goal.objects.filter(team=None, pk__in={0, *(edit.goal_id or 0 for edit in edits)})
    here = {goal.pk: goal for goal in rows.annotate(top=Subquery(top)) if goal.top == strategy.pk}
    return [_beside(strategy, edit, here, of_measures) for edit in edits]


def _beside(
    strategy: Strategy, edit: AmendmentEdit, goals: Mapping[int, Goal], measures: Mapping[int, Measure]
) -> Planned:
    kind = EditKind(edit.kind)
    if kind == EditKind.STRATEGY:
        return Planned(edit, strategy, values_of(strategy, FIELDS[kind]))
    goal = goals.get(edit.goal_id or 0)
    if goal is None:
        return Planned(edit, None, None)
    if kind == EditKind.NEW_MEASURE:
        return Planned(edit, goal, dict.fromkeys(FIELDS[kind]))
    row = goal if MODELS[kind] is Goal else measures.get(edit.measure_id or 0)
    if row is None or (isinstance(row, Measure) and row.goal_id != goal.pk):
        return Planned(edit, None, None)
    now = values_of(row, FIELDS[kind])
    if SUCCESSORS in edit.changes:
        before, after = edit.changes[SUCCESSORS]
        now[SUCCESSORS] = before if now["status"] == GoalStatus.ACTIVE else after
    return Planned(edit, row, now)


def may_be_planned(goal: Goal, kind: EditKind) -> bool:
    """A draft is not published: it is edited as it is, and added."""
    return goal.team_id is None and (goal.status == GoalStatus.DRAFT) == (kind == EditKind.ACTIVATION)
