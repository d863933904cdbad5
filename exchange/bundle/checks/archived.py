"""The rules of archived teams: nothing of theirs goes on, and below them are archived teams only."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.bundle import sql
from exchange.bundle.format.columns import Table
from exchange.bundle.format.tables import GOALS, INITIATIVES, TEAMS
from exchange.bundle.overlay import over
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage

ARCHIVED_ON = "archived_on"


@dataclass(frozen=True)
class _Held:
    """Rows of `table` that an archived team has not: those whose column `team` names it and for which `goes_on` (SQL,
    about `r`) holds.
    """

    table: Table
    team: str
    column: str
    goes_on: str
    one: str
    right: str


HELD = (
    _Held(
        INITIATIVES,
        "team_id",
        "team",
        "r.status IN ('proposed', 'active', 'paused')",
        "work that goes on",
        "give it to another team, or set its status to done or dropped",
    ),
    _Held(GOALS, "team_id", "team", "r.status = 'active'", "an active goal", "close it, or name another team"),
    _Held(TEAMS, "parent_id", "parent", "r.archived_on IS NULL", "a team below it", "archive that too, or move it"),
)


def refuse_archived(names: set[str], stage: Stage) -> None:
    """For the files that are staged."""
    for held in HELD:
        if held.table.name in names:
            _refuse_rows(held, names, stage)
        if TEAMS.name in names:
            _refuse_teams(held, names, stage)


def _refuse_rows(held: _Held, names: set[str], stage: Stage) -> None:
    """Rows of the bundle, whether their team is in it or in the database."""
    known = sql.found(
        """SELECT r.line, t.key FROM whole_{name} r JOIN {teams} t ON t.id = r.{team}
           WHERE t.archived_on IS NOT NULL AND {goes_on} ORDER BY r.line""",
        name=held.table.name, team=held.team, goes_on=held.goes_on, teams=over(TEAMS.name, names, "key", "archived_on"),
    )  # fmt: skip
    for line, key in known:
        if not stage.problems.reported(held.table.file, line, held.column, "status", ARCHIVED_ON):
            wrong = f"{shown(key)} is archived, and has {held.one}"
            stage.problems.add(held.table.file, line, held.column, wrong, held.right, cell=shown(key))


def _refuse_teams(held: _Held, names: set[str], stage: Stage) -> None:
    """Teams that the bundle archives, with rows that only the database has."""
    kept = f"AND NOT EXISTS (SELECT FROM whole_{held.table.name} w WHERE w.id = r.id)"
    found = sql.found(
        """SELECT t.line, t.key, count(*) FROM whole_teams t JOIN {target} r ON r.{team} = t.id
           WHERE t.archived_on IS NOT NULL AND {goes_on} {kept} GROUP BY t.line, t.key ORDER BY t.line""",
        target=held.table.target, team=held.team, goes_on=held.goes_on,
        kept=kept if held.table.name in names else "",
    )  # fmt: skip
    for line, key, _count in found:
        if not stage.problems.reported(TEAMS.file, line, ARCHIVED_ON):
            wrong = f"{shown(key)} still has {held.one}"
            stage.problems.add(TEAMS.file, line, ARCHIVED_ON, wrong, held.right, cell=shown(key))
