"""What the digest says of measures that are to be checked in."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from digest.content import Content, Part, from_json
from digest.registry import Kind
from digest.rendering import render
from digest.writing import write_digests
from lib.text.numbers import SPACE
from strategy.models import CheckIn, Goal
from teams.models import Company, Person, Team
from tests import factories as make
from tests.digest.reading import AT, SINCE, lead_of, member_of, old_firm, said, section
from tests.factories import DAY
from tests.firm import Firm
from tests.html import parsed, text_of
from web.digests.drawing import digest_view

pytestmark = pytest.mark.django_db
NAME = "checking_in"


@pytest.fixture
def firm() -> Firm:
    return old_firm()


@pytest.fixture
def mia(firm: Firm) -> Person:
    return member_of(firm.search, name="Mia Keeper")


def measure(firm: Firm, keeper: Person | None, **values: Any) -> Any:
    given = {"goal": firm.growth, "title": "Orders", "baseline": 10, "current": 40, "target": 70, "keeper": keeper}
    return make.MeasureFactory(**{**given, **values})


def checked_in(row: Any, days: int) -> None:
    """So many days before the digest."""
    CheckIn.objects.create(measure=row, at=AT - dt.timedelta(days=days), value=Decimal(1))


def lines(person: Person, kind: Kind = Kind.OWN) -> list[str]:
    return [text for text, _detail in said(section(person, kind, NAME))]


def test_keeper_reads_what_is_due_with_where_it_stands_and_the_page_of_all(firm, mia):
    measure(firm, mia)
    found = section(mia, Kind.OWN, NAME)

    assert found is not None
    assert found.title == "Measures to check in this week"
    assert [text.replace(SPACE, " ") for text, _detail in said(found)] == [
        "“Orders”: At 40, 50.0 % of the way from 10 to 70."
    ]
    assert found.more is not None
    assert (found.more.text, found.more.path) == ("Check in", "/check-ins/")


def test_it_is_no_reason_to_write(firm, mia):
    measure(firm, mia)
    found = section(mia, Kind.OWN, NAME)

    assert found is not None
    assert (found.quiet, found.news, found.weight) == (True, "", 0)


@pytest.mark.parametrize(("days", "is_due"), [(7, False), (8, True), (14, True), (20, True)])
def test_it_is_said_in_the_week_in_which_it_is_due(firm, mia, days, is_due):
    """Two weeks after the last check-in: eight days after it, the day is six days away."""
    checked_in(measure(firm, mia), days)

    assert bool(lines(mia)) is is_due


def test_owner_of_the_goal_reads_it_where_nobody_keeps_it(firm, mia):
    measure(firm, None)
    assert lines(mia) == []

    Goal.objects.filter(pk=firm.growth.pk).update(owner=mia)
    assert len(lines(mia)) == 1


def test_it_is_said_once_in_each_digest(firm):
    lead = lead_of(firm.search)
    measure(firm, lead)
    assert len(lines(lead, Kind.TEAM)) == 1

    make.MembershipFactory(team=firm.ops, person=lead)
    assert (lines(lead, Kind.TEAM), len(lines(lead, Kind.OWN))) == ([], 1)

    measure(firm, firm.leader, title="Calls")
    assert len(lines(firm.leader, Kind.COMPANY)) == 1


def test_no_confidential_goal_is_named_and_nothing_asked_of_viewers_and_of_teams_that_are_not_here(firm, mia):
    measure(firm, mia, goal=firm.secret)
    viewer = member_of(firm.search, role="viewer")
    measure(firm, viewer, title="Calls")
    assert (lines(mia), lines(viewer)) == ([], [])

    measure(firm, mia)
    Team.objects.update(is_here=False)
    assert lines(mia) == []


def test_rhythm_of_the_company_decides(firm, mia):
    checked_in(measure(firm, mia), 2)
    assert lines(mia) == []

    Company.objects.update(check_in_rhythm="week")
    assert len(lines(mia)) == 1


def test_more_than_five_are_counted(firm, mia):
    for number in range(7):
        measure(firm, mia, title=f"Measure {number}")
    found = section(mia, Kind.OWN, NAME)

    assert found is not None
    assert len(found.lines) == 5
    assert found.more is not None
    assert found.more.text == "Check in, and 2 more"


def test_more_people_with_more_measures_take_no_more_queries(firm, mia):
    def queries(people: list[Person]) -> int:
        with CaptureQueriesContext(connection) as seen:
            write_digests(people, week=DAY + dt.timedelta(days=7), since=SINCE, at=AT)
        return len(seen)

    measure(firm, mia)
    few = queries([mia])
    people = [member_of(firm.search) for _number in range(4)]
    for person in people:
        checked_in(measure(firm, person), 20)
    assert queries([mia, *people]) == few


def test_how_a_measure_went_is_drawn_in_every_form_and_kept(firm, mia):
    """In columns where mail programs draw, in words beside them and in plain text, and as a line on the site."""
    row = measure(firm, mia)
    for days, value in ((60, 10), (46, 25), (32, 40)):
        at = AT - dt.timedelta(days=days)
        CheckIn.objects.create(measure=row, at=at, value=Decimal(value))
    found = section(mia, Kind.OWN, NAME)
    assert found is not None
    content = Content("Mia", "Meridian", "2026-W12", (Part(Kind.OWN, "Your own work", "/", (found,)),))
    kept = from_json(json.loads(json.dumps(content.to_json())))
    assert kept == content

    mail = render(kept, mia.pk)
    (drawn,) = [line["series"] for line in digest_view(kept, mia)["parts"][0]["sections"][0]["lines"]]
    assert drawn["columns"] == [2, 15, 28]
    assert parsed(mail.html).find_all("td", class_="column")[1]["height"] == "15"
    words = "10 on 23 Jan → 25 on 6 Feb → 40 on 20 Feb 2026"
    assert words in text_of(mail.html).replace(SPACE, " ")
    assert words in " ".join(mail.text.replace(SPACE, " ").split())
    assert drawn["spark"].label.replace(SPACE, " ") == "10 on 23 Jan 2026, then 40 on 20 Feb 2026"


def test_digest_of_before_lines_had_a_series_is_read(firm, mia):
    measure(firm, mia)
    found = section(mia, Kind.OWN, NAME)
    assert found is not None
    kept = Content("Mia", "Meridian", "2026-W12", (Part(Kind.OWN, "Your own work", "/", (found,)),)).to_json()
    for line in kept["parts"][0]["sections"][0]["lines"]:
        del line["series"]
    assert from_json(kept).parts[0].sections[0].lines[0].series is None
