"""Working off what edits left: rows of Dirty, deleted in the transaction that stores what they asked for. Killed at any
moment, they wait on; worked off twice, nothing changes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from alignment.engine import compute
from alignment.engine.model import day_number
from alignment.enums import Stale
from alignment.models import Dirty, Recompute
from alignment.selectors.columns import company_columns
from alignment.services.reading import COUNTS_LOCK
from alignment.services.recompute import recompute
from alignment.services.refresh import refresh_scope
from alignment.services.scope import scope_of
from alignment.services.storing import store_counts
from alignment.services.treeflags import refresh_fit
from lib.changes import Changes
from lib.writes import SYSTEM_ONLY, writes
from teams.models import LogEntry

WAITING_LOCK = 7_203_904
"""Key of an advisory lock: one worker at a time works off edits."""
WHOLE = 10_000
"""From so many goals and initiatives on, everything is computed at once, which is quicker."""


def refresh_waiting(*, at: dt.datetime) -> int:
    """Works off everything that waits, the edits in their order; returns how many rows that were. What several edits
    left of one thing is stored once, with the earliest of them as its cause."""
    done = 0
    while worked := _next_edit(at=at):
        done += worked
    return done + (_recount() if Dirty.objects.filter(what=Stale.COUNTS).exists() else 0)


def _next_edit(*, at: dt.datetime) -> int:
    if not Recompute.objects.exists():
        return 0
    worked = _one_edit()
    return _everything(at=at) if worked is None else worked


@writes(permission=SYSTEM_ONLY)
def _one_edit() -> int | None:
    """None, and nothing done, where everything waits, or so much that everything is computed more quickly.

    The rows are read before the scope is: what an edit changed is seen before its rows are deleted.
    """
    _take_turns(WAITING_LOCK)
    rows = Dirty.objects.exclude(what=Stale.COUNTS).order_by("id")
    waiting = list(rows.values_list("id", "cause_id", "what", "of"))
    latest = Recompute.objects.first()
    if not waiting or latest is None:
        return 0
    if any(what == Stale.COMPANY for _pk, _left_by, what, _of in waiting):
        return None
    cause = waiting[0][1]
    named: dict[str, set[Any]] = {what: set() for what in Stale}
    for _pk, left_by, what, of in waiting:
        if left_by == cause:
            named[what].add(of)
    scope = scope_of(
        Changes(initiatives=named[Stale.INITIATIVE], goals=named[Stale.GOAL], teams=named[Stale.TEAM]), limit=WHOLE
    )
    if scope.size > WHOLE:
        return None
    done = [pk for pk, _left_by, what, of in waiting if of in named[what]]
    Dirty.objects.filter(pk__in=done).delete()
    refresh_scope(scope, cause)
    if named[Stale.FIT]:
        refresh_fit(latest.as_of, cause, wait=True)
    return len(done)


@writes(permission=SYSTEM_ONLY, alone=True)
def _everything(*, at: dt.datetime) -> int:
    rows = list(Dirty.objects.order_by("id"))
    if not rows:
        return 0
    cause = next((row for row in rows if row.what == Stale.COMPANY), rows[0]).cause_id
    Dirty.objects.filter(pk__in=[row.pk for row in rows]).delete()
    as_of = Recompute.objects.latest("id").as_of
    recompute(as_of=as_of, at=at, cause=LogEntry.objects.get(pk=cause))
    return len(rows)


@writes(permission=SYSTEM_ONLY)
def _recount() -> int:
    """How many contribute to each goal of a large tree. Edits that come while it counts leave rows of their own."""
    _take_turns(COUNTS_LOCK)
    rows = list(Dirty.objects.filter(what=Stale.COUNTS).values_list("id", flat=True))
    Dirty.objects.filter(pk__in=rows).delete()
    latest = Recompute.objects.first()
    if rows and latest is not None:
        store_counts(compute(company_columns(), day_number(latest.as_of)))
    return len(rows)


def _take_turns(lock: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
