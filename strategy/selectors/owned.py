"""What a person owns or keeps, as far as a reader may see it: what is over comes last (`over`), and then by title."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from strategy.enums import CLOSED, StrategyStatus
from strategy.models import ContextPage, Decision, Goal, Measure, Strategy
from teams.enums import InitiativeStatus
from teams.models import Contributor, Initiative, Person

ENDED = (InitiativeStatus.DONE, InitiativeStatus.DROPPED)
ORDER = ("over", "title__folded", "id")
PAGES_ORDER = ("title__folded", "id")
"""For pages of the business context and decisions, which are never over."""


def owned_strategies(owner: Person, reader: Person) -> QuerySet[Strategy]:
    over = _is(Q(status=StrategyStatus.ARCHIVED))
    return Strategy.objects.visible_to(reader).filter(owner=owner).annotate(over=over)


def owned_goals(owner: Person, reader: Person) -> QuerySet[Goal]:
    over = _is(Q(status__in=CLOSED))
    goals: QuerySet[Goal] = Goal.objects.visible_to(reader).filter(owner=owner)
    return goals.select_related("team").annotate(over=over)


def kept_measures(keeper: Person, reader: Person) -> QuerySet[Measure]:
    over = _is(Q(goal__status__in=CLOSED))
    measures = Measure.objects.visible_to(reader).filter(keeper=keeper).select_related("goal")
    return measures.annotate(over=over)


def owned_initiatives(owner: Person, reader: Person) -> QuerySet[Initiative]:
    """With those that `owner` contributes to, which are not `own`."""
    theirs = Q(owner=owner) | Q(pk__in=Contributor.objects.filter(person=owner).values("initiative"))
    over, own = _is(Q(status__in=ENDED)), _is(Q(owner=owner, owner__isnull=False))
    rows: QuerySet[Initiative] = Initiative.objects.visible_to(reader).filter(theirs).select_related("team")
    return rows.annotate(over=over, own=own)


def owned_decisions(owner: Person, reader: Person) -> QuerySet[Decision]:
    return Decision.objects.visible_to(reader).filter(owner=owner)


def owned_pages(owner: Person, reader: Person) -> QuerySet[ContextPage]:
    return ContextPage.objects.visible_to(reader).filter(owner=owner)


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())
