"""The full recompute: what the engine says of the whole company is stored, as differences.

Rows that say the same (within the tolerance of spec/alignment.md) are left alone. Flags keep the day they were first
seen, and are resolved, never deleted; parts that changed leave a row of history with the log entry that caused it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from alignment.engine import Alignment, compute
from alignment.engine.model import day_number
from alignment.models import Recompute
from alignment.selectors.columns import company_columns
from alignment.services.storing import store_flags, store_goals, store_initiatives, store_teams
from lib.dates import day_in
from teams.models import LogEntry, Person
from teams.selectors.company import company
from teams.services.log import record

LOCK = "alignment.figures"


@dataclass(frozen=True)
class RecomputeResult:
    """How many rows changed, and the company as the engine sees it."""

    alignment: Alignment
    initiatives: int
    teams: int
    goals: int
    flags_opened: int
    flags_resolved: int


def hold_figures() -> None:
    """One writer of a whole company's figures at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


@transaction.atomic
def recompute(*, as_of: dt.date, at: dt.datetime, cause: LogEntry) -> RecomputeResult:
    """Computes the company as of `as_of` and stores figures and flags; `at` is the instant it is done, `cause` the log
    entry that rows of history name."""
    hold_figures()
    alignment = compute(company_columns(), day_number(as_of))
    opened, resolved = store_flags(alignment, as_of)
    result = RecomputeResult(
        alignment=alignment,
        initiatives=store_initiatives(alignment, as_of, cause),
        teams=store_teams(alignment),
        goals=store_goals(alignment),
        flags_opened=opened,
        flags_resolved=resolved,
    )
    Recompute.objects.create(as_of=as_of, finished_at=at, cause=cause)
    return result


@transaction.atomic
def recompute_alignment(*, as_of: dt.date, at: dt.datetime, actor: Person | None = None) -> RecomputeResult:
    """A recompute for its own sake (a day has passed, or somebody asked), in the log as such."""
    return recompute(
        as_of=as_of, at=at, cause=record("alignment.recomputed", actor=actor, at=at, as_of=as_of.isoformat())
    )


def recompute_when_stale(*, at: dt.datetime) -> bool:
    """Recomputes when the company's day is not the day of the figures stored; True where it did. Safe to run any
    number of times.
    """
    today = day_in(company().timezone, at)
    with transaction.atomic():
        hold_figures()
        latest = Recompute.objects.first()
        if latest is not None and latest.as_of == today:
            return False
        recompute_alignment(as_of=today, at=at)
    return True
