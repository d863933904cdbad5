"""The full recompute: stores the engine's results for the whole company, as differences.

Rows that are equal (within the tolerance of spec/alignment.md) are left alone. Flags keep the day they were first seen,
and are resolved, never deleted; changed parts add a row of history with the log entry that caused it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from alignment.engine import Alignment, compute
from alignment.engine.model import day_number
from alignment.models import Recompute
from alignment.refresh.figures import (
    all_counts,
    goal_columns,
    store_all_initiatives,
    store_all_links,
    store_goals,
    store_teams,
    team_columns,
)
from alignment.refresh.flags import store_all_flags
from alignment.refresh.thread_flags import refresh_unanswered
from alignment.selectors.columns import company_columns
from lib.db.locks import company_locked
from lib.services.permissions import SYSTEM, System
from lib.services.writes import writes
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record


@dataclass(frozen=True)
class RecomputeResult:
    """The number of rows changed, and the company as the engine computed it."""

    alignment: Alignment
    initiatives: int
    teams: int
    goals: int
    flags_opened: int
    flags_resolved: int


@company_locked(alone=True)
def recompute(*, as_of: dt.date, at: dt.datetime, cause: LogEntry) -> RecomputeResult:
    """Computes the company as of `as_of` and stores figures and flags at the instant `at`; `cause` is the log entry of
    new rows of history and flags."""
    alignment = compute(company_columns(), day_number(as_of))
    opened, resolved = _store_all_flags(alignment, as_of, cause.pk)
    asked, answered = refresh_unanswered(cause.pk, as_of)
    store_all_links(alignment, as_of, cause.pk)
    result = RecomputeResult(
        alignment=alignment,
        initiatives=store_all_initiatives(alignment, as_of, cause.pk),
        teams=store_teams(team_columns(alignment.company.teams.id, alignment.team_sums)),
        goals=store_goals(goal_columns(alignment, alignment.goal_own_effort, all_counts(alignment), alignment.covered)),
        flags_opened=opened + asked,
        flags_resolved=resolved + answered,
    )
    Recompute.objects.create(as_of=as_of, finished_at=at, cause=cause)
    return result


def _store_all_flags(alignment: Alignment, as_of: dt.date, cause: int) -> tuple[int, int]:
    ids = alignment.ids
    counts = [store_all_flags(subject, ids[subject], holds, as_of, cause) for subject, holds in alignment.holds.items()]
    return sum(opened for opened, _resolved in counts), sum(resolved for _opened, resolved in counts)


@writes(permission="alignment.recompute", alone=True)
def recompute_alignment(*, as_of: dt.date, at: dt.datetime, actor: Person | System = SYSTEM) -> RecomputeResult:
    """Recomputes for a new day or on request, and logs it."""
    cause = record("alignment.recomputed", actor=actor, at=at, note={"as_of": as_of.isoformat()})
    return recompute(as_of=as_of, at=at, cause=cause)


def recompute_again(*, at: dt.datetime, cause: int) -> None:
    """Recomputes as of the day of the stored figures, or of the company's day where there are none; `cause` is the id
    of a log entry."""
    latest = Recompute.objects.first()
    as_of = latest.as_of if latest else company_day(at)
    recompute(as_of=as_of, at=at, cause=LogEntry.objects.get(pk=cause))
