"""The page of a person: what they own and keep, the teams they are on, and what they did lately."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.selectors.invitations import with_invitations
from lib.paging.keyset import Page, keyset_page
from lib.services.dates import day_in, now
from lib.text.days import day
from strategy.enums import DecisionStatus, GoalStatus, StrategyStatus, Visibility
from strategy.selectors.owned import (
    ORDER,
    PAGES_ORDER,
    kept_measures,
    owned_decisions,
    owned_goals,
    owned_initiatives,
    owned_pages,
    owned_strategies,
)
from teams.access import person_for
from teams.enums import InitiativeStatus
from teams.models import Person
from teams.selectors.people import memberships_of
from web.history.drawing import lately
from web.readers import reader_of, zone_of

SIZE = 20


@dataclass(frozen=True)
class Owned:
    """`chips` are pairs (code, label) of what is unusual about it; `of` says whose it is besides."""

    title: str
    url: str
    chips: list[tuple[str, str]]
    of: str = ""


@dataclass(frozen=True)
class Shelf:
    """What a person owns of one noun."""

    id: str
    title: str
    page: Page[Any]
    rows: list[Owned]


@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    person = person_for(reader, pk)
    teams = keyset_page(
        memberships_of(person, reader),
        order=("team__name__folded", "id"),
        params=request.GET,
        size=SIZE,
        parameter="teams_after",
    )
    shelves = [_shelf(noun, person, reader, request.GET) for noun in NOUNS]
    context = {
        "person": person,
        "crumbs": [("People", reverse("person_list"))],
        "chips": _chips(person, reader),
        "teams": teams,
        "shelves": [shelf for shelf in shelves if shelf.rows or shelf.page.first_url],
        "lately": lately(("person", person.pk), reader, "person_history", person.pk),
        "is_own": person.pk == reader.pk,
        "invited": None if person.joined_at else with_invitations(Person.objects.filter(pk=pk), now()).get(),
    }
    return render(request, "people/person_detail.html", context)


def _chips(person: Person, reader: Person) -> list[tuple[str, str, str]]:
    if person.is_active:
        return []
    erased = person.erased_at
    return [("", "plain", f"Erased {day(day_in(zone_of(reader), erased))}" if erased else "No longer active")]


@dataclass(frozen=True)
class Noun:
    """How a shelf is filled."""

    id: str
    title: str
    rows: Callable[[Person, Person], Any]
    drawn: Callable[[Any], Owned]
    order: tuple[str, ...] = ORDER


def _shelf(noun: Noun, person: Person, reader: Person, params: Mapping[str, str]) -> Shelf:
    rows = noun.rows(person, reader)
    page: Page[Any] = keyset_page(rows, order=noun.order, params=params, size=SIZE, parameter=f"{noun.id}_after")
    return Shelf(noun.id, noun.title, page, [noun.drawn(row) for row in page.rows])


def _strategy(row: Any) -> Owned:
    return Owned(row.title, reverse("strategy_detail", args=[row.key]), _status(row, StrategyStatus.PUBLISHED))


def _goal(row: Any) -> Owned:
    chips = _status(row, GoalStatus.ACTIVE)
    if row.visibility == Visibility.LEADERS:
        chips.append(("leaders", "Leaders only"))
    return Owned(row.title, reverse("goal_detail", args=[row.key]), chips, row.team.name if row.team else "")


def _measure(row: Any) -> Owned:
    chips = _status(row.goal, GoalStatus.ACTIVE)
    return Owned(row.title, reverse("measure_check_in", args=[row.key]), chips, row.goal.title)


def _initiative(row: Any) -> Owned:
    chips = _status(row, InitiativeStatus.ACTIVE)
    if not row.own:
        chips.append(("", "Contributes"))
    return Owned(row.title, reverse("initiative_detail", args=[row.key]), chips, row.team.name)


def _decision(row: Any) -> Owned:
    chips = _status(row, DecisionStatus.DECIDED)
    if row.visibility == Visibility.LEADERS:
        chips.append(("leaders", "Leaders only"))
    return Owned(row.title, reverse("decision_detail", args=[row.key]), chips)


def _page(row: Any) -> Owned:
    return Owned(row.title, reverse("context_detail", args=[row.key]), [], row.get_lens_display())


def _status(row: Any, usual: str) -> list[tuple[str, str]]:
    return [] if row.status == usual else [(row.status, row.get_status_display())]


NOUNS = (
    Noun("strategies", "Strategies", owned_strategies, _strategy),
    Noun("goals", "Goals", owned_goals, _goal),
    Noun("measures", "Measures that they keep", kept_measures, _measure),
    Noun("initiatives", "Initiatives", owned_initiatives, _initiative),
    Noun("decisions", "Decisions", owned_decisions, _decision, PAGES_ORDER),
    Noun("context", "Business context", owned_pages, _page, PAGES_ORDER),
)
