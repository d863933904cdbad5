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
    """Movements since a log entry: of the company (`of(None, …)`), and of each team with its sub-teams. `from_nothing`:
    there were no figures before it, so that nothing is compared."""

    by_team: Mapping[int | None, Mapping[int, Counts]]
    entries: Mapping[int, LogEntry]
    from_nothing: bool = False

    def of(self, team: int | None, now: Figures) -> Movement:
        """`now` are the current figures (for a team, with its sub-teams)."""
        if self.from_nothing:
            return Movement(Figures(), ())
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


FROM_NOTHING = Movements({}, {}, from_nothing=True)


def team_figures_before(team: int, now: Figures, since: int) -> Figures:
    """Those of a team with its sub-teams, of which `now` are the current ones. One query."""
    causes = changes_by_team(since, [team], of_company=False).get(team, {})
    return figures_of_grains(_before(now, causes.values()))


def movements(since: int, teams: Iterable[int], *, of_company: bool = True) -> Movements:
    """Since the log entry with id `since`, as of `changes_by_team`. Two queries."""
    changed = changes_by_team(since, teams, of_company=of_company)
    return Movements(changed, LogEntry.objects.in_bulk({cause for causes in changed.values() for cause in causes}))


def changes_by_team(
    since: int, teams: Iterable[int], *, of_company: bool = True
) -> Mapping[int | None, Mapping[int, Counts]]:
    """By log entry after `since`, the change in the sums of each of `teams` with its sub-teams and, with `of_company`,
    of the company (None). Without it, little is read of other teams' work, however much of it changed. One query."""
    wanted, every = set(teams), (None,) if of_company else ()
    by_team: dict[int | None, dict[int, dict[str, int]]] = defaultdict(dict)
    for cause, path, *sums in _rows(since, wanted, of_company=of_company):
        counts = dict(zip(COUNTED, map(int, sums), strict=True))
        for team in (*every, *(above for above in path or () if above in wanted)):
            kept = by_team[team].setdefault(cause, dict.fromkeys(COUNTED, 0))
            for name, count in counts.items():
                kept[name] += count
    return {
        team: {cause: counts for cause, counts in causes.items() if any(counts.values())}
        for team, causes in by_team.items()
    }


MUCH = 5_000
"""Of more changes of initiatives than this, those of the wanted teams are looked for; fewer are all read."""
_SUMS = ", ".join(f"sum(sign * ({counted}))" for counted in counted_in_grains().values())
# A row of history takes the place of the initiative's row before it, which may be of another team.
_ROWS = f"""
    WITH wanted AS (SELECT id AS team, path FROM teams_team WHERE path && %(teams)s::bigint[]), changed AS ({{changed}})
    SELECT cause, wanted.path, {_SUMS}
    FROM changed CROSS JOIN LATERAL (
        SELECT CASE WHEN id = place THEN 1 ELSE -1 END AS sign, row.* FROM alignment_initiativehistory row
        WHERE initiative_id = work AND id <= place ORDER BY id DESC LIMIT 2
    ) side {{joined}} wanted ON team = side.team_id
    GROUP BY cause, wanted.path ORDER BY min(place)
"""  # noqa: S608 -- our own names
_CHANGED = """
    SELECT id AS place, cause_id AS cause, initiative_id AS work FROM alignment_initiativehistory
    WHERE cause_id > %(since)s
"""
_THEIRS = f"""
    WITH late AS (
        SELECT cause_id > %(since)s AS much FROM alignment_initiativehistory
        ORDER BY cause_id DESC OFFSET %(much)s LIMIT 1
    )
    {_CHANGED} AND (SELECT much FROM late) IS NOT TRUE
    UNION ALL {_CHANGED} AND (SELECT much FROM late) AND initiative_id IN (
        SELECT initiative_id FROM alignment_initiativehistory JOIN wanted ON team = team_id
    )
"""  # noqa: S608 -- our own names
_OF_COMPANY = _ROWS.format(changed=_CHANGED, joined="LEFT JOIN")
_OF_TEAMS = _ROWS.format(changed=_THEIRS, joined="JOIN")


def _rows(since: int, teams: set[int], *, of_company: bool) -> list[Any]:
    """The change that each log entry made to the sums of each of `teams` and of those below them, with the team's path;
    the path is None for all other teams together."""
    with connection.cursor() as cursor:
        wanted: dict[str, Any] = {"since": since, "teams": list(teams), "much": MUCH}
        cursor.execute(_OF_COMPANY if of_company else _OF_TEAMS, wanted)
        return list(cursor.fetchall())


def _before(now: Figures, changes: Iterable[Counts]) -> dict[str, int]:
    changes = list(changes)
    return {name: _without(now, name, sum(counts[name] for counts in changes)) for name in COUNTED}


def _without(now: Figures, name: str, changed: int) -> int:
    """The sum `name` of `now` minus `changed`, in grains; 0 where only rounding is left."""
    value = getattr(now, name) * (1 if name == "initiatives" else GRAIN)
    before = round(value) - changed
    return 0 if abs(before) <= ROUNDING * max(abs(value), abs(changed)) else before
