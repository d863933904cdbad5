"""The full recompute: what the engine says of the whole company is stored, as differences.

Rows that say the same (within the tolerance of spec/alignment.md) are left alone. Flags keep the day they were first
seen, and are resolved, never deleted; parts that changed leave a row of history with the log entry that caused it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from alignment.engine import Alignment, compute
from alignment.engine.model import day_number
from alignment.enums import Subject
from alignment.models import Recompute
from alignment.refresh.figures import (
    all_counts,
    goal_columns,
    initiative_columns,
    store_goals,
    store_initiatives,
    store_links,
    store_teams,
    team_columns,
)
from alignment.refresh.flags import store_flags
from alignment.selectors.columns import company_columns
from lib.db.locks import company_locked
from lib.services.permissions import SYSTEM, System
from lib.services.writes import writes
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record


@dataclass(frozen=True)
class RecomputeResult:
    """How many rows changed, and the company as the engine sees it."""

    alignment: Alignment
    initiatives: int
    teams: int
    goals: int
    flags_opened: int
    flags_resolved: int


@company_locked(alone=True)
def recompute(*, as_of: dt.date, at: dt.datetime, cause: LogEntry) -> RecomputeResult:
    """Computes the company as of `as_of` and stores figures and flags; `at` is the instant it is done, `cause` the log
    entry that rows of history and new flags name."""
    alignment = compute(company_columns(), day_number(as_of))
    opened, resolved = _store_all_flags(alignment, as_of, cause.pk)
    store_links(alignment)
    result = RecomputeResult(
        alignment=alignment,
        initiatives=store_initiatives(initiative_columns(alignment), as_of, cause.pk),
        teams=store_teams(team_columns(alignment.company.teams.id, alignment.team_sums)),
        goals=store_goals(goal_columns(alignment, alignment.goal_own_effort, all_counts(alignment), alignment.covered)),
        flags_opened=opened,
        flags_resolved=resolved,
    )
    Recompute.objects.create(as_of=as_of, finished_at=at, cause=cause)
    return result


def _store_all_flags(alignment: Alignment, as_of: dt.date, cause: int) -> tuple[int, int]:
    company = alignment.company
    ids = {
        Subject.INITIATIVE: company.initiatives.id,
        Subject.GOAL: company.goals.id,
        Subject.TEAM: company.teams.id,
    }
    counts = [store_flags(subject, ids[subject], holds, as_of, cause) for subject, holds in alignment.holds.items()]
    return sum(opened for opened, _resolved in counts), sum(resolved for _opened, resolved in counts)


@writes(permission="alignment.recompute", alone=True)
def recompute_alignment(*, as_of: dt.date, at: dt.datetime, actor: Person | System = SYSTEM) -> RecomputeResult:
    """A recompute for its own sake (a day has passed, or somebody asked), in the log as such."""
    cause = record("alignment.recomputed", actor=actor, at=at, note={"as_of": as_of.isoformat()})
    return recompute(as_of=as_of, at=at, cause=cause)


def recompute_again(*, at: dt.datetime, cause: int) -> None:
    """A recompute as of the day of the figures stored, and of the company's day where none were ever computed; `cause`
    is the id of a log entry."""
    latest = Recompute.objects.first()
    as_of = latest.as_of if latest else company_day(at)
    recompute(as_of=as_of, at=at, cause=LogEntry.objects.get(pk=cause))
