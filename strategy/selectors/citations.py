"""What goals and decisions cite, and what cites a page of the business context or a persona."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from strategy.models import ContextPage, Decision, Goal, Persona
from teams.models import Person

CITING_SHOWN = 10


@dataclass(frozen=True)
class Cited:
    """What a decision, or a goal, cites as far as somebody may see it, each by name."""

    pages: list[ContextPage]
    personas: list[Persona]
    goals: list[Goal] = field(default_factory=list)

    def keys(self) -> dict[str, Any]:
        """By field of the form."""
        return {name: [row.key for row in getattr(self, name)] for name in ("goals", "pages", "personas")}


def cited_by_decision(decision: Decision, reader: Person) -> Cited:
    """Three queries."""
    return Cited(
        goals=list(Goal.objects.visible_to(reader).filter(decisions=decision).order_by("title__folded", "id")),
        pages=list(decision.pages.order_by("title__folded", "id")),
        personas=list(decision.personas.order_by("name__folded", "id")),
    )


def cited_by_goal(goal: Goal) -> Cited:
    """Two queries."""
    return Cited(
        pages=list(ContextPage.objects.filter(goal_citations__goal=goal).order_by("title__folded", "id")),
        personas=list(Persona.objects.filter(goal_citations__goal=goal).order_by("name__folded", "id")),
    )


def citable(reader: Person) -> Cited:
    """All that may be cited, but goals. Two queries."""
    return Cited(
        pages=list(ContextPage.objects.visible_to(reader).order_by("title__folded", "id")),
        personas=list(Persona.objects.visible_to(reader).order_by("name__folded", "id")),
    )


def with_citations(goals: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `cited` and `customers`, the pages and personas that a goal cites (key and name), each by name."""
    pages = ContextPage.objects.filter(goal_citations__goal=OuterRef("pk")).order_by("title__folded", "pk")
    personas = Persona.objects.filter(goal_citations__goal=OuterRef("pk")).order_by("name__folded", "pk")
    cited: QuerySet[Any] = goals.annotate(
        cited=ArraySubquery(pages.values(row=JSONObject(key="key", name="title"))),
        customers=ArraySubquery(personas.values(row=JSONObject(key="key", name="name"))),
    )
    return cited


@dataclass(frozen=True)
class Citing:
    """What cites something, as far as somebody may see it: each at most CITING_SHOWN by title, and whether that is
    all."""

    goals: list[Goal]
    decisions: list[Decision]
    more: bool


def citing_page(reader: Person, page: ContextPage) -> Citing:
    """Two queries."""
    goals = Goal.objects.visible_to(reader).filter(page_citations__page=page).order_by("title__folded", "id")
    decisions = Decision.objects.visible_to(reader).filter(pages=page).order_by("title__folded", "id")
    first, second = (list(rows[: CITING_SHOWN + 1]) for rows in (goals, decisions))
    more = max(len(first), len(second)) > CITING_SHOWN
    return Citing(first[:CITING_SHOWN], second[:CITING_SHOWN], more)
