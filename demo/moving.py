"""Moves the demo's company, at each start, by as many whole weeks as fit before now.

The last thing that people did, in the story or since, is moved to before now. What the nightly and Monday's tasks did
after it is undone first, and done again on the days on which it is due then.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pgtrigger
from django.db.models import F, Max, Q
from django.db.models.functions import Least

from alignment.models import CompanyWeek, Flag, GoalWeek, InitiativeHistory, LinkHistory, Recompute, TeamWeek
from alignment.refresh.nightly import recompute_when_stale
from alignment.refresh.recompute import recompute
from alignment.refresh.waiting import refresh_waiting
from demo.actions import BUILT
from demo.outbox import move_mails
from demo.shifting import shift_amendments, shift_digests, shift_editions, shift_log, shift_rows
from digest.models import Digest, DigestSettings
from digest.schedule import LEAD, WEEK
from lib.db.locks import company_locked
from teams.models import LogEntry
from teams.selectors.company import company

HISTORIES: tuple[type[InitiativeHistory | LinkHistory], ...] = (InitiativeHistory, LinkHistory)


@dataclass(frozen=True)
class DemoCompany:
    """`last` is when the story ended or, later, when people last did something."""

    last: dt.datetime


def demo_company() -> DemoCompany | None:
    """None where the database has no demo company, or another one was imported since. One query."""
    people = Q(actor__isnull=False) | Q(action=BUILT)
    built, imported = Q(action=BUILT), Q(action="company.imported")
    found = LogEntry.objects.aggregate(
        built=Max("pk", filter=built), imported=Max("pk", filter=imported), last=Max("at", filter=people)
    )
    if found["built"] is None or (found["imported"] or 0) > found["built"]:
        return None
    return DemoCompany(found["last"])


def is_demo() -> bool:
    """Whether `demo_company` is there; it reads less of the log."""
    last = LogEntry.objects.filter(action__in=(BUILT, "company.imported")).order_by("-pk").values_list("action").first()
    return last == (BUILT,)


def weeks_between(last: dt.datetime, at: dt.datetime, zone: str) -> int:
    """How many whole weeks `last` can move without being later than `at`, in the zone `zone`."""
    local = ZoneInfo(zone)
    passed = at.astimezone(local).replace(tzinfo=None) - last.astimezone(local).replace(tzinfo=None)
    return max(passed // WEEK, 0)


def move_demo(*, at: dt.datetime) -> int:
    """Moves the demo's company to before `at`, and brings its figures up to that day. Returns the number of weeks: 0
    where there was nothing to move, or the company is not the demo's."""
    stands = demo_company()
    if stands is None:
        return 0
    zone = company().timezone
    weeks = weeks_between(stands.last, at, zone)
    if weeks:
        refresh_waiting(at=stands.last)
        _move(stands.last, weeks, zone)
        move_mails(weeks, stands.last)
        recompute_when_stale(at=at)
    return weeks


@company_locked(alone=True)
def _move(last: dt.datetime, weeks: int, zone: str) -> None:
    with pgtrigger.ignore():
        _take_back(last)
        shift_rows(weeks, zone)
        shift_log(weeks, zone)
        shift_editions(weeks)
        shift_amendments(weeks)
        shift_digests(weeks)


def _take_back(last: dt.datetime) -> None:
    """Deletes what tasks did after `last`: the days that were computed, with their flags, weeks and history, and the
    digests of later Mondays."""
    Digest.objects.filter(due_at__gt=last).delete()
    DigestSettings.objects.update(planned_to=Least(F("planned_to"), last + LEAD))
    later = Recompute.objects.filter(finished_at__gt=last)
    kept = Recompute.objects.exclude(pk__in=later).first()
    if kept is None or not later.exists():
        return
    for history in HISTORIES:
        history.objects.filter(cause__at__gt=last).delete()
    later.delete()
    CompanyWeek.objects.filter(at__gt=last).delete()
    newest = CompanyWeek.objects.aggregate(week=Max("week"))["week"]
    for model in (TeamWeek, GoalWeek):
        model.objects.filter(week__gt=newest).delete()
    Flag.objects.filter(cause__at__gt=last).delete()
    Flag.objects.filter(resolved_on__gt=kept.as_of).update(resolved_on=None)
    LogEntry.objects.filter(at__gt=last).delete()
    _figures_of(kept)


def _figures_of(kept: Recompute) -> None:
    """Restores the figures of then; their history is stored already."""
    newest = {history: history.objects.aggregate(pk=Max("pk"))["pk"] or 0 for history in HISTORIES}
    recompute(as_of=kept.as_of, at=kept.finished_at, cause=kept.cause)
    for history, last in newest.items():
        history.objects.filter(pk__gt=last).delete()
    Recompute.objects.filter(pk__gt=kept.pk).delete()
