"""Checks and recomputes everything once the company's day has changed."""

from __future__ import annotations

import datetime as dt

from alignment.models import Recompute
from alignment.refresh.drift import mend_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from alignment.refresh.weeks import snapshot_when_due
from conversations.services.threads import look_again
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.selectors.company import company_day


def recompute_when_stale(*, at: dt.datetime) -> bool:
    """Where the company's day differs from that of the stored figures: processes what waits, checks for drift, computes
    as of today, and stores the weekly snapshot. Returns whether it did. Safe to repeat, also concurrently."""
    today = company_day(at)
    if _is_of(today):
        return False
    look_again(on=today, at=at)
    refresh_waiting(at=at)
    mend_drift(at=at)
    return _recompute(today, at=at)


@writes(permission=SYSTEM_ONLY, alone=True)
def _recompute(today: dt.date, *, at: dt.datetime) -> bool:
    """Includes the weekly snapshot in the same transaction: no later run on this day would take it."""
    if _is_of(today):
        return False
    recompute_alignment(as_of=today, at=at)
    snapshot_when_due(as_of=today, at=at)
    return True


def _is_of(day: dt.date) -> bool:
    latest = Recompute.objects.first()
    return latest is not None and latest.as_of == day
