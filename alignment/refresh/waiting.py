"""Processes what edits left: rows of Dirty, deleted in the transaction that stores their results. Interrupted at any
moment, they stay; processed twice, nothing changes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from alignment.engine import compute
from alignment.engine.model import day_number
from alignment.enums import Stale
from alignment.models import Dirty, Recompute
from alignment.refresh.ancestor_flags import refresh_fit
from alignment.refresh.differences import run
from alignment.refresh.edits import refresh_scope
from alignment.refresh.figures import store_counts
from alignment.refresh.recompute import recompute_again
from alignment.refresh.scope import scope_of
from alignment.selectors.columns import company_columns
from lib.db.locks import Lock, lock, lock_rows_sql
from lib.services.changes import Changes
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes

WHOLE = 10_000
"""With more goals and initiatives than this, recomputing everything is quicker."""


def refresh_waiting(*, at: dt.datetime) -> int:
    """Processes all waiting rows, edit by edit in order; returns how many rows that were. What several edits left of
    one thing is stored once, with the earliest of them as its cause."""
    done = 0
    while worked := _next_edit(at=at):
        done += worked
    return done + (_recount() if Dirty.objects.filter(what=Stale.COUNTS).exists() else 0)


def _next_edit(*, at: dt.datetime) -> int:
    worked = _one_edit()
    return _everything(at=at) if worked is None else worked


@writes(permission=SYSTEM_ONLY)
def _one_edit() -> int | None:
    """None, without a change, where everything is to be computed: an edit left that, it never was, or it is quicker.

    The rows are read before the scope, so that it includes the changes of every row deleted here. Its work is locked
    before it is read, as an edit locks its own: what is stored is never older than what an edit stored meanwhile.
    """
    lock(Lock.WAITING)
    rows = Dirty.objects.exclude(what=Stale.COUNTS).order_by("id")
    waiting = list(rows.values_list("id", "cause_id", "what", "of"))
    latest = Recompute.objects.first()
    if not waiting:
        return 0
    if latest is None or any(what == Stale.COMPANY for _pk, _left_by, what, _of in waiting):
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
    run(lock_rows_sql("teams_initiative", "id", "%s"), [scope.initiatives])
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
    recompute_again(at=at, cause=cause)
    return len(rows)


@writes(permission=SYSTEM_ONLY)
def _recount() -> int:
    """Recounts the contributors of each goal of a large tree. Edits made meanwhile leave rows of their own."""
    lock(Lock.COUNTS)
    rows = list(Dirty.objects.filter(what=Stale.COUNTS).values_list("id", flat=True))
    Dirty.objects.filter(pk__in=rows).delete()
    latest = Recompute.objects.first()
    if rows and latest is not None:
        store_counts(compute(company_columns(), day_number(latest.as_of)))
    return len(rows)
