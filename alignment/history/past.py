"""Any past day's figures, and what caused the difference between two days, from the history of each initiative.

An initiative's state on a day is its latest row by id of that day or an earlier one: figures recomputed for a past day
apply from when they were computed. Sums are counted in whole billionths of a thousandth of a person-week, well below
the tolerance of spec/alignment.md, so that they are exact in any order and causes add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from alignment.engine import Figures
from alignment.engine.parts import PARTS
from alignment.engine.work_figures import SUMS
from teams.enums import Origin
from teams.models import LogEntry, Team

GRAIN = 10**12
"""Grains in a person-week."""

COUNTED = tuple(name for name in SUMS if name != "unsized")
Counts = Mapping[str, int]


@dataclass(frozen=True)
class FigureChange:
    """The change of each sum, in person-weeks (`initiatives`: a count), and of coverage, as a part of one.

    `coverage` is None where it did not exist before or after. For the causes of an explanation it is relative to the
    last coverage that existed, so that those that are not None add up to the total.
    """

    effort: float
    aligned: float
    reasoned: float
    endorsed: float
    exploring: float
    sustaining: float
    orphaned: float
    own_choice: float
    own_choice_aligned: float
    initiatives: int
    coverage: float | None


@dataclass(frozen=True)
class Cause:
    """`entry` may name confidential things by id, in its changes or in its note: callers check who may see them."""

    entry: LogEntry
    change: FigureChange


@dataclass(frozen=True)
class Explanation:
    """`causes` are in chronological order; their changes add up to `change`, from `before` to `after`."""

    before: Figures
    after: Figures
    change: FigureChange
    causes: list[Cause]


def figures_on(day: dt.date, team: Team | None = None, *, together: bool = False) -> Figures:
    """The figures on `day`, of the company, of a team, or (`together`) of a team with the sub-teams that it has today.
    The history has no unsized counts: `unsized` is 0. One query."""
    return figures_of_grains(_state(day, _scope(team, together=together)))


def explained(from_day: dt.date, to_day: dt.date, team: Team | None = None, *, together: bool = False) -> Explanation:
    """What caused the difference between the figures of two days, as of `figures_on`: three queries.

    Each row of history is the difference to the initiative's previous row, attributed to the log entry that caused it;
    work that moved between teams leaves one and joins the other. Days that pass are causes too: the recompute that
    noticed ("alignment.recomputed"). Where one recompute stored several waiting edits together, the earliest of them is
    the cause of it all. Causes that changed nothing here are left out.
    """
    scope = _scope(team, together=together)
    before = _state(from_day, scope)
    changes = _changes(from_day, to_day, scope)
    entries = LogEntry.objects.in_bulk(changes)
    causes: list[Cause] = []
    sums, known = dict(before), figures_of_grains(before).coverage
    for cause, counts in changes.items():
        sums = {name: sums[name] + counts[name] for name in COUNTED}
        coverage = figures_of_grains(sums).coverage
        causes.append(Cause(entries[cause], _change(counts, known, coverage)))
        known = known if coverage is None else coverage
    first, after = figures_of_grains(before), figures_of_grains(sums)
    whole = {name: sums[name] - before[name] for name in COUNTED}
    return Explanation(first, after, _change(whole, first.coverage, after.coverage), causes)


def _change(counts: Counts, before: float | None, after: float | None) -> FigureChange:
    values: dict[str, Any] = {name: counts[name] / GRAIN for name in COUNTED} | {"initiatives": counts["initiatives"]}
    return FigureChange(**values, coverage=None if before is None or after is None else after - before)


def figures_of_grains(counts: Counts) -> Figures:
    """From COUNTED in whole grains (`initiatives`: a count); the history has no unsized counts."""
    return Figures.of([counts[name] / (1 if name == "initiatives" else GRAIN) for name in COUNTED] + [0])


@dataclass(frozen=True)
class _Scope:
    """The teams included: an SQL condition on `team_id`, '' for all, with its parameters."""

    condition: str
    parameters: dict[str, Any]


def _scope(team: Team | None, *, together: bool) -> _Scope:
    if team is None:
        return _Scope("", {})
    if not together:
        return _Scope("team_id = %(team)s", {"team": team.pk})
    below = "SELECT id FROM teams_team WHERE path >= %(path)s::bigint[] AND path < %(behind)s::bigint[]"
    behind = [*team.path[:-1], team.path[-1] + 1]
    return _Scope(f"team_id IN ({below})", {"path": team.path, "behind": behind})


def counted_in_grains() -> dict[str, str]:
    """SQL for each of COUNTED of a row of history, in whole grains."""
    parts = {name: f"({name} * {GRAIN}::double precision)::bigint" for name in PARTS}
    chosen = f"CASE WHEN origin = '{Origin.TEAM.value}' THEN {{}} ELSE 0 END"
    discretionary = " + ".join(parts[name] for name in ("aligned", "exploring", "orphaned"))
    return parts | {
        "own_choice": chosen.format(discretionary),
        "own_choice_aligned": chosen.format(parts["aligned"]),
        "initiatives": "CASE WHEN effort > 0 THEN 1 ELSE 0 END",
    }


_COUNTED = counted_in_grains()
_ROWS = "alignment_initiativehistory"
_LATEST = f"""
    SELECT DISTINCT ON (initiative_id) * FROM {_ROWS} WHERE as_of <= %(day)s ORDER BY initiative_id, id DESC
"""  # noqa: S608 -- our own names
_LATEST_OF_SOME = f"""
    SELECT latest.* FROM (SELECT DISTINCT initiative_id FROM {_ROWS} WHERE {{scope}} AND as_of <= %(day)s) theirs,
        LATERAL (
            SELECT * FROM {_ROWS} WHERE initiative_id = theirs.initiative_id AND as_of <= %(day)s
                ORDER BY id DESC LIMIT 1
        ) latest
    WHERE {{scope}}
"""  # noqa: S608 -- our own names

# A row applies from its own cause until the cause of the initiative's next row.
_CHANGES = f"""
    WITH touched AS (
        SELECT DISTINCT initiative_id FROM {_ROWS} WHERE as_of > %(from_day)s AND as_of <= %(to_day)s
    ), walked AS (
        SELECT row.*, lead(row.cause_id) OVER next AS next_cause, lead(row.id) OVER next AS next_id
        FROM touched LEFT JOIN LATERAL (
            SELECT id FROM {_ROWS} WHERE initiative_id = touched.initiative_id AND as_of <= %(from_day)s
                ORDER BY id DESC LIMIT 1
        ) base ON true CROSS JOIN LATERAL (
            SELECT * FROM {_ROWS} WHERE initiative_id = touched.initiative_id AND as_of <= %(to_day)s
                AND id >= coalesce(base.id, 0)
        ) row
        WINDOW next AS (PARTITION BY row.initiative_id ORDER BY row.id)
    )
    SELECT cause, {", ".join(f"sum(sign * ({counted}))" for counted in _COUNTED.values())}
    FROM walked, LATERAL (VALUES
        (1, CASE WHEN as_of > %(from_day)s THEN cause_id END, id), (-1, next_cause, next_id)
    ) AS side (sign, cause, place)
    WHERE cause IS NOT NULL {{scope}}
    GROUP BY cause ORDER BY min(place)
"""  # noqa: S608 -- our own names


def _state(day: dt.date, scope: _Scope) -> Counts:
    latest = _LATEST_OF_SOME.format(scope=scope.condition) if scope.condition else _LATEST
    sums = ", ".join(f"coalesce(sum({counted}), 0)" for counted in _COUNTED.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sums} FROM ({latest}) state", {"day": day, **scope.parameters})  # noqa: S608
        return dict(zip(_COUNTED, map(int, cursor.fetchone()), strict=True))


def _changes(from_day: dt.date, to_day: dt.date, scope: _Scope) -> dict[int, Counts]:
    """By cause, in the order of their first rows."""
    condition = f"AND {scope.condition}" if scope.condition else ""
    parameters = {"from_day": from_day, "to_day": to_day, **scope.parameters}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES.format(scope=condition), parameters)
        rows = [(cause, dict(zip(_COUNTED, map(int, sums), strict=True))) for cause, *sums in cursor.fetchall()]
    return {cause: counts for cause, counts in rows if any(counts.values())}
