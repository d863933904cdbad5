"""Choosing, stopping and allowing the weekly digest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from digest.enums import DigestState
from digest.models import Digest
from digest.services.subscriptions import allow_digests, choose_digests, start_digests_again, stop_digests
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
OURS: dict[str, Any] = {
    "digests": True,
    "digests_always": False,
    "digest_weekday": None,
    "digest_hour": None,
    "timezone": "",
}


@pytest.fixture
def person():
    return make.PersonFactory()


def choose(person, **values):
    return choose_digests(person, actor=person, at=NOW, **OURS | values)


def logged():
    return list(LogEntry.objects.order_by("id").values_list("action", "subject_id", "changes"))


def digest(person, week, **values):
    due = dt.datetime.combine(week, dt.time(8), dt.UTC)
    row = {"due_at": due, "not_before": due, "ends_at": due + dt.timedelta(days=6)}
    return Digest.objects.create(person=person, week=week, **row | values)


def test_choose_digests_keeps_day_hour_and_zone_and_logs_what_differs(person):
    choose(person, digests_always=True, digest_weekday=4, digest_hour=0, timezone="America/New_York")

    person.refresh_from_db()
    assert (person.digests, person.digests_always, person.digest_weekday, person.digest_hour, person.timezone) == (
        True,
        True,
        4,
        0,
        "America/New_York",
    )
    changes = {
        "digests_always": [False, True],
        "digest_weekday": [None, 4],
        "digest_hour": [None, 0],
        "timezone": ["", "America/New_York"],
    }
    assert logged() == [("person.digests_chosen", person.pk, changes)]


def test_choose_digests_that_are_as_they_were_writes_nothing(person):
    version = person.version

    choose(person)

    person.refresh_from_db()
    assert (person.version, person.digests_since, logged()) == (version, None, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("digest_weekday", 0),
        ("digest_weekday", 8),
        ("digest_hour", -1),
        ("digest_hour", 24),
        ("timezone", "Mars/Olympus"),
        ("timezone", "localtime"),
        ("timezone", "../etc/passwd"),
    ],
)
def test_choose_digests_refuses_times_that_there_are_not(person, field, value):
    with pytest.raises(ValidationError) as refused:
        choose(person, **{field: value})

    assert list(refused.value.error_dict) == [field]
    person.refresh_from_db()
    assert (person.digest_weekday, person.digest_hour, person.timezone, logged()) == (None, None, "", [])


def test_choose_digests_again_gives_none_of_the_time_in_between(person):
    choose(person, digests=False)
    person.refresh_from_db()
    assert person.digests_since is None

    choose_digests(person, actor=person, at=LATER, **OURS)

    person.refresh_from_db()
    assert (person.digests, person.digests_since) == (True, LATER)


@pytest.mark.parametrize("value", [{"digest_weekday": 3}, {"digest_hour": 9}, {"timezone": "UTC"}, {"digests": False}])
def test_choose_digests_at_another_time_drops_what_was_planned_and_not_tried(person, value):
    other, monday = make.PersonFactory(), NOW.date()
    sent = digest(person, monday - dt.timedelta(days=7), state=DigestState.SENT, sent_at=NOW)
    tried = digest(person, monday, state=DigestState.BUILT, attempts=1)
    digest(person, monday + dt.timedelta(days=7))
    of_other = digest(other, monday)

    choose(person, **value)

    assert set(Digest.objects.all()) == {sent, tried, of_other}


def test_choose_digests_also_in_quiet_weeks_keeps_what_was_planned(person):
    planned = digest(person, NOW.date())

    choose(person, digests_always=True)

    assert list(Digest.objects.all()) == [planned]


def test_stop_digests_twice_is_logged_once_and_drops_what_was_planned(person):
    digest(person, NOW.date())

    stop_digests(person, actor=person, at=NOW)
    stop_digests(person, actor=person, at=LATER)

    person.refresh_from_db()
    assert not person.digests
    assert not Digest.objects.exists()
    assert logged() == [("person.digests_stopped", person.pk, {"digests": [True, False]})]


def test_start_digests_again_leaves_day_and_hour_as_they_were(person):
    choose(person, digest_weekday=5, digest_hour=7)
    stop_digests(person, actor=person, at=NOW)

    start_digests_again(person, actor=person, at=LATER)
    start_digests_again(person, actor=person, at=LATER + dt.timedelta(days=1))

    person.refresh_from_db()
    assert (person.digests, person.digests_since, person.digest_weekday, person.digest_hour) == (True, LATER, 5, 7)
    assert [action for action, _pk, _data in logged()][1:] == ["person.digests_stopped", "person.digests_started"]


def test_allow_digests_forgets_the_refusal_and_what_was_due_meanwhile():
    person = make.PersonFactory(refused_at=NOW, refusal="550 No such user")
    admin = make.AdminFactory()

    allow_digests(person, actor=admin, at=LATER)
    allow_digests(person, actor=admin, at=LATER)

    person.refresh_from_db()
    assert (person.refused_at, person.refusal, person.digests_since) == (None, "", LATER)
    changes = {
        "refused_at": [NOW.isoformat(), None],
        "digests_since": [None, LATER.isoformat()],
    }
    assert logged() == [("person.digests_allowed", person.pk, changes)]
