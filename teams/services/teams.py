"""Services that create, rename, move and remove teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.db.triggers import TREE_DEPTH_LIMIT
from lib.log.values import made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.keys import free_key
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.models import Person, Team
from teams.narrative import archived_team
from teams.selectors.holdings import holdings
from teams.selectors.presence import is_here
from teams.services.log import record

TOO_DEEP = f"Teams are nested at most {TREE_DEPTH_LIMIT} deep. Choose a team higher up."


@writes(permission="teams.create_team")
def create_team(*, actor: Person, at: dt.datetime, name: str, parent: Team | None = None) -> Team:
    """Without a mission, in the stance `core`. Raises ValidationError by field."""
    above = locked(parent) if parent is not None else None
    if above is not None and above.archived_on is not None:
        raise ValidationError({"parent": archived_team(above)})
    if above is not None and above.depth + 2 > TREE_DEPTH_LIMIT:
        raise ValidationError({"parent": TOO_DEEP})
    team = Team(name=tidy(name), parent=parent, key=free_key(Team, name))
    team.clean_fields()
    team.save()
    team.refresh_from_db(fields=["path"])
    entry = record("team.created", actor=actor, at=at, subject=team, changes=made(team))
    announce(Changes(teams=[team.pk]), cause=entry.pk, at=at)
    return team


@writes(permission="teams.edit_team")
def edit_team(team: Team, *, actor: Person, at: dt.datetime, version: int, name: str) -> Team:
    """Renames it; the key stays, so that URLs do. Raises StaleError, ValidationError by field."""
    row = opened(team, version)
    if changes := revise(row, name=name):
        record("team.edited", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="teams.move_team", alone=True)
def move_team(team: Team, *, actor: Person, at: dt.datetime, version: int, parent: Team | None) -> Team:
    """Moves it, with its subtree, below `parent` (None: to the top). No team's own figures change; flags do where it is
    now below a team that is not here, or no longer.

    Raises StaleError; ValidationError where it would be below itself, below an archived team, or too deep.
    """
    row = opened(team, version, told=_place)
    above = locked(parent) if parent is not None else None
    if above is not None:
        _check_place(row, above)
    was_here = is_here(row)
    if changes := revise(row, parent=above):
        entry = record("team.moved", actor=actor, at=at, subject=row, changes=changes)
        row.refresh_from_db(fields=["path"])
        if is_here(row) != was_here:
            announce(Changes(presence=[row.pk]), cause=entry.pk, at=at)
    return row


def _place(team: Team) -> dict[str, str]:
    above: Any = team.parent
    return {"parent": above.key if above else ""}


def _check_place(team: Team, parent: Team) -> None:
    if parent.archived_on is not None and team.archived_on is None:
        raise ValidationError({"parent": archived_team(parent)})
    if parent.pk == team.pk:
        raise ValidationError({"parent": f"{team} cannot be below itself. Choose another team, or the top."})
    if team.pk in parent.path:
        raise ValidationError({"parent": f"{parent} is itself below {team}. Choose a team outside of it, or the top."})
    deepest: Team = Team.objects.below(team).order_by("-path__len")[0]
    if len(parent.path) + len(deepest.path) - team.depth > TREE_DEPTH_LIMIT:
        raise ValidationError({"parent": TOO_DEEP})


@writes(permission="teams.remove_team", alone=True)
def remove_team(team: Team, *, actor: Person, at: dt.datetime, version: int) -> Team:
    """Removes it with its memberships, mission and personas; permanent. Raises StaleError, and RefusedError while other
    rows refer to it.
    """
    row = opened(team, version)
    held = holdings(row)
    if held:
        raise RefusedError(held.sentence(row.name))
    record("team.removed", actor=actor, at=at, subject=row, changes=removed(row))
    row.delete()
    return team
