"""A goal's ancestors and descendants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from lib.db.triggers import subtree
from strategy.enums import GoalStatus
from strategy.models import Goal, Strategy
from strategy.models.goal import BY_HAND, GoalQuerySet
from teams.models import LogEntry, Person


@dataclass(frozen=True)
class Above:
    """A goal's ancestors from the root down, and the root's strategy; None replaces each that the reader may not see.
    `in_strategy` says whether there is a strategy. `others` are further goals that were asked for, by id, as far as the
    reader may see them.
    """

    strategy: Strategy | None
    in_strategy: bool
    goals: list[Goal | None]
    others: Mapping[int, Goal] = field(default_factory=dict)


def above(person: Person, goal: Goal, others: Collection[int] = ()) -> Above:
    """One query, also for a root."""
    rows: list[Any] = list(
        Goal.objects.filter(id__in={*goal.path, *others})
        .select_related("strategy")
        .annotate(
            seen=Exists(Goal.objects.visible_to(person).filter(pk=OuterRef("pk"))),
            strategy_seen=Exists(Strategy.objects.visible_to(person).filter(pk=OuterRef("strategy_id"))),
        )
        .order_by("path")
    )
    line = [row for row in rows if row.pk in goal.path]
    root = line[0]
    return Above(
        strategy=root.strategy if root.strategy_seen else None,
        in_strategy=root.strategy_id is not None,
        goals=[each if each.seen else None for each in line[:-1]],
        others={row.pk: row for row in rows if row.pk in others and row.seen},
    )


def goals_at(place: Strategy | Goal) -> GoalQuerySet:
    """The goals that stand directly in a strategy, or directly below a goal, in their order."""
    beside = {"strategy": place} if isinstance(place, Strategy) else {"parent": place}
    return Goal.objects.filter(**beside).order_by(*BY_HAND)


def closing_of(goal: Goal) -> LogEntry | None:
    """The entry of the log that tells of its last closing, with who did it; None for one from a bundle. One query."""
    entries = LogEntry.objects.done_to(goal).filter(action="goal.closed").select_related("actor")
    found: LogEntry | None = entries.first()
    return found


def active_below(person: Person, goal: Goal) -> int:
    """The number of active goals below it, without itself, that `person` may see."""
    below = Goal.objects.visible_to(person).filter(subtree(goal.path), status=GoalStatus.ACTIVE)
    return below.exclude(pk=goal.pk).order_by().count()
