"""What a person answers for and would leave behind: open things that they own, teams that nobody else leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window

from alignment.selectors.people.judging import links_to_judge
from strategy.enums import CLOSED, StrategyStatus
from strategy.models import ContextPage, Decision, Goal, Measure, Strategy
from teams.enums import GOES_ON, Role, SupportStatus, TeamRole
from teams.models import Initiative, Membership, Person, Support, Team

SHOWN = 10


def held(person: Person) -> dict[str, QuerySet[Any]]:
    """The rows by part, in the order in which pages show them. What is over keeps its owner: that is history.

    A measure that nobody keeps goes with its goal.
    """
    return {
        "strategies": Strategy.objects.filter(owner=person).exclude(status=StrategyStatus.ARCHIVED),
        "goals": Goal.objects.filter(owner=person).exclude(status__in=CLOSED),
        "measures": Measure.objects.filter(keeper=person).exclude(goal__status__in=CLOSED),
        "initiatives": Initiative.objects.filter(owner=person, status__in=GOES_ON),
        "context_pages": ContextPage.objects.filter(owner=person),
        "decisions": Decision.objects.filter(owner=person),
        "teams": led_alone(person),
    }


def led_alone(person: Person) -> QuerySet[Team]:
    """Current teams whose only lead is `person`, of those who are here and may write."""
    leads = Membership.objects.filter(role=TeamRole.LEAD)
    others = leads.filter(team=OuterRef("pk"), person__is_active=True).exclude(person=person)
    of_person = leads.filter(team=OuterRef("pk"), person=person)
    return Team.objects.current().filter(Exists(of_person), ~Exists(others.exclude(person__role=Role.VIEWER)))


@dataclass(frozen=True)
class Part:
    """`rows` are the first SHOWN by name."""

    name: str
    count: int
    rows: list[Any]


@dataclass(frozen=True)
class Holdings:
    """`links` wait for their judgement as the owner of their goals, `asks` for an answer of the teams they lead alone;
    both go with these.
    """

    parts: list[Part]
    links: int
    asks: int


def holdings_of(person: Person) -> Holdings:
    """Only parts that there are. Nine queries."""
    parts = [_part(name, rows) for name, rows in held(person).items()]
    judging = links_to_judge([person.pk], [], leaders=False, mark=0, limit=1).get((person.pk, 0))
    asked = Support.objects.filter(status=SupportStatus.ASKED, initiative__status__in=GOES_ON)
    return Holdings(
        parts=[part for part in parts if part.count],
        links=judging.waiting if judging else 0,
        asks=asked.filter(team__in=led_alone(person)).count(),
    )


def _part(name: str, rows: QuerySet[Any]) -> Part:
    label = "name" if rows.model is Team else "title"
    counted = rows.annotate(held=Window(Count(F("pk")))).order_by(f"{label}__folded", "pk")
    found = list(counted[:SHOWN])
    return Part(name, found[0].held if found else 0, found)
