"""The weekly digests for their administrators and their readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce, Greatest, RowNumber

from digest.enums import DigestState
from digest.models import WAITING, Digest, DigestQuerySet, DigestSettings
from digest.schedule import FURTHEST, LEAD, WEEK
from lib.paging.keyset import Page, keyset_page
from teams.enums import Role, TeamRole
from teams.models import Membership, Person

WEEKS_BACK = 8
"""Digests are counted and failures listed for so many weeks before this one."""
LATEST = dt.timedelta(days=8)
"""The age of a digest after which the next one is missing."""


def digest_settings() -> DigestSettings:
    """The one row of settings."""
    return DigestSettings.objects.get(pk=1)


class Told(NamedTuple):
    """How far a digest told: to the log entry with id `to`, built at `at`."""

    to: int
    at: dt.datetime


def told_before(people: Iterable[int], week: dt.date) -> dict[int, Told]:
    """By person, how far the last of their digests before `week` told that was sent, or had nothing to say; people
    without one are left out. One query."""
    had = Digest.objects.filter(
        person__in=[0, *people],
        week__lt=week,
        state__in=(DigestState.SENT, DigestState.NOTHING),
        told_to__isnull=False,
        built_at__isnull=False,
    )
    rows = had.order_by("person", "-week").distinct("person").values_list("person", "told_to", "built_at")
    return {person: Told(to, at) for person, to, at in rows if to is not None and at is not None}


def told_twice(people: Iterable[int]) -> dict[int, Told]:
    """By person, how far the last but one of their digests that were sent told: what waited for them then, and still
    does, has been told twice. One query."""
    sent = Digest.objects.filter(
        person__in=people, state=DigestState.SENT, told_to__isnull=False, built_at__isnull=False
    )
    place = Window(RowNumber(), partition_by=F("person"), order_by=F("week").desc())
    rows = sent.annotate(place=place).filter(place=2).values_list("person", "told_to", "built_at")
    return {person: Told(to, at) for person, to, at in rows if to is not None and at is not None}


def last_told(person: Person, at: dt.datetime) -> DigestQuerySet:
    """The person's last digest, with `since`, when it began to tell (as `tells_since` says), and `mark`, the id of the
    last entry that the one before it told, None where that is not where it began. None where the last was built more
    than LATEST before `at`.
    """
    told = Digest.objects.filter(
        person=person,
        state__in=(DigestState.SENT, DigestState.NOTHING),
        told_to__isnull=False,
        built_at__isnull=False,
    ).order_by("-week")
    furthest, week_ago = (ExpressionWrapper(F("due_at") - LEAD - span, DateTimeField()) for span in (FURTHEST, WEEK))
    before = told.filter(week__lt=OuterRef("week"))
    return told.filter(built_at__gt=at - LATEST).annotate(
        since=Greatest(Coalesce(Subquery(before.values("built_at")[:1]), week_ago), furthest),
        mark=Subquery(before.filter(built_at=OuterRef("since")).values("told_to")[:1]),
    )


@dataclass(frozen=True)
class Progress:
    """The number of digests in each state for the ISO week that begins on Monday `week`; `retrying` are those of
    `built` that the mail server has not accepted yet."""

    week: dt.date
    due: int
    built: int
    sent: int
    nothing: int
    failed: int
    missed: int
    retrying: int

    @property
    def waiting(self) -> int:
        return self.due + self.built

    @property
    def settled(self) -> int:
        return self.sent + self.nothing + self.failed + self.missed

    @property
    def total(self) -> int:
        return self.waiting + self.settled


def progress_of_weeks(week: dt.date) -> list[Progress]:
    """For the weeks with digests, newest first: `week`, later ones already planned (it is Monday somewhere), and
    WEEKS_BACK before it. One query."""
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in DigestState}
    retrying = Count("pk", filter=Q(state=DigestState.BUILT, attempts__gt=0, claim=None))
    rows: Any = _recent(week).order_by("-week").values("week").annotate(**counts, retrying=retrying)
    return [Progress(**row) for row in rows]


def failed_digests(week: dt.date, params: Mapping[str, str]) -> Page[Digest]:
    """For the weeks of `progress_of_weeks`, with their people, newest week first; content is not loaded."""
    rows = _recent(week).filter(state=DigestState.FAILED).select_related("person").defer("content")
    return keyset_page(rows, order=("-week", "-id"), params=params, parameter="failed")


def failed_digest(pk: int) -> Digest | None:
    """With its person; its state may have changed by now."""
    return Digest.objects.select_related("person").defer("content").filter(pk=pk).first()


def recipients() -> QuerySet[Person]:
    """People who may get digests, want them, and can be reached."""
    return Person.objects.filter(is_active=True, joined_at__isnull=False, digests=True, refused_at=None).order_by()


def reached_by_turn_mails() -> QuerySet[Person]:
    """People who may get mails about turns, want them, and can be reached."""
    return Person.objects.filter(is_active=True, joined_at__isnull=False, turn_mails=True, refused_at=None).order_by()


def wanted() -> Exists:
    """Addressed to one of `recipients`."""
    return Exists(recipients().filter(pk=OuterRef("person_id")))


def resendable(at: dt.datetime) -> DigestQuerySet:
    """Those that failed, of weeks that are not over, to people who still get digests."""
    return Digest.objects.filter(wanted(), state=DigestState.FAILED, ends_at__gt=at)


class FailedNow(NamedTuple):
    """How many digests can be sent again; `version` is another number whenever these are others."""

    digests: int
    version: int


def failed_now(at: dt.datetime) -> FailedNow:
    found = resendable(at).aggregate(count=Count("pk"), version=Coalesce(Sum(F("pk") * F("version")), 0))
    return FailedNow(int(found["count"]), int(found["version"]))


def refused_people(params: Mapping[str, str]) -> Page[Person]:
    """People whose address a mail server has refused permanently, by name."""
    rows = Person.objects.filter(is_active=True, refused_at__isnull=False)
    return keyset_page(rows, order=("name__folded", "id"), params=params, parameter="refused")


def archive(person: Person, params: Mapping[str, str]) -> Page[Digest]:
    """A person's digests of past weeks, newest first, including those not sent; content is not loaded."""
    rows = Digest.objects.visible_to(person).exclude(state__in=WAITING).defer("content")
    return keyset_page(rows, order=("-week", "-id"), params=params)


def kept_digest(person: Person, week: dt.date) -> Digest | None:
    """A person's digest of that week as it was sent, or None: an unsent one may name what they may not see."""
    return Digest.objects.visible_to(person).filter(week=week, state=DigestState.SENT).first()


def waiting_digests(at: dt.datetime) -> int:
    """How many are overdue and not sent, in weeks that are not over."""
    return Digest.objects.filter(state__in=WAITING, due_at__lte=at, ends_at__gt=at).count()


@dataclass(frozen=True)
class Audience:
    """`by_times` counts recipients by their own time zone, weekday and hour (blank or None: the company's); the other
    fields count active people who get none, by reason."""

    by_times: Mapping[tuple[str, int | None, int | None], int]
    not_joined: int
    switched_off: int
    refused: int

    @property
    def people(self) -> int:
        return sum(self.by_times.values())


def audience() -> Audience:
    """Two queries."""
    active = Person.objects.filter(is_active=True)
    joined = Q(joined_at__isnull=False)
    others = active.aggregate(
        not_joined=Count("pk", filter=~joined),
        switched_off=Count("pk", filter=joined & Q(digests=False)),
        refused=Count("pk", filter=joined & Q(digests=True, refused_at__isnull=False)),
    )
    getting = active.filter(joined, digests=True, refused_at__isnull=True).order_by()
    times = getting.values_list("timezone", "digest_weekday", "digest_hour").annotate(people=Count("pk"))
    return Audience({(zone, weekday, hour): people for zone, weekday, hour, people in times}, **others)


def leaders() -> QuerySet[Person]:
    """People whose digest has the leaders' part; as in the two below, only people who have joined, by name."""
    return _joined().filter(role__in=(Role.LEADER, Role.ADMIN))


def team_leads() -> QuerySet[Person]:
    return _joined().filter(Exists(_on_teams().filter(role=TeamRole.LEAD)))


def members() -> QuerySet[Person]:
    """People whose digest has the part about their own work: on a team that others lead, or leading neither a team nor
    the company."""
    leading = Q(role__in=(Role.LEADER, Role.ADMIN)) | Exists(_on_teams().filter(role=TeamRole.LEAD))
    return _joined().filter(Exists(_on_teams().exclude(role=TeamRole.LEAD)) | ~leading)


def _joined() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, joined_at__isnull=False)


def _on_teams() -> QuerySet[Membership]:
    return Membership.objects.current().filter(person=OuterRef("pk"))


def _recent(week: dt.date) -> QuerySet[Digest]:
    return Digest.objects.filter(week__gte=week - dt.timedelta(weeks=WEEKS_BACK))
