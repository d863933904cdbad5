"""The service that marks a team as not here yet, and as here again."""

from __future__ import annotations

import datetime as dt

from lib.services.changes import Changes, announce
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.models import Person, Team
from teams.services.log import record


@writes(permission="teams.bring_in_team", alone=True)
def set_presence(team: Team, *, actor: Person, at: dt.datetime, version: int, is_here: bool) -> Team:
    """Nothing is asked of a team that is not here, nor of those below it; figures stay as they are.

    Raises StaleError.
    """
    row = opened(team, version)
    if changes := revise(row, is_here=is_here):
        entry = record("team.presence_set", actor=actor, at=at, subject=row, changes=changes)
        announce(Changes(presence=[row.pk]), cause=entry.pk, at=at)
    return row
