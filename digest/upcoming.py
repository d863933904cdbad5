"""A person's next digest: when it is due or why there is none, and its content if written now."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from digest.content import Content
from digest.models import WAITING, Digest, DigestSettings
from digest.schedule import WEEK, Times, moment, next_moment, week_at
from digest.writing import Wanted, written
from teams.models import Company, Person

Chosen = tuple[str, int | None, int | None]
"""A person's time zone, weekday and hour; '' or None for the company's."""


class WhyNot(StrEnum):
    """Why a person gets no digest, in the order of the checks."""

    REFUSED = "refused"
    """A mail server refused the address permanently."""
    OFF = "off"
    """The person wants none."""
    NOT_STARTED = "not_started"
    """The company has not started them."""
    PAUSED = "paused"


@dataclass(frozen=True)
class NextDigest:
    """The ISO week (its Monday), instant and times of the next digest, or of the one prevented by `why_not`. `due` may
    have passed where it is being sent."""

    week: dt.date
    due: dt.datetime
    times: Times
    why_not: WhyNot | None


@dataclass(frozen=True)
class Draft:
    """`content` is that of a digest written now, quiet weeks included; `is_news` is whether it would be sent to a
    person who does not want every digest."""

    content: Content
    is_news: bool


def times_of(chosen: Chosen, digest: DigestSettings, company: Company) -> Times:
    """Uses the company's where the person chose none."""
    zone, weekday, hour = chosen
    return Times(
        zone=zone or company.timezone,
        weekday=digest.weekday if weekday is None else weekday,
        hour=digest.hour if hour is None else hour,
    )


def next_digest(person: Person, digest: DigestSettings, company: Company, at: dt.datetime) -> NextDigest:
    """One query."""
    times = times_of((person.timezone, person.digest_weekday, person.digest_hour), digest, company)
    week = week_at(at, times.zone)
    rows = {row.week: row for row in Digest.objects.visible_to(person).filter(week__gte=week).defer("content")}
    while _is_over(person, digest, rows.get(week), moment(week, times), at):
        week += WEEK
    due = rows[week].due_at if week in rows else moment(week, times)
    return NextDigest(week, due, times, _why_not(person, digest))


def draft(person: Person, digest: NextDigest, at: dt.datetime) -> Draft:
    """The content of `digest` to `person` at `at`."""
    reader = copy.copy(person)
    reader.digests_always = True
    [content] = written([Wanted(reader, digest.week, digest.due)], at=at)
    is_news = any(not section.quiet for part in content.parts for section in part.sections)
    return Draft(content, is_news)


def first_due(
    chosen: Iterable[Chosen], digest: DigestSettings, company: Company, at: dt.datetime
) -> tuple[dt.datetime, str] | None:
    """The first moment after `at` of people who chose these, and its zone; None without people."""
    each = [times_of(one, digest, company) for one in chosen]
    return min(((next_moment(at, times)[1], times.zone) for times in each), default=None)


def _is_over(person: Person, digest: DigestSettings, row: Digest | None, due: dt.datetime, at: dt.datetime) -> bool:
    """Whether the week has no further digest: it is done, or its moment passed before they were to get any."""
    if row is not None:
        return row.state not in WAITING
    begun = (digest.started_at, person.joined_at)
    if due > at:
        return False
    return None in begun or due < max(each for each in (*begun, person.digests_since) if each)


def _why_not(person: Person, digest: DigestSettings) -> WhyNot | None:
    if person.refused_at is not None:
        return WhyNot.REFUSED
    if not person.digests:
        return WhyNot.OFF
    if digest.started_at is None:
        return WhyNot.NOT_STARTED
    return WhyNot.PAUSED if digest.paused_at is not None else None
