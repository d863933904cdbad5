"""Who leaves and who comes back by the column `active` of people.csv, and who gets digests by `digests`."""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.counts import Presence
from exchange.bundle.format.columns import Table
from exchange.bundle.format.tables import PEOPLE
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage


def presence(staged: list[Table]) -> Presence:
    """Before the merge: what it will do to people who are there already."""
    if PEOPLE not in staged:
        return Presence()
    text = "SELECT t.id FROM whole_people w JOIN teams_person t ON t.id = w.id WHERE {which} ORDER BY t.id"
    which = ("t.is_active AND NOT w.is_active", "w.is_active AND NOT t.is_active", "w.digests AND NOT t.digests")
    return Presence(*(list(sql.values(text, which=each)) for each in which))


def refuse_erased(stage: Stage) -> None:
    """Nobody knows any more who an erased person was."""
    found = sql.found(
        """SELECT w.line, w.email FROM whole_people w JOIN teams_person t ON t.id = w.id
           WHERE t.erased_at IS NOT NULL AND w.is_active ORDER BY w.line"""
    )
    for line, email in found:
        if not stage.problems.reported(PEOPLE.file, line, "active"):
            wrong, right = f"{shown(email)} was erased and cannot be active", "write no, and add the person anew"
            stage.problems.add(PEOPLE.file, line, "active", wrong, right, cell=shown(email))
