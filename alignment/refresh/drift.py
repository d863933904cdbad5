"""Checks for drift: stored figures that differ from the engine's. There should be none, so any found are repaired the
way an edit is refreshed, logged, and reported as a fault.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from alignment.engine import Alignment, compute
from alignment.engine.model import Ints, day_number
from alignment.enums import Stale, Subject
from alignment.models import Dirty, Recompute
from alignment.refresh import figures, flags
from alignment.refresh.differences import differences
from alignment.refresh.edits import leave, refresh_scope
from alignment.refresh.recompute import recompute
from alignment.refresh.scope import scope_of
from alignment.refresh.strategy_flags import refresh_strategies
from alignment.selectors.columns import company_columns, one_snapshot
from lib.db.columns import Column, Table, read
from lib.services.changes import Changes
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import LogEntry
from teams.services.log import record

logger = logging.getLogger("throughline.drift")

REPAIRED_BY_KEY = 2_000
NAMED = 50
"""The number of ids of each table that the log entry lists."""


@dataclass(frozen=True)
class Drift:
    """Ids of rows whose stored figures or flags are wrong."""

    initiatives: list[int]
    teams: list[int]
    goals: list[int]
    strategies: list[int]

    @property
    def size(self) -> int:
        return sum(len(ids) for ids in vars(self).values())


def mend_drift(*, at: dt.datetime) -> Drift | None:
    """Repairs and returns the drift found; None where there is none, or where edits wait for a worker and figures may
    differ.

    The check holds no locks; concurrent edits are not overwritten, because repairing computes anew.
    """
    drift = find_drift()
    if drift is None or not drift.size:
        return None
    logger.error(
        "figures had drifted: %d initiatives, %d teams, %d goals, %d strategies; they are repaired",
        len(drift.initiatives),
        len(drift.teams),
        len(drift.goals),
        len(drift.strategies),
    )
    (_mend_all if drift.size > REPAIRED_BY_KEY else _mend)(drift, at=at)
    return drift


def find_drift() -> Drift | None:
    """Compares in one snapshot; None where nothing can be compared."""
    with one_snapshot():
        latest = Recompute.objects.first()
        if latest is None or Dirty.objects.exists():
            return None
        alignment = compute(company_columns(), day_number(latest.as_of))
        found = {
            Subject.INITIATIVE: _differing(figures.INITIATIVES, figures.initiative_columns(alignment)),
            Subject.TEAM: _differing(
                figures.TEAMS, figures.team_columns(alignment.company.teams.id, alignment.team_sums)
            ),
            Subject.GOAL: _differing(
                figures.GOALS,
                figures.goal_columns(
                    alignment, alignment.goal_own_effort, figures.all_counts(alignment), alignment.covered
                ),
            ),
        }
        found[Subject.INITIATIVE] += figures.initiatives_of_wrong_links(alignment)
        ids = {subject: sorted({*found.get(subject, ()), *_flagged(alignment, subject)}) for subject in Subject}
    return Drift(ids[Subject.INITIATIVE], ids[Subject.TEAM], ids[Subject.GOAL], ids[Subject.STRATEGY])


def _differing(table: Table, columns: Mapping[str, Column]) -> list[int]:
    differing, gone = differences(table, columns)
    key: Ints = next(iter(columns.values()))
    return [*key[differing].tolist(), *gone.tolist()]


def _flagged(alignment: Alignment, subject: Subject) -> list[int]:
    """Ids with a flag that is open and should not be, or should be and is not."""
    table = flags.FLAGS[subject]
    stored = read(table.columns, table.source)["key"]
    new, gone = flags.flag_differences(alignment.ids[subject], alignment.holds[subject], stored)
    return [int(of) for of in np.concatenate([new[1], gone[1]])]


@writes(permission=SYSTEM_ONLY)
def _mend(drift: Drift, *, at: dt.datetime) -> None:
    entry = _logged(drift, at)
    scope = scope_of(Changes(initiatives=drift.initiatives, teams=drift.teams, worked=drift.goals))
    refresh_scope(replace(scope, goal_statuses=drift.goals), entry.pk)
    if drift.strategies:
        refresh_strategies(entry.pk)
    leave([(Stale.COUNTS, None)], entry.pk)


@writes(permission=SYSTEM_ONLY, alone=True)
def _mend_all(drift: Drift, *, at: dt.datetime) -> None:
    latest = Recompute.objects.latest("id")
    recompute(as_of=latest.as_of, at=at, cause=_logged(drift, at))


def _logged(drift: Drift, at: dt.datetime) -> LogEntry:
    named = vars(drift)
    found = {name: len(ids) for name, ids in named.items()}
    first: dict[str, Any] = {name: ids[:NAMED] for name, ids in named.items()}
    kinds = {"initiatives": "initiative", "teams": "team", "goals": "goal", "strategies": "strategy"}
    refs = [(kinds[name], pk) for name, ids in first.items() for pk in ids]
    return record("alignment.drift_found", actor=None, at=at, note={"found": found, **first}, refs=refs)
