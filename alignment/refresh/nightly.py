"""Days pass by themselves: once the company's day has changed, everything is checked and computed as of the new one."""

from __future__ import annotations

import datetime as dt

from alignment.models import Recompute
from alignment.refresh.drift import mend_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from alignment.refresh.weeks import snapshot_when_due
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.selectors.company import company_day


def recompute_when_stale(*, at: dt.datetime) -> bool:
    """Where the company's day is not the day of the figures stored: works off what waits, looks for drift, computes as
    of today, and keeps the week's figures. True where it did. Safe to run any number of times, and by two at once.
    """
    today = company_day(at)
    if _is_of(today):
        return False
    refresh_waiting(at=at)
    mend_drift(at=at)
    return _recompute(today, at=at)


@writes(permission=SYSTEM_ONLY, alone=True)
def _recompute(today: dt.date, *, at: dt.datetime) -> bool:
    """With the week's figures in the same transaction: nobody would look for them again on this day."""
    if _is_of(today):
        return False
    recompute_alignment(as_of=today, at=at)
    snapshot_when_due(as_of=today, at=at)
    return True


def _is_of(day: dt.date) -> bool:
    latest = Recompute.objects.first()
    return latest is not None and latest.as_of == day
