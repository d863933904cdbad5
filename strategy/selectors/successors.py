"""Which goals may take the place of one that is closed, and which ones do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from lib.db.search import has_words
from lib.db.triggers import subtree
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, GoalSuccessor
from teams.models import Person

MOST = 5
"""The most goals that take the place of one."""
OFFERED = 12


def possible_successors(goal: Goal, person: Person) -> QuerySet[Goal]:
    """Active goals that `person` may see, and everybody else who sees `goal`: neither itself nor below it."""
    there = Q(strategy__isnull=True) | Q(strategy__status=StrategyStatus.PUBLISHED)
    rows = Goal.objects.visible_to(person).filter(there, status=GoalStatus.ACTIVE)
    return rows.filter(hidden_by__contained_by=goal.hidden_by).exclude(subtree(goal.path))


def successors_offered(goal: Goal, person: Person, *, chosen: Collection[str], search: str = "") -> list[Goal]:
    """Those that are chosen (by key) or take its place already, then those with `search` in their title or, without
    words, those that stand beside it. One query."""
    kept = Q(key__in=chosen) | Q(pk__in=GoalSuccessor.objects.filter(goal=goal).values("successor"))
    beside = Q(parent=goal.parent_id, strategy=goal.strategy_id, team=goal.team_id)
    rows = possible_successors(goal, person).filter(kept | (has_words("title", search) if search else beside))
    first = Case(When(kept, then=0), default=1)
    return list(rows.order_by(first, "title__folded", "id")[:OFFERED])


def follows(goal: Goal, person: Person) -> list[Goal]:
    """The goals that it carries on or whose place it takes, as far as `person` may see them, by title. One query."""
    return list(Goal.objects.visible_to(person).filter(successors=goal.pk).order_by("title__folded", "id"))


def successors_of(goal: Goal, person: Person) -> list[Any]:
    """Those that `person` may see, by title; one in another strategy has its title as `elsewhere`, all others ''. One
    query."""
    top = Goal.objects.filter(pk=OuterRef("path__0")).exclude(strategy__goals=goal.path[0]).order_by()
    elsewhere = Coalesce(Subquery(top.values("strategy__title")), Value(""), output_field=CharField())
    rows = Goal.objects.visible_to(person).filter(follows=goal.pk).annotate(elsewhere=elsewhere)
    return list(rows.order_by("title__folded", "id"))
