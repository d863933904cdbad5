"""Possible places of a goal."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from lib.db.folding import Folded
from lib.db.search import has_words
from lib.db.triggers import subtree
from strategy.enums import CLOSED, StrategyStatus
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from teams.models import Person, Team

GOALS_OFFERED = 300


def open_strategies(person: Person) -> QuerySet[Strategy]:
    """Strategies that `person` may see and that are not archived, by title."""
    rows = Strategy.objects.visible_to(person).exclude(status=StrategyStatus.ARCHIVED)
    return rows.order_by("title__folded", "id")


def goals_above(person: Person, goal: Goal, *, search: str = "") -> QuerySet[Goal]:
    """Possible parents for `goal` that `person` may see and that are not closed: company goals that are below no team's
    goal and, for a team's goal, others of its team. Excludes its current parent and its subtree.
    """
    of_teams = Goal.objects.filter(team__isnull=False).order_by().values("id")
    below_none = Q(team__isnull=True) & ~Q(path__overlap=ArraySubquery(of_teams))
    whose = below_none if goal.team_id is None else Q(team__isnull=True) | Q(team=goal.team_id)
    rows: QuerySet[Goal] = Goal.objects.visible_to(person).filter(whose, has_words("title", search))
    return rows.exclude(status__in=CLOSED).exclude(subtree(goal.path)).exclude(pk=goal.parent_id or 0)


def company_goals_offered(person: Person) -> list[Goal]:
    """Parents for a team's new goal: open company goals of the first two levels, by strategy. Leaders also get those of
    drafts.
    """
    seen = Goal.objects.visible_to(person).filter(team__isnull=True, path__len__lte=2).exclude(status__in=CLOSED)
    statuses = [StrategyStatus.PUBLISHED, *([StrategyStatus.DRAFT] if person.sees_everything else [])]
    roots = Q(strategy__status__in=statuses) | Q(parent__strategy__status__in=statuses)
    rows = seen.filter(roots).select_related("strategy", "parent__strategy")
    name = Folded(Coalesce("strategy__title", "parent__strategy__title"))
    return list(rows.order_by(name, "path")[:GOALS_OFFERED])


def teams_led(person: Person) -> list[Team]:
    """The current teams that `person` leads and all below them, by name. Not for leaders, who lead every team."""
    own = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
    return list(Team.objects.current().filter(path__overlap=own).order_by("name__folded", "id"))
