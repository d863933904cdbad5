"""Weeks of a company whose people join, move, and change their minds, around the changes of clocks: whoever looks, and
whenever, everybody has their digest of each week, once.

Nothing is built or sent here: what is due counts as sent at the first look after its moment.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

import pytest
from django.db import transaction
from django.db.models import F, Q
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.schedule import WEEK, Times, moment, week_at, week_ends
from digest.services.plans import miss_digests, plan_digests
from digest.services.running import set_digest_times
from digest.services.subscriptions import choose_digests
from lib.services.dates import zones
from teams.enums import Role
from teams.models import Person
from tests import factories as make
from tests.examples import examples

pytestmark = pytest.mark.django_db

ODD_ZONES = (
    "Europe/London",
    "America/New_York",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
)
BEGINS = (dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 21, 12, tzinfo=dt.UTC))
"""Clocks go forward in America on 8 and in Europe on 29 March, back on 25 October and 1 November; Lord Howe's goes the
other way on 5 April, Casablanca's on 22 March."""
LASTS = 5 * WEEK
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
APART = 7
"""Minutes by which the clocks of those who look may be wrong."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants; None and '' are the company's."""

    zone: str = ""
    weekday: int | None = None
    hour: int | None = None
    wanted: bool = True


@dataclass(frozen=True)
class Event:
    """Somebody, by number, makes a choice. Whoever has not joined does so; where `company` is set, it is the company
    that chooses its times."""

    after: int
    who: int
    choice: Choice
    company: bool


CHOICES = st.builds(
    Choice,
    zone=st.one_of(st.sampled_from(("", *ODD_ZONES)), st.sampled_from(sorted(zones()))),
    weekday=st.one_of(st.none(), st.integers(1, 7)),
    hour=st.one_of(st.none(), st.integers(0, 23)),
    wanted=st.integers(0, 3).map(bool),
)
EVENTS = st.builds(
    Event,
    after=st.integers(0, LASTS // HOUR),
    who=st.integers(0, 99),
    choice=CHOICES,
    company=st.integers(0, 9).map(lambda number: number == 0),
)
LOOKS = st.tuples(st.one_of(st.integers(300, 900), st.integers(3000, 15_000)), st.integers(-APART, APART))
"""Minutes since the look before it, sometimes days; minutes by which its clock is wrong."""

Stretch = tuple[dt.datetime, dt.datetime, Choice]
"""From when until when a choice held."""


@dataclass
class Story:
    """`choices` are those of each person since they joined, with the instants at which they made them; `company` those
    of the company. `sent` counts by person and week; `looks` is what the clocks of those who looked said."""

    begins: dt.datetime
    people: list[Person]
    company: list[tuple[dt.datetime, Choice]]
    choices: dict[int, list[tuple[dt.datetime, Choice]]] = field(default_factory=dict)
    looks: list[dt.datetime] = field(default_factory=list)
    sent: Counter[tuple[int, dt.date]] = field(default_factory=Counter)
    known: set[int] = field(default_factory=set)

    def happens(self, event: Event, at: dt.datetime) -> None:
        if event.company:
            self._company_chooses(event.choice, at)
            return
        person = self.people[event.who % len(self.people)]
        if person.pk not in self.choices:
            Person.objects.filter(pk=person.pk).update(joined_at=at)
        self._chooses(person, event.choice, at)

    def _chooses(self, person: Person, choice: Choice, at: dt.datetime) -> None:
        choose_digests(
            person,
            actor=person,
            at=at,
            digests=choice.wanted,
            digests_always=False,
            digest_weekday=choice.weekday,
            digest_hour=choice.hour,
            timezone=choice.zone,
        )
        self.choices.setdefault(person.pk, []).append((at, choice))

    def _company_chooses(self, choice: Choice, at: dt.datetime) -> None:
        weekday, hour, version = choice.weekday or 1, choice.hour or 0, DigestSettings.objects.get().version
        admin = Person.objects.get(pk=self.people[0].pk)
        admin.role = Role.ADMIN  # for this alone: an administrator's digest would be another one
        set_digest_times(actor=admin, at=at, version=version, weekday=weekday, hour=hour)
        self.company.append((at, Choice(weekday=weekday, hour=hour)))

    def look(self, at: dt.datetime) -> None:
        """By a clock that says `at`."""
        plan_digests(at=at)
        self._check_new(at)
        miss_digests(at=at)
        due = Digest.objects.filter(state=DigestState.DUE, due_at__lte=at, ends_at__gt=at, person__digests=True)
        self.sent.update(due.values_list("person_id", "week"))
        due.update(state=DigestState.SENT, sent_at=at)
        self.looks.append(at)

    def _check_new(self, at: dt.datetime) -> None:
        """No moment was before its person joined, had digests turned on, or the company started."""
        new = Digest.objects.exclude(pk__in=self.known)
        early = Q(due_at__lt=F("person__joined_at")) | Q(due_at__lt=F("person__digests_since"))
        assert not new.filter(early | Q(due_at__lt=self.begins) | Q(person__digests=False)).exists()
        assert not new.filter(ends_at__lte=at).exclude(state=DigestState.MISSED).exists()
        self.known |= set(new.values_list("pk", flat=True))

    def check(self) -> None:
        """Of each week in which nothing changed for a person, from beginning to end."""
        assert max(self.sent.values(), default=0) <= 1
        written = {(row.person_id, row.week): row for row in Digest.objects.all()}
        ends = max(self.looks)
        for person, choices in self.choices.items():
            for one, company in product(stretches(choices, ends), stretches(self.company, ends)):
                both = max(one[0], company[0]), min(one[1], company[1])
                times = times_of(one[2], company[2])
                for week in whole_weeks(*both, times.zone):
                    row = written.get((person, week))
                    if one[2].wanted:
                        self._check_digest(row, week, times, both)
                    else:
                        assert row is None or was_sent(row, both[0]), (times, week)

    def _check_digest(
        self, row: Digest | None, week: dt.date, times: Times, steady: tuple[dt.datetime, dt.datetime]
    ) -> None:
        due, ends = moment(week, times), week_ends(week, times.zone)
        look = next(at for at in self.looks if at >= due)
        if look > steady[1] - APART * MINUTE:
            return  # nobody looked before they chose other times: it is missed by those, or none of theirs
        assert row is not None, (times, week)
        if not was_sent(row, steady[0]):
            assert (row.due_at, row.ends_at) == (due, ends)
            assert row.state == (DigestState.SENT if look < ends else DigestState.MISSED), (times, week)


def was_sent(row: Digest, before: dt.datetime) -> bool:
    """Already by other times, of a zone in which that week came sooner."""
    return row.sent_at is not None and row.sent_at < before + APART * MINUTE


def stretches(choices: list[tuple[dt.datetime, Choice]], ends: dt.datetime) -> Iterator[Stretch]:
    for (since, choice), (until, _next) in pairwise([*choices, (ends, choices[-1][1])]):
        yield since, until, choice


def times_of(choice: Choice, company: Choice) -> Times:
    weekday = choice.weekday if choice.weekday is not None else company.weekday
    hour = choice.hour if choice.hour is not None else company.hour
    assert weekday is not None
    assert hour is not None
    return Times(choice.zone or "UTC", weekday, hour)


def whole_weeks(since: dt.datetime, until: dt.datetime, zone: str) -> Iterator[dt.date]:
    """Those of a zone that are in between, and by no clock over when `until` comes."""
    week = week_at(since - dt.timedelta(microseconds=1), zone) + WEEK
    while week_ends(week, zone) + APART * MINUTE <= until:
        yield week
        week += WEEK


@settings(
    max_examples=examples(4),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # the example is the message; shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    begins=st.sampled_from(BEGINS),
    before=st.lists(CHOICES, min_size=12, max_size=12),
    events=st.lists(EVENTS, min_size=20, max_size=40),
    looks=st.lists(LOOKS, min_size=60, max_size=60),
)
def test_everybody_has_one_digest_of_each_week(
    begins: dt.datetime, before: list[Choice], events: list[Event], looks: list[tuple[int, int]]
) -> None:
    """Half of the people are there weeks before digests are started."""
    with transaction.atomic():
        people = make.PersonFactory.create_batch(2 * len(before), joined_at=None)
        DigestSettings.objects.update(previewed_at=begins, started_at=begins)
        story = Story(begins, people, [(begins, Choice(weekday=1, hour=8))])
        for number, choice in enumerate(before):
            story.happens(Event(0, number, choice, company=False), begins - 3 * WEEK)
        tell(story, events, looks)
        story.check()
        transaction.set_rollback(True)


def tell(story: Story, events: list[Event], looks: list[tuple[int, int]]) -> None:
    """Everything in its order, until the last look."""
    at, order = story.begins, sorted(events, key=lambda event: event.after)
    for minutes, wrong in looks:
        at += minutes * MINUTE
        while order and story.begins + order[0].after * HOUR <= at:
            event = order.pop(0)
            story.happens(event, story.begins + event.after * HOUR)
        story.look(at + wrong * MINUTE)
