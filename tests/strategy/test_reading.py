"""Editions that ask to be read, and how many have read them, without a name."""

from __future__ import annotations

import datetime as dt

import pytest

from strategy.enums import EditionKind
from strategy.models import EditionRead
from strategy.selectors.reading import ReadBy, Readership, readership, to_read
from strategy.services.reading import mark_read, mark_unread
from teams.models import LogEntry, Person, Team
from tests import factories as make
from tests.factories import NOW
from tests.html import message_of, page_text, source_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
SAID = {"title": "The plan", "narrative": "We want **two** things.", "starts_on": None, "ends_on": None}


def edition(number=1, **values):
    return make.EditionFactory(**{"strategy__key": "plan", "strategy__title": "The plan", "says": SAID} | values)


def asked(person):
    return [each.number for each in to_read(person)]


def test_last_edition_with_a_text_asks_whoever_has_not_read_it():
    first = edition()
    person = make.PersonFactory()
    assert asked(person) == [1]
    second = make.EditionFactory(strategy=first.strategy, number=2, kind="amended", because="Fewer.", says=SAID)
    assert asked(person) == [2]
    mark_read(second, actor=person, at=NOW)
    assert asked(person) == []
    assert asked(make.PersonFactory()) == [2]
    mark_unread(second, actor=person, at=NOW)
    assert asked(person) == [2]


def test_edition_does_not_ask_who_made_it():
    leader = make.LeaderFactory()
    edition(person=leader)
    assert (asked(leader), asked(make.LeaderFactory())) == ([], [1])


@pytest.mark.parametrize("kind", [EditionKind.CLOSED, EditionKind.UNDONE, EditionKind.IMPORTED, EditionKind.BEGUN])
def test_closing_undoing_and_importing_ask_nobody_and_leave_the_last_one_asking(kind):
    first = edition()
    make.EditionFactory(strategy=first.strategy, number=2, kind=kind, because="Over.", says=SAID)
    assert asked(make.PersonFactory()) == [1]


def test_edition_without_a_text_that_is_taken_back_or_of_what_leaders_see_alone_asks_nobody():
    edition(says={**SAID, "narrative": ""})
    quiet = edition(strategy__key="quiet", of_strategy=False)
    make.EditionGoalFactory(edition=quiet, hidden=True)
    edition(strategy__key="over", strategy__status="archived")
    back = edition(strategy__key="back")
    make.EditionFactory(strategy=back.strategy, number=2, kind="taken_back", says=SAID)
    assert asked(make.LeaderFactory()) == []


def test_reading_is_said_once_and_in_no_log():
    row, person = edition(), make.PersonFactory()
    entries = LogEntry.objects.count()
    assert mark_read(row, actor=person, at=NOW)
    assert not mark_read(row, actor=person, at=NOW + dt.timedelta(days=1))
    assert EditionRead.objects.get().at == NOW
    assert LogEntry.objects.count() == entries


def team_of(number: int, read: int, row, name: str) -> Team:
    team = make.TeamFactory(name=name)
    for place in range(number):
        person = make.MembershipFactory(team=team).person
        if place < read:
            EditionRead.objects.create(edition=row, person=person, at=NOW)
    return team


def test_small_teams_are_one_row_and_rows_add_up():
    """Five of Harbour, two of Mill and four on no team; who left, and a team that is not here, are not asked."""
    row = edition()
    large, small = team_of(5, 3, row, "Harbour"), team_of(2, 1, row, "Mill")
    make.PersonFactory.create_batch(4)
    make.MembershipFactory(team=small, person=large.memberships.earliest("id").person)  # counts with Harbour
    gone = make.MembershipFactory(team=large, person__is_active=False).person
    EditionRead.objects.create(edition=row, person=gone, at=NOW)
    away = team_of(6, 6, row, "Away")
    Team.objects.filter(pk=away.pk).update(is_here=False)
    found = readership(row)
    assert found == Readership(ReadBy(4, 11), [ReadBy(3, 5, large)], ReadBy(1, 6))


def test_merged_row_of_too_few_takes_the_smallest_of_the_others_in():
    row = edition()
    six, _five = team_of(6, 1, row, "Six"), team_of(5, 5, row, "Five")
    team_of(1, 0, row, "One")
    assert readership(row) == Readership(ReadBy(6, 12), [ReadBy(1, 6, six)], ReadBy(5, 6))


def test_earlier_edition_is_marked_and_counted_too():
    first = edition()
    make.EditionFactory(strategy=first.strategy, number=2, kind="amended", because="Fewer.", says=SAID)
    team_of(5, 2, first, "Harbour")
    page = signed_in(make.LeaderFactory()).get("/strategies/plan/editions/1/")
    assert "2 of 6 people have read it" in page_text(page)
    assert "I have read it" in page_text(page)
    assert "A later edition asks to be read." in page_text(page)
    later = signed_in(make.LeaderFactory()).get("/strategies/plan/editions/2/")
    assert "This edition asks everybody to read it." in page_text(later)


def test_leaders_read_counts_and_no_names(django_assert_max_num_queries):
    row = edition()
    team_of(5, 2, row, "Harbour")
    Person.objects.update(name="Zanzibar")
    leader = signed_in(make.LeaderFactory(name="Lea"))
    with django_assert_max_num_queries(12):
        page = leader.get("/strategies/plan/editions/1/")
    assert "2 of 6 people have read it" in page_text(page)
    assert "Zanzibar" not in source_of(page)
    assert "people have read it" not in page_text(signed_in(make.PersonFactory()).get("/strategies/plan/editions/1/"))


def test_company_of_few_is_not_counted():
    edition()
    page = signed_in(make.LeaderFactory()).get("/strategies/plan/editions/1/")
    assert "It is counted once five people or more are asked" in page_text(page)


def test_person_is_asked_on_their_home_marks_it_and_takes_that_back():
    row, person = edition(), make.PersonFactory()
    make.GoalFactory(strategy=row.strategy)
    client = signed_in(person)
    assert "Edition 1 of “The plan” asks to be read." in page_text(client.get("/"))
    page = client.post("/strategies/plan/editions/1/reading/", {"version": 1}, follow=True)
    assert message_of(page).startswith("It is marked as read by you.")
    assert "I have not read it" in page_text(page)
    assert "asks to be read" not in page_text(client.get("/"))
    client.post("/strategies/plan/editions/1/reading/removal/?version=1")
    assert asked(person) == [1]
