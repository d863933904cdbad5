"""Which goals may take the place of one that is closed, and which ones do."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, Q, QuerySet, When

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


def successors_of(goal: Goal, person: Person) -> list[Goal]:
    """Those that `person` may see, by title. One query."""
    return list(Goal.objects.visible_to(person).filter(follows=goal.pk).order_by("title__folded", "id"))
