"""Strategies and their goals, and teams' goals outside them."""

from __future__ import annotations

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from strategy.enums import CLOSED, GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from strategy.models.goal import BY_HAND, GoalQuerySet
from teams.models import Person

STRATEGIES_SHOWN = 50


def strategies_for(person: Person) -> list[Strategy]:
    """The strategies that `person` may see: published, then drafts, then archived; the latest first."""
    order = Case(
        When(status=StrategyStatus.PUBLISHED, then=Value(0)),
        When(status=StrategyStatus.DRAFT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Strategy.objects.visible_to(person).select_related("owner").annotate(place=order)
    return list(rows.order_by("place", "-starts_on", "title__folded", "id")[:STRATEGIES_SHOWN])


def team_goals(person: Person) -> QuerySet[Goal]:
    """Teams' root goals. They are in no strategy, so work linked to them reaches no company goal."""
    roots: QuerySet[Goal] = Goal.objects.visible_to(person).filter(parent__isnull=True, team__isnull=False)
    return roots.select_related("team", "figures")


def goals_of(strategy: Strategy) -> GoalQuerySet:
    """Its root goals and all goals below them, including teams' own."""
    goals: GoalQuerySet = Goal.objects.filter(path__0__in=Goal.objects.filter(strategy=strategy).values("id"))
    return goals


def company_goals(strategy: Strategy) -> GoalQuerySet:
    """The company's goals in its trees."""
    return goals_of(strategy).filter(team__isnull=True)


def open_goals(strategy: Strategy) -> GoalQuerySet:
    """Those of them that are not closed, with their owners, as they stand beside each other."""
    return company_goals(strategy).exclude(status__in=CLOSED).select_related("owner").order_by(*BY_HAND)


def goals_written(strategy: Strategy) -> GoalQuerySet:
    """Its company goals, closed ones too, with their owners and the number of their measures, as they stand beside each
    other."""
    goals: GoalQuerySet = company_goals(strategy).select_related("owner").annotate(measured=Count("measures"))
    return goals.order_by(*BY_HAND)


def standing(strategy: Strategy) -> list[tuple[int, int | None]]:
    """The ids of its company goals and of those above them, as they stand beside each other."""
    return list(company_goals(strategy).order_by(*BY_HAND).values_list("pk", "parent_id"))


def goals_in(strategy: Strategy) -> int:
    """The number of goals removed with a draft, including teams' own."""
    return goals_of(strategy).order_by().count()


def drafts_in(strategy: Strategy) -> int:
    """The number of its draft company goals, which become active when it is published."""
    return company_goals(strategy).filter(status=GoalStatus.DRAFT).count()
