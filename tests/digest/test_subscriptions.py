"""Choosing, stopping and allowing the weekly letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from digest.enums import LetterState
from digest.models import Letter
from digest.services.subscriptions import allow_letters, choose_letters, start_letters_again, stop_letters
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
OURS: dict[str, Any] = {
    "letters": True,
    "letters_always": False,
    "letter_weekday": None,
    "letter_hour": None,
    "timezone": "",
}


@pytest.fixture
def person():
    return make.PersonFactory()


def choose(person, **values):
    return choose_letters(person, actor=person, at=NOW, **OURS | values)


def logged():
    return list(LogEntry.objects.order_by("id").values_list("action", "subject_id", "changes"))


def letter(person, week, **values):
    due = dt.datetime.combine(week, dt.time(8), dt.UTC)
    row = {"due_at": due, "not_before": due, "ends_at": due + dt.timedelta(days=6)}
    return Letter.objects.create(person=person, week=week, **row | values)


def test_choose_letters_keeps_day_hour_and_zone_and_logs_what_differs(person):
    choose(person, letters_always=True, letter_weekday=4, letter_hour=0, timezone="America/New_York")

    person.refresh_from_db()
    assert (person.letters, person.letters_always, person.letter_weekday, person.letter_hour, person.timezone) == (
        True,
        True,
        4,
        0,
        "America/New_York",
    )
    changes = {
        "letters_always": [False, True],
        "letter_weekday": [None, 4],
        "letter_hour": [None, 0],
        "timezone": ["", "America/New_York"],
    }
    assert logged() == [("person.letters_chosen", person.pk, changes)]


def test_choose_letters_that_are_as_they_were_writes_nothing(person):
    version = person.version

    choose(person)

    person.refresh_from_db()
    assert (person.version, person.letters_since, logged()) == (version, None, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("letter_weekday", 0),
        ("letter_weekday", 8),
        ("letter_hour", -1),
        ("letter_hour", 24),
        ("timezone", "Mars/Olympus"),
        ("timezone", "localtime"),
        ("timezone", "../etc/passwd"),
    ],
)
def test_choose_letters_refuses_times_that_there_are_not(person, field, value):
    with pytest.raises(ValidationError) as refused:
        choose(person, **{field: value})

    assert list(refused.value.error_dict) == [field]
    person.refresh_from_db()
    assert (person.letter_weekday, person.letter_hour, person.timezone, logged()) == (None, None, "", [])


def test_choose_letters_again_gives_none_of_the_time_in_between(person):
    choose(person, letters=False)
    person.refresh_from_db()
    assert person.letters_since is None

    choose_letters(person, actor=person, at=LATER, **OURS)

    person.refresh_from_db()
    assert (person.letters, person.letters_since) == (True, LATER)


@pytest.mark.parametrize("value", [{"letter_weekday": 3}, {"letter_hour": 9}, {"timezone": "UTC"}, {"letters": False}])
def test_choose_letters_at_another_time_drops_what_was_planned_and_not_tried(person, value):
    other, monday = make.PersonFactory(), NOW.date()
    sent = letter(person, monday - dt.timedelta(days=7), state=LetterState.SENT, sent_at=NOW)
    tried = letter(person, monday, state=LetterState.BUILT, attempts=1)
    letter(person, monday + dt.timedelta(days=7))
    of_other = letter(other, monday)

    choose(person, **value)

    assert set(Letter.objects.all()) == {sent, tried, of_other}


def test_choose_letters_also_in_quiet_weeks_keeps_what_was_planned(person):
    planned = letter(person, NOW.date())

    choose(person, letters_always=True)

    assert list(Letter.objects.all()) == [planned]


def test_stop_letters_twice_is_logged_once_and_drops_what_was_planned(person):
    letter(person, NOW.date())

    stop_letters(person, actor=person, at=NOW)
    stop_letters(person, actor=person, at=LATER)

    person.refresh_from_db()
    assert not person.letters
    assert not Letter.objects.exists()
    assert logged() == [("person.letters_stopped", person.pk, {"letters": [True, False]})]


def test_start_letters_again_leaves_day_and_hour_as_they_were(person):
    choose(person, letter_weekday=5, letter_hour=7)
    stop_letters(person, actor=person, at=NOW)

    start_letters_again(person, actor=person, at=LATER)
    start_letters_again(person, actor=person, at=LATER + dt.timedelta(days=1))

    person.refresh_from_db()
    assert (person.letters, person.letters_since, person.letter_weekday, person.letter_hour) == (True, LATER, 5, 7)
    assert [action for action, _pk, _data in logged()][1:] == ["person.letters_stopped", "person.letters_started"]


def test_allow_letters_forgets_the_refusal_and_what_was_due_meanwhile():
    person = make.PersonFactory(refused_at=NOW, refusal="550 No such user")
    admin = make.AdminFactory()

    allow_letters(person, actor=admin, at=LATER)
    allow_letters(person, actor=admin, at=LATER)

    person.refresh_from_db()
    assert (person.refused_at, person.refusal, person.letters_since) == (None, "", LATER)
    changes = {
        "refused_at": [NOW.isoformat(), None],
        "letters_since": [None, LATER.isoformat()],
    }
    assert logged() == [("person.letters_allowed", person.pk, changes)]
