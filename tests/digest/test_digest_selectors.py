"""What administrators and readers find of digests: whose, of which weeks, and in which order."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from digest.enums import DigestState
from digest.selectors.digests import (
    WEEKS_BACK,
    archive,
    audience,
    failed_digests,
    leaders,
    members,
    progress_of_weeks,
    refused_people,
    team_leads,
    told_before,
    waiting_digests,
)
from digest.selectors.gaps import refused_people as newly_refused
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

WEEK, MINUTE = dt.timedelta(weeks=1), dt.timedelta(minutes=1)
DUE, ENDS = dt.datetime(2026, 3, 16, 8, tzinfo=dt.UTC), dt.datetime(2026, 3, 23, tzinfo=dt.UTC)


def digest(weeks: int = 0, **values: Any) -> Any:
    """So many weeks later than that of DAY."""
    by = weeks * WEEK
    sent = {"sent_at": DUE + by} if values.get("state") == DigestState.SENT else {}
    return make.DigestFactory(week=DAY + by, due_at=DUE + by, ends_at=ENDS + by, **sent, **values)


def names(rows: Any) -> list[str]:
    return [person.name for person in rows]


def test_digests_wait_from_their_moment_to_the_end_of_their_week():
    digest()
    digest(state=DigestState.BUILT)
    for state in (DigestState.SENT, DigestState.NOTHING, DigestState.FAILED, DigestState.MISSED):
        digest(state=state)

    moments = (DUE - MINUTE, DUE, ENDS - MINUTE, ENDS)
    assert [waiting_digests(at) for at in moments] == [0, 2, 2, 0]


def test_digest_before_is_the_last_that_was_sent_or_had_nothing_to_say():
    person = make.PersonFactory()
    for weeks, state in ((-4, DigestState.SENT), (-3, DigestState.NOTHING), (-2, DigestState.FAILED), (-1, "missed")):
        digest(weeks, person=person, state=state, built_at=DUE + weeks * WEEK, told_to=100 + weeks)
    digest(0, person=person, state=DigestState.SENT, built_at=DUE, told_to=100)
    digest(-1, state=DigestState.SENT, built_at=DUE, told_to=99)

    assert told_before([person.pk], DAY) == {person.pk: (97, DUE - 3 * WEEK)}
    assert told_before([person.pk], DAY - 4 * WEEK) == {}


def test_progress_is_of_eight_weeks_back_and_of_what_is_planned_newest_first():
    for weeks in (1, 0, -WEEKS_BACK, -WEEKS_BACK - 1):
        digest(weeks)

    assert [each.week for each in progress_of_weeks(DAY)] == [DAY + WEEK, DAY, DAY - 8 * WEEK]


def test_progress_counts_each_state_and_what_is_tried_again():
    for state, count in (("due", 1), ("built", 4), ("sent", 2), ("nothing", 3), ("failed", 1), ("missed", 2)):
        for _number in range(count):
            digest(state=state)
    digest(state="built", attempts=1)
    digest(state="built", attempts=2, claim=uuid.uuid4(), claimed_at=NOW)
    digest(state="due", attempts=1)
    [found] = progress_of_weeks(DAY)

    assert (found.due, found.built, found.sent, found.nothing, found.failed, found.missed) == (2, 6, 2, 3, 1, 2)
    assert (found.retrying, found.waiting, found.settled, found.total) == (1, 8, 8, 16)


def test_failed_digests_are_of_those_weeks_newest_first():
    for weeks in (-WEEKS_BACK, 0, -WEEKS_BACK - 1):
        digest(weeks, state=DigestState.FAILED)
    digest(state=DigestState.MISSED)

    assert [row.week for row in failed_digests(DAY, {}).rows] == [DAY, DAY - 8 * WEEK]


def test_archive_is_of_ones_own_past_digests_newest_first():
    person = make.PersonFactory()
    for weeks, state in ((-2, "sent"), (-1, "missed"), (0, "built"), (1, "due")):
        digest(weeks, person=person, state=state)
    digest(-1, state=DigestState.SENT)

    assert [row.week for row in archive(person, {}).rows] == [DAY - WEEK, DAY - 2 * WEEK]


def test_refused_people_are_those_who_are_here_by_name():
    for name, values in (
        ("Zoe", {"refused_at": NOW}),
        ("Ann", {"refused_at": NOW - WEEK}),
        ("Gone", {"refused_at": NOW, "is_active": False}),
        ("Fine", {}),
    ):
        make.PersonFactory(name=name, **values)

    assert names(refused_people({}).rows) == ["Ann", "Zoe"]


def test_refused_people_are_new_once():
    marks = [0]
    for name in ("Zoe", "Ann"):
        person = make.PersonFactory(name=name, refused_at=NOW)
        entry = make.LogEntryFactory(action="person.mail_refused", subject_kind="person", subject_id=person.pk)
        marks.append(entry.pk)

    assert [names(newly_refused(mark=mark, limit=5).rows) for mark in marks] == [["Ann", "Zoe"], ["Ann"], []]
    assert newly_refused(mark=0, limit=1).count == 2
    Person.objects.filter(name="Ann").update(refused_at=None, refusal="")
    assert names(newly_refused(mark=0, limit=5).rows) == ["Zoe"]


def test_audience_is_who_gets_digests_and_why_others_get_none():
    berlin = {"timezone": "Europe/Berlin", "digest_weekday": 2, "digest_hour": 7}
    for values in (berlin, berlin, {}, {"joined_at": None, "digests": False}, {"digests": False, "refused_at": NOW}):
        make.PersonFactory(**values)
    make.PersonFactory(refused_at=NOW)
    make.PersonFactory(is_active=False)
    found = audience()

    assert found.by_times == {("Europe/Berlin", 2, 7): 2, ("", None, None): 1}
    assert (found.people, found.not_joined, found.switched_off, found.refused) == (3, 1, 1, 1)


def test_parts_of_a_digest_are_for_whom_they_are_about():
    one, other = make.TeamFactory(), make.TeamFactory()
    make.LeaderFactory(name="Lea")
    make.AdminFactory(name="Ada")
    make.ViewerFactory(name="Vic")
    for name, roles in (
        ("Max", {one: "member"}),
        ("Lou", {one: "lead"}),
        ("Bob", {one: "member", other: "lead"}),
        ("Noa", {}),
    ):
        person = make.PersonFactory(name=name)
        for team, role in roles.items():
            make.MembershipFactory(team=team, person=person, role=role)
    make.MembershipFactory(team=one, role="lead", person=make.PersonFactory(name="Out", is_active=False))
    make.MembershipFactory(team=one, role="lead", person=make.PersonFactory(name="Not yet", joined_at=None))
    make.MembershipFactory(team=one, person=make.LeaderFactory(name="Kim"))

    assert names(leaders().order_by("name")) == ["Ada", "Kim", "Lea"]
    assert names(team_leads().order_by("name")) == ["Bob", "Lou"]
    assert names(members().order_by("name")) == ["Bob", "Kim", "Max", "Noa", "Vic"]
