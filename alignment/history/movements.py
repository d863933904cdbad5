"""What moved the figures of the company and of many teams since a log entry.

As in alignment.history.past, each difference between an initiative's rows is attributed to the entry that caused it, in
whole grains, so that causes add up. The figures before are those of now minus the changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from alignment.engine import Figures
from alignment.history.past import COUNTED, GRAIN, counted_in_grains, figures_of_grains
from teams.models import LogEntry

ROUNDING = 1e-9
"""The relative error of a sum that the order of adding floats may cause."""
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Moved:
    """The change that `entry` made to a set's coverage, as a part of one (None where it had none before or after), and
    to its orphaned effort in person-weeks."""

    entry: LogEntry
    coverage: float | None
    orphaned: float


@dataclass(frozen=True)
class Movement:
    """`before` are the earlier figures; `causes` are in chronological order."""

    before: Figures
    causes: tuple[Moved, ...]


@dataclass(frozen=True)
class Movements:
    """Movements since a log entry: of the company (`of(None, …)`), and of each team with its sub-teams."""

    by_team: Mapping[int | None, Mapping[int, Counts]]
    entries: Mapping[int, LogEntry]

    def of(self, team: int | None, now: Figures) -> Movement:
        """`now` are the current figures (for a team, with its sub-teams)."""
        causes = self.by_team.get(team, {})
        sums = _before(now, causes.values())
        before = figures_of_grains(sums)
        coverage = before.coverage
        moved = []
        for cause, counts in causes.items():
            sums = {name: sums[name] + counts[name] for name in COUNTED}
            after = figures_of_grains(sums).coverage
            change = None if coverage is None or after is None else after - coverage
            moved.append(Moved(self.entries[cause], change, counts["orphaned"] / GRAIN))
            coverage = coverage if after is None else after
        return Movement(before, tuple(moved))


def team_figures_before(team: int, now: Figures, since: int) -> Figures:
    """Those of a team with its sub-teams, of which `now` are the current ones. One query."""
    causes = changes_by_team(since, [team]).get(team, {})
    return figures_of_grains(_before(now, causes.values()))


def movements(since: int, teams: Iterable[int]) -> Movements:
    """Since the log entry with id `since`, for the company and for `teams`, each with its sub-teams. Two queries."""
    changed = changes_by_team(since, teams)
    return Movements(changed, LogEntry.objects.in_bulk({cause for causes in changed.values() for cause in causes}))


def changes_by_team(since: int, teams: Iterable[int]) -> Mapping[int | None, Mapping[int, Counts]]:
    """By log entry after `since`, the change in the sums of the company (None) and of each of `teams`. One query."""
    wanted = set(teams)
    by_team: dict[int | None, dict[int, dict[str, int]]] = defaultdict(dict)
    for cause, path, *sums in _rows(since):
        counts = dict(zip(COUNTED, map(int, sums), strict=True))
        for team in (None, *(above for above in path if above in wanted)):
            kept = by_team[team].setdefault(cause, dict.fromkeys(COUNTED, 0))
            for name, count in counts.items():
                kept[name] += count
    return {
        team: {cause: counts for cause, counts in causes.items() if any(counts.values())}
        for team, causes in by_team.items()
    }


# A row applies from its own cause until the cause of the initiative's next row.
_ROWS = f"""
    WITH touched AS (
        SELECT DISTINCT initiative_id FROM alignment_initiativehistory WHERE cause_id > %(since)s
    ), walked AS (
        SELECT row.*, lead(row.cause_id) OVER next AS next_cause, lead(row.id) OVER next AS next_id, base.id AS base
        FROM touched LEFT JOIN LATERAL (
            SELECT id FROM alignment_initiativehistory
                WHERE initiative_id = touched.initiative_id AND cause_id <= %(since)s ORDER BY id DESC LIMIT 1
        ) base ON true CROSS JOIN LATERAL (
            SELECT * FROM alignment_initiativehistory
                WHERE initiative_id = touched.initiative_id AND id >= coalesce(base.id, 0)
        ) row
        WINDOW next AS (PARTITION BY row.initiative_id ORDER BY row.id)
    )
    SELECT cause, team.path, {", ".join(f"sum(sign * ({counted}))" for counted in counted_in_grains().values())}
    FROM walked CROSS JOIN LATERAL (VALUES
        (1, CASE WHEN walked.id IS DISTINCT FROM base THEN cause_id END, walked.id), (-1, next_cause, next_id)
    ) AS side (sign, cause, place) JOIN teams_team team ON team.id = walked.team_id
    WHERE cause IS NOT NULL
    GROUP BY cause, team.id ORDER BY min(place)
"""  # noqa: S608 -- our own names


def _rows(since: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"since": since})
        return list(cursor.fetchall())


def _before(now: Figures, changes: Iterable[Counts]) -> dict[str, int]:
    changes = list(changes)
    return {name: _without(now, name, sum(counts[name] for counts in changes)) for name in COUNTED}


def _without(now: Figures, name: str, changed: int) -> int:
    """The sum `name` of `now` minus `changed`, in grains; 0 where only rounding is left."""
    value = getattr(now, name) * (1 if name == "initiatives" else GRAIN)
    before = round(value) - changed
    return 0 if abs(before) <= ROUNDING * max(abs(value), abs(changed)) else before
