"""Where a goal can hang."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from lib.db.search import has_words
from lib.db.triggers import subtree
from strategy.enums import CLOSED, StrategyStatus
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from teams.models import Person, Team

GOALS_OFFERED = 300


def open_strategies(person: Person) -> QuerySet[Strategy]:
    """Those that `person` may see and that are not archived, by title."""
    rows = Strategy.objects.visible_to(person).exclude(status=StrategyStatus.ARCHIVED)
    return rows.order_by("title", "id")


def goals_above(person: Person, goal: Goal, *, search: str = "") -> QuerySet[Goal]:
    """The goals that `person` may see and that `goal` could hang below: company goals that are below no team's, and for
    a team's goal others of its team, that are not closed, and neither above it already nor in what it holds."""
    of_teams = Goal.objects.filter(team__isnull=False).order_by().values("id")
    below_none = Q(team__isnull=True) & ~Q(path__overlap=ArraySubquery(of_teams))
    whose = below_none if goal.team_id is None else Q(team__isnull=True) | Q(team=goal.team_id)
    rows: QuerySet[Goal] = Goal.objects.visible_to(person).filter(whose, has_words("title", search))
    return rows.exclude(status__in=CLOSED).exclude(subtree(goal.path)).exclude(pk=goal.parent_id or 0)


def company_goals_offered(person: Person) -> list[Goal]:
    """For a team's new goal: the company goals of the first two levels, not closed, strategy by strategy. For a leader
    those of drafts too."""
    seen = Goal.objects.visible_to(person).filter(team__isnull=True, path__len__lte=2).exclude(status__in=CLOSED)
    statuses = [StrategyStatus.PUBLISHED, *([StrategyStatus.DRAFT] if person.sees_everything else [])]
    roots = Q(strategy__status__in=statuses) | Q(parent__strategy__status__in=statuses)
    rows = seen.filter(roots).select_related("strategy", "parent__strategy")
    name = Coalesce("strategy__title", "parent__strategy__title")
    return list(rows.order_by(name, "path")[:GOALS_OFFERED])


def teams_led(person: Person) -> list[Team]:
    """The teams that `person` leads and all below them, by name; leaders, who lead every team, are not asked."""
    own = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
    return list(Team.objects.filter(path__overlap=own).order_by("name", "id"))
