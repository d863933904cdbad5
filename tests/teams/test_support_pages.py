"""A team's page of support: who supports it, what is unanswered for how long, and what can be done about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from lib.services.dates import now
from teams.models import Person, Support, Team
from tests import factories as make
from tests.html import text_of

pytestmark = pytest.mark.django_db
TODAY = now().date()


@pytest.fixture
def team() -> Team:
    return make.TeamFactory(key="search", name="Search", stance="spotlight", stance_reason="Now.")


@pytest.fixture
def lead(team: Team) -> Person:
    return make.MembershipFactory(team=team, role="lead").person


def ask(team: Team, days: int = 0, **values: Any) -> Support:
    return make.SupportFactory(initiative__team=team, asked_on=TODAY - dt.timedelta(days=days), **values)


def reading(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def said(person: Person) -> str:
    return text_of(reading(person).get("/teams/search/support/"))


def test_it_says_who_supports_the_team_and_what_is_late_and_unanswered(team, lead):
    past, soon = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=9)
    ask(team, 12, ask="Two machines")
    ask(team, 3, ask="A log", status="pledged", due_on=past)
    ask(team, 2, ask="A test", status="pledged", due_on=soon)
    ask(team, 20, ask="A rope", initiative__status="dropped")
    page = said(lead)

    assert "2 teams have promised support. 1 promise is late. 1 ask is unanswered, the longest for 12 days." in page
    assert page.index("Late ") < page.index("A log") < page.index("Unanswered") < page.index("Two machines")
    assert page.index("unanswered for 12 days") < page.index("Promised") < page.index("A test")
    assert "A rope" not in page
    assert "No other team asks it for anything." in page


def test_each_reader_is_offered_what_they_may_do(team, lead):
    ask(team, ask="A box", answer="If you come", due_on=TODAY)
    helper = make.MembershipFactory(role="member").person
    steps = {
        person: [step for step in ("Accept it", "Offer your help") if step in said(person)] for person in (lead, helper)
    }
    assert steps == {lead: ["Accept it"], helper: ["Offer your help"]}
    viewer = make.PersonFactory(role="viewer")
    assert not {"Accept it", "Offer your help", "Withdraw"} & {*said(viewer).split("  ")}
    row = Support.objects.get()
    to = reading(viewer).get(f"/support/{row.pk}/")["Location"]
    assert to == f"/initiatives/{row.initiative.key}/#support-{row.pk}"


def test_number_of_queries_does_not_follow_the_asks(team, lead, django_assert_max_num_queries):
    for days in range(20):
        ask(team, days, ask="A box")
        make.SupportFactory(team=team, asked_on=TODAY)
    client = reading(lead)
    with django_assert_max_num_queries(9):
        client.get("/teams/search/support/")
