"""Plans digests, drops those no longer wanted, and marks them missed once their week is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from digest.enums import DigestState
from digest.models import WAITING, Digest, DigestQuerySet, DigestSettings
from digest.schedule import LEAD, WEEK, Times, moment, week_at, week_ends
from digest.selectors.digests import recipients, wanted
from digest.services.claims import UNBUILT, free
from digest.upcoming import times_of
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.selectors.company import company

FURTHEST_BACK = 52 * WEEK
STAYS_TRUE = LEAD + dt.timedelta(hours=1)


@dataclass(frozen=True)
class Moment:
    """When digests of the week that begins on Monday `week` are due to all people with those times."""

    times: Times
    week: dt.date
    due_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Planned:
    """A digest that has no row yet."""

    person_id: int
    week: dt.date
    due_at: dt.datetime


def put_in_order(*, at: dt.datetime) -> None:
    """Runs all steps of a sweep that precede building and sending."""
    plan_digests(at=at)
    drop_unwanted()
    rebuild_outdated(at=at)
    miss_digests(at=at)


def plan_digests(*, at: dt.datetime) -> int:
    """Makes the rows of all digests due until `at` + LEAD, with those of past weeks as missed, and returns how many
    those are. 0 where digests are not started, or another planner is running.

    The week of the last run is planned again, for people who joined since or changed their day.
    """
    with transaction.atomic():
        rows = DigestSettings.objects.select_for_update(skip_locked=True, no_key=True)
        digest = rows.filter(started_at__isnull=False).first()
        if digest is None or digest.started_at is None:
            return 0
        until = at + LEAD
        since = min(digest.planned_to - LEAD, at) if digest.planned_to else digest.started_at
        moments = _moments(digest, max(since, at - FURTHEST_BACK), until)
        planned = _insert([each for each in moments if each.due_at >= digest.started_at], digest, at)
        DigestSettings.objects.filter(pk=digest.pk).update(planned_to=until)
    return planned


def digests_to_plan(*, at: dt.datetime) -> list[Planned]:
    """The current week's digests that are due by `at` and have no row; before digests are started, as if they always
    had been."""
    digest = DigestSettings.objects.get()
    since = digest.started_at or at - WEEK
    moments = [each for each in _moments(digest, at, at) if each.due_at >= since]
    if not moments:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person.id, moment.week, moment.due_at {_WHO}",
            _parameters(moments, digest, at),
        )
        return [Planned(*row) for row in cursor.fetchall()]


@writes(permission=SYSTEM_ONLY)
def drop_plans(*, people: Collection[int] | None) -> int:
    """Drops digests of those people (None: all) that are planned and were not tried yet, so that they are planned anew
    by the current times. Returns how many. Waits for a running planner, whose rows would be missed."""
    DigestSettings.objects.select_for_update(no_key=True).get()
    rows = _untouched()
    return rows.delete()[0] if people is None else rows.filter(person__in=people).delete()[0]


def drop_unwanted() -> int:
    """Drops the digests of people who no longer get any."""
    return _untouched().filter(~wanted()).delete()[0]


def rebuild_outdated(*, at: dt.datetime) -> int:
    """Rebuilds digests unsent for so long that they may be wrong."""
    return rebuild(Q(built_at__lt=at - STAYS_TRUE), at=at)


def rebuild(which: Q, *, at: dt.datetime) -> int:
    """Marks unsent digests to be rebuilt. Returns how many."""
    rows = Digest.objects.filter(free(), which, state=DigestState.BUILT, ends_at__gt=at)
    return rows.update(**UNBUILT)


def miss_digests(*, at: dt.datetime) -> int:
    """Marks unsent digests of past weeks as missed. Returns how many."""
    rows = Digest.objects.filter(free(), state__in=WAITING, ends_at__lte=at)
    return rows.update(state=DigestState.MISSED, claim=None, claimed_at=None)


def _untouched() -> DigestQuerySet:
    return Digest.objects.filter(free(), state__in=WAITING, attempts=0)


def _moments(digest: DigestSettings, since: dt.datetime, until: dt.datetime) -> list[Moment]:
    """Moments of everyone's times, from the week at `since`, not later than `until`."""
    chosen = recipients().values_list("timezone", "digest_weekday", "digest_hour").distinct()
    defaults = company()
    everybody = {times_of(each, digest, defaults) for each in chosen}
    return [each for times in everybody for each in _moments_of(times, since, until)]


def _moments_of(times: Times, since: dt.datetime, until: dt.datetime) -> Iterator[Moment]:
    week = week_at(since, times.zone)
    while (due := moment(week, times)) <= until:
        yield Moment(times, week, due, week_ends(week, times.zone))
        week += WEEK


_PLAN = "SET LOCAL enable_nestloop = off;"
"""On the first run the table looks empty to PostgreSQL's planner, which would scan it once for each person while it
grows (measured: minutes for 100,000 people, seconds with this)."""
_WHO = """
    FROM unnest(%(zones)s::text[], %(weekdays)s::int[], %(hours)s::int[], %(weeks)s::date[], %(due)s::timestamptz[],
                %(ends)s::timestamptz[]) AS moment (zone, weekday, hour, week, due_at, ends_at)
    JOIN teams_person person ON coalesce(nullif(person.timezone, ''), %(zone)s) = moment.zone
        AND coalesce(person.digest_weekday, %(weekday)s) = moment.weekday
        AND coalesce(person.digest_hour, %(hour)s) = moment.hour
    WHERE person.is_active AND person.digests AND person.refused_at IS NULL AND person.joined_at <= moment.due_at
        AND (person.digests_since IS NULL OR person.digests_since <= moment.due_at)
        AND NOT EXISTS (
            SELECT FROM digest_digest digest
            WHERE digest.person_id = person.id AND digest.week = moment.week AND digest.week >= %(first)s
        )"""

_TOLD_ALIKE = """
    ORDER BY (
        SELECT digest.told_to FROM digest_digest digest
        WHERE digest.person_id = person.id AND digest.told_to IS NOT NULL ORDER BY digest.week DESC LIMIT 1
    )"""
"""Rows are built in the order of their ids. So a batch has people who were told as far before, who are written to
together."""


def _insert(moments: list[Moment], digest: DigestSettings, at: dt.datetime) -> int:
    if not moments:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {_PLAN}
            INSERT INTO digest_digest
                (person_id, week, due_at, not_before, ends_at, state, subject, attempts, problem)
            SELECT person.id, moment.week, moment.due_at, moment.due_at, moment.ends_at,
                CASE WHEN moment.ends_at <= %(at)s THEN %(missed)s ELSE %(waits)s END, '', 0, ''
            {_WHO}
            {_TOLD_ALIKE}
            ON CONFLICT (person_id, week) DO NOTHING""",
            _parameters(moments, digest, at),
        )
        return int(cursor.rowcount)


def _parameters(moments: list[Moment], digest: DigestSettings, at: dt.datetime) -> dict[str, Any]:
    return {
        "zones": [each.times.zone for each in moments],
        "weekdays": [each.times.weekday for each in moments],
        "hours": [each.times.hour for each in moments],
        "weeks": [each.week for each in moments],
        "due": [each.due_at for each in moments],
        "ends": [each.ends_at for each in moments],
        "first": min(each.week for each in moments),
        "zone": company().timezone,
        "weekday": digest.weekday,
        "hour": digest.hour,
        "at": at,
        "missed": DigestState.MISSED.value,
        "waits": DigestState.DUE.value,
    }
