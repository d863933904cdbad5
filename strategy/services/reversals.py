"""Undoing an edit of a team, as long as nothing has changed since.

The services that edit a team log what they changed with the version that it had then; while it is still at that
version, the same service puts back what the log says was there before.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from lib.edits import opened
from lib.errors import RefusedError
from lib.writes import writes
from strategy.models import Goal, Persona
from strategy.selectors.missions import served_goals
from strategy.services.missions import set_mission
from strategy.services.personas import set_personas
from teams.models import LogEntry, Person, Team
from teams.services.stance import set_stance
from teams.services.teams import edit_team, move_team

Changes = dict[str, list[Any]]
"""By column, before and after, as the log has them."""

GONE = "This can no longer be undone."


@writes(permission="teams.edit_team", alone=True)
def undo_team_change(team: Team, *, actor: Person, at: dt.datetime, version: int) -> Team:
    """Takes back the edit of `actor` that led to `version`.

    Raises StaleError; RefusedError where there was no such edit, or what was there before is gone; ValidationError
    where it can no longer be.
    """
    row = opened(team, version)
    entries = LogEntry.objects.filter(subject_type="team", subject_id=row.pk, actor=actor, data__version=version)
    entry = entries.order_by("-id").first()
    if entry is None or entry.action not in _STEPS:
        raise RefusedError(GONE)
    if entry.action == "team.moved" and not actor.has_perm("teams.move_team", row):
        raise RefusedError("Leaders say where a team hangs. Ask one of them.")
    service, values = _STEPS[entry.action]
    undone: Team = service(row, actor=actor, at=at, version=version, **values(row, actor, entry.data["changes"]))
    return undone


def _name(_team: Team, _actor: Person, changes: Changes) -> dict[str, Any]:
    return {"name": changes["name"][0]}


def _place(_team: Team, _actor: Person, changes: Changes) -> dict[str, Any]:
    above = changes["parent"][0]
    parent = Team.objects.filter(pk=above).first() if above else None
    if above and parent is None:
        raise RefusedError(GONE)
    return {"parent": parent}


def _stance(team: Team, _actor: Person, changes: Changes) -> dict[str, Any]:
    before = {name: pair[0] for name, pair in changes.items()}
    until = before.get("stance_until", team.stance_until)
    return {
        "stance": before.get("stance", team.stance),
        "reason": before.get("stance_reason", team.stance_reason),
        "until": dt.date.fromisoformat(until) if isinstance(until, str) else until,
    }


def _mission(team: Team, actor: Person, changes: Changes) -> dict[str, Any]:
    """Goals that came to sight since stay: the edit did not bear on them."""
    before, after = changes.get("goals", ([], []))
    served = {goal.pk for goal in served_goals(team, actor)} - {*after} | {*before}
    mission = changes["mission"][0] if "mission" in changes else team.mission
    return {"mission": mission, "goals": list(Goal.objects.filter(pk__in=served))}


def _personas(_team: Team, _actor: Person, changes: Changes) -> dict[str, Any]:
    return {"personas": list(Persona.objects.filter(pk__in=changes["personas"][0]))}


_STEPS: dict[str, tuple[Any, Any]] = {
    "team.edited": (edit_team, _name),
    "team.moved": (move_team, _place),
    "team.stance_set": (set_stance, _stance),
    "team.mission_set": (set_mission, _mission),
    "team.personas_set": (set_personas, _personas),
}
