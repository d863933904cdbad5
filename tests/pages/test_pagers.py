"""Each list that comes in pages, with exactly a page of rows and with one beyond."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from alignment.enums import FlagCode
from alignment.models import Flag, Link
from digest.enums import DigestState
from digest.models import Digest
from strategy.enums import GoalStatus, Visibility
from strategy.models import CheckIn, ContextPage, Decision, Goal, Persona
from teams.enums import TeamRole
from teams.models import Initiative, LogEntry, LogRef, Membership, Person, Team
from tests import factories as make
from tests.html import parsed, texts_apart
from tests.strategy.conftest import signed_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@dataclass
class Place:
    """Where the rows are to be: the reader, a team without work, a goal with nothing on it, and its measure."""

    reader: Person
    team: Team
    goal: Goal
    measure: Any


@pytest.fixture
def place() -> Place:
    goal = make.GoalFactory(key="alone", status=GoalStatus.ACTIVE, visibility=Visibility.COMPANY)
    return Place(make.AdminFactory(), make.TeamFactory(key="crew"), goal, make.MeasureFactory(goal=goal, key="sold"))


def _people(number: int, **values: Any) -> list[Person]:
    rows = [Person(email=f"p{n}@example.com", name=f"P {n:03}", password="!", **values) for n in range(number)]
    return Person.objects.bulk_create(rows)


def people(place: Place, number: int) -> None:
    _people(number - 1)  # and the reader


def members(place: Place, number: int) -> None:
    Membership.objects.bulk_create(Membership(team=place.team, person=person) for person in _people(number))


def roots(place: Place, number: int) -> None:
    Team.objects.bulk_create(Team(key=f"t{n}", name=f"T {n:03}") for n in range(number - 1))  # and the crew


def named_teams(place: Place, number: int) -> None:
    Team.objects.bulk_create(Team(key=f"t{n}", name=f"Named {n:03}") for n in range(number))


def led_teams(place: Place, number: int) -> None:
    named_teams(place, number)
    place.reader = make.PersonFactory()
    teams = Team.objects.filter(name__startswith="Named")
    Membership.objects.bulk_create(
        Membership(team=team, person=place.reader, role=TeamRole.LEAD if team.pk % 2 else TeamRole.MEMBER)
        for team in teams
    )


def _work(number: int, team: Team, **values: Any) -> list[Initiative]:
    return Initiative.objects.bulk_create(
        make.InitiativeFactory.build(team=team, title=f"W {n:03}", **values) for n in range(number)
    )


def own_work(place: Place, number: int) -> None:
    _work(number, place.team)


def linked_work(place: Place, number: int) -> None:
    work = _work(number, place.team)
    Link.objects.bulk_create(make.LinkFactory.build(initiative=row, goal=place.goal) for row in work)


def flagged_work(place: Place, number: int) -> None:
    work = _work(number, place.team)
    Flag.objects.bulk_create(Flag(code=FlagCode.ORPHAN, initiative=row, first_seen=make.DAY) for row in work)


def untidy_teams(place: Place, number: int) -> None:
    named_teams(place, number)
    Flag.objects.bulk_create(
        Flag(code=FlagCode.UNTIED_MISSION, team=team, first_seen=make.DAY)
        for team in Team.objects.filter(name__startswith="Named")
    )


def _goals(number: int, **values: Any) -> None:
    Goal.objects.bulk_create(
        Goal(key=f"g{n}", title=f"G {n:03}", status=GoalStatus.ACTIVE, **values) for n in range(number)
    )


def goals_below(place: Place, number: int) -> None:
    _goals(number, parent=place.goal)


def own_goals(place: Place, number: int) -> None:
    _goals(number, team=place.team)


def company_goals(place: Place, number: int) -> None:
    """Where the goal could go; the one above it is none of them."""
    _goals(number, parent=make.GoalFactory(key="top"))
    Goal.objects.filter(pk=place.goal.pk).update(parent=Goal.objects.get(key="top"), strategy=None)


def wanted_goals(place: Place, number: int) -> None:
    strategy = make.StrategyFactory()
    Goal.objects.bulk_create(
        Goal(key=f"w{n}", title=f"Wanted {n:03}", status=GoalStatus.ACTIVE, strategy=strategy) for n in range(number)
    )


def check_ins(place: Place, number: int) -> None:
    CheckIn.objects.bulk_create(CheckIn(measure=place.measure, at=make.NOW, value=Decimal(n)) for n in range(number))


def context_pages(place: Place, number: int) -> None:
    ContextPage.objects.bulk_create(ContextPage(key=f"c{n}", lens="operations", title=f"C {n}") for n in range(number))


def decided(place: Place, number: int) -> None:
    Decision.objects.bulk_create(Decision(key=f"d{n}", title=f"D {n}", status="decided") for n in range(number))


def personas(place: Place, number: int) -> None:
    Persona.objects.bulk_create(Persona(key=f"p{n}", name=f"P {n:03}") for n in range(number))


def refused(place: Place, number: int) -> None:
    _people(number, refused_at=make.NOW)


def failed(place: Place, number: int) -> None:
    """Of the week before this one."""
    today = dt.datetime.now(dt.UTC).date()
    week = today - dt.timedelta(days=today.weekday() + 7)
    at = dt.datetime.combine(week, dt.time(8), tzinfo=dt.UTC)
    moment = {"week": week, "due_at": at, "ends_at": at + dt.timedelta(days=7), "not_before": at}
    Digest.objects.bulk_create(
        Digest(person=person, state=DigestState.FAILED, **moment) for person in _people(number, joined_at=make.NOW)
    )


def digests(place: Place, number: int) -> None:
    at, week = make.NOW, dt.timedelta(weeks=1)
    Digest.objects.bulk_create(
        Digest(
            person=place.reader,
            state=DigestState.MISSED,
            week=make.DAY - n * week,
            due_at=at - n * week,
            ends_at=at - (n - 1) * week,
            not_before=at - n * week,
        )
        for n in range(number)
    )


def renamed(place: Place, number: int) -> None:
    of_crew: Any = {"action": "team.edited", "subject_kind": "team", "subject_id": place.team.pk}
    minutes = [make.NOW + dt.timedelta(minutes=n) for n in range(number)]
    made = LogEntry.objects.bulk_create(LogEntry(at=at, **of_crew) for at in minutes)
    LogRef.objects.bulk_create(LogRef(kind="team", object_id=place.team.pk, entry=entry) for entry in made)


def bets_told(place: Place, number: int) -> None:
    linked_work(place, number)
    Link.objects.update(outcome="held")


def lessons(place: Place, number: int) -> None:
    own_work(place, number)
    Initiative.objects.update(learned="This.")


Fill = Callable[[Place, int], None]
LISTS: list[tuple[str, int, Fill, str, str]] = [
    ("/people/", 50, people, "results", "tbody tr"),
    ("/teams/crew/members/", 50, members, "", "tbody tr"),
    ("/teams/", 100, roots, "results", ".tree__node"),
    ("/teams/?q=named", 50, named_teams, "results", ".tree__node"),
    ("/initiatives/new/", 50, led_teams, "results", "li"),
    ("/initiatives/", 50, own_work, "results", "tbody tr"),
    ("/teams/crew/", 20, own_work, "results", "tbody tr"),
    ("/goals/alone/", 25, linked_work, "goal-work", "tbody tr"),
    ("/goals/alone/", 25, goals_below, "goals-below", "tbody tr"),
    ("/goals/alone/position/", 25, company_goals, "results", "li"),
    ("/strategy/", 50, own_goals, "results", "tbody tr"),
    ("/measures/sold/check-ins/", 20, check_ins, "results", "tbody tr"),
    ("/context/", 25, context_pages, "pages-operations", "li"),
    ("/goals/?q=wanted", 50, wanted_goals, "results", "tbody tr"),
    ("/decisions/", 50, decided, "results", "li.entry"),
    ("/personas/", 50, personas, "", ".section"),
    ("/flags/?code=orphan", 50, flagged_work, "results", "tbody tr"),
    ("/flags/", 40, untidy_teams, "results", ".housekeeping"),
    ("/digests/administration/", 50, refused, "refusals", "tbody tr"),
    ("/digests/administration/", 50, failed, "failures", "tbody tr"),
    ("/history/", 30, renamed, "results", ".timeline__row"),
    ("/teams/crew/history/", 30, renamed, "results", ".timeline__row"),
    ("/learnings/", 20, bets_told, "tested-bets", "li.entry"),
    ("/learnings/", 20, lessons, "taught-work", "li.entry"),
    ("/digests/", 50, digests, "results", "tbody tr"),
]


IDS = [f"{address} {fill.__name__}" for address, _size, fill, _results, _row in LISTS]


@dataclass
class Seen:
    rows: list[str]
    onward: str
    back: str


def seen(client: Client, address: str, results: str, row: str) -> Seen:
    """The rows of the list whose place has the id `results`, and where its pager leads."""
    page = parsed(client.get(address)).find("main")
    node = page.find(id=results) if results else page
    pager = node.find("nav", class_="pager")
    ways = {link.get_text(): str(link["href"]) for link in pager.find_all("a")} if pager else {}
    assert not pager or pager["hx-target"] == f"#{results or 'results'}"
    return Seen(
        [texts_apart(each) for each in node.select(row)],
        ways.pop("Show the next ones", ""),
        ways.pop("Back to the start", ""),
    )


@pytest.mark.parametrize(("address", "size", "fill", "results", "row"), LISTS, ids=IDS)
def test_list_of_exactly_a_page_leads_nowhere(
    address: str, size: int, fill: Fill, results: str, row: str, place: Place
) -> None:
    fill(place, size)
    found = seen(signed_in(place.reader), address, results, row)

    assert (len(found.rows), found.onward, found.back) == (size, "", "")


@pytest.mark.parametrize(("address", "size", "fill", "results", "row"), LISTS, ids=IDS)
def test_list_of_one_beyond_a_page_leads_to_that_one_and_back(
    address: str, size: int, fill: Fill, results: str, row: str, place: Place
) -> None:
    fill(place, size + 1)
    client, path = signed_in(place.reader), address.partition("?")[0]
    first = seen(client, address, results, row)
    assert (len(first.rows), bool(first.onward), first.back) == (size, True, "")

    further = seen(client, path + first.onward, results, row)
    assert (len(further.rows), further.onward, bool(further.back)) == (1, "", True)
    assert not {*further.rows} & {*first.rows}
    assert seen(client, path + further.back, results, row) == first
