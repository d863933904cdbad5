"""Editions of strategies: what of them is asked for on pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from strategy.enums import GoalStatus
from strategy.models import Edition, EditionGoal, Goal, Strategy
from strategy.models.edition import is_published
from strategy.selectors.differences import GoalChange, goal_change
from teams.models import Person

GOAL_HISTORY_SHOWN = 50


def makes_editions(row: Goal | Strategy) -> bool:
    """Whether a change of it may make an edition, so that its form asks for a reason. That one is needed is known when
    it is saved."""
    if isinstance(row, Strategy):
        return is_published(row)
    return row.team_id is None and row.status != GoalStatus.DRAFT


def was_published(strategy: Strategy) -> bool:
    """Whether it has editions already. One query."""
    return Edition.objects.filter(strategy=strategy).exists()


def editions_of(person: Person, strategy: Strategy) -> QuerySet[Edition]:
    """Those that `person` may see, with who made them."""
    return Edition.objects.visible_to(person).filter(strategy=strategy).select_related("person")


def visible_goals(person: Person, ids: set[int]) -> dict[int, Goal]:
    """Those of the goals `ids` that are there today and that `person` may see. One query."""
    found: dict[int, Goal] = Goal.objects.visible_to(person).in_bulk({0, *ids})
    return found


@dataclass(frozen=True)
class GoalEdition:
    """What an edition did to one goal."""

    edition: Edition
    change: GoalChange

    @property
    def parent(self) -> int | None:
        """The goal that it was put below."""
        now = self.change.after
        return now["parent"] if now and (self.change.is_moved or self.change.before is None) else None


def goal_history(person: Person, goal: Goal) -> list[GoalEdition]:
    """What editions did to `goal`, the newest first, as far as `person` may know: what was said while the goal was for
    leaders is for those who see everything. The newest GOAL_HISTORY_SHOWN; one query.
    """
    seen = Exists(Edition.objects.visible_to(person).filter(pk=OuterRef("edition")))
    rows: Any = EditionGoal.objects.filter(goal=goal).annotate(seen=seen).order_by("-pk")
    found: list[GoalEdition] = []
    before: dict[int, dict[str, Any] | None] = {}
    for row in reversed(rows.select_related("edition__person", "edition__strategy")[: GOAL_HISTORY_SHOWN + 1]):
        strategy, hidden = row.edition.strategy_id, row.hidden and not person.sees_everything
        was, before[strategy] = before.get(strategy), None if hidden else row.says
        if row.seen and not hidden and (was or row.says):
            change = goal_change(goal.pk, was, row.says)
            found += [GoalEdition(row.edition, change)] if change else []
    return found[::-1][:GOAL_HISTORY_SHOWN]


def changed_since(person: Person, since: Mapping[int, dt.datetime]) -> dict[int, GoalChange]:
    """By goal, what editions say of it otherwise than at the instant given, as far as `person` may know: nothing that
    was said while it was for leaders, to others. Goals of which no edition spoke then are left out. One query."""
    rows: Any = EditionGoal.objects.filter(goal__in=[0, *since]).select_related("edition").order_by("pk")
    if not person.sees_everything:
        rows = rows.filter(edition__in=Edition.objects.visible_to(person))
    then: dict[int, dict[str, Any] | None] = {}
    now: dict[int, dict[str, Any] | None] = {}
    for row in rows:
        now[row.goal_id] = None if row.hidden and not person.sees_everything else row.says
        if row.edition.at <= since[row.goal_id]:
            then[row.goal_id] = now[row.goal_id]
    changes = {pk: goal_change(pk, was, now[pk]) for pk, was in then.items() if was is not None and now[pk] is not None}
    return {pk: change for pk, change in changes.items() if change is not None}
