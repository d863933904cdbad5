"""Services for a team's mission and the goals it serves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from lib.services.changes import Changes, announce
from lib.services.edits import opened, revise
from lib.services.sets import exchange, touch
from lib.services.writes import writes
from strategy.models import Goal, MissionGoal
from strategy.selectors.missions import served_goals
from teams.models import Person, Team
from teams.services.log import record

GONE = "A goal you chose is no longer here. Choose among those that are."


@writes(permission="teams.edit_team", alone=True)
def set_mission(
    team: Team, *, actor: Person, at: dt.datetime, version: int, mission: str, goals: Collection[Goal]
) -> Team:
    """Sets the text, and the goals it serves among those that `actor` may see; other goals do not change.

    Raises StaleError with the current `mission` and keys of `goals`; ValidationError by field.
    """
    row = opened(team, version, told=lambda now: mission_now(now, actor))
    before = {goal.pk for goal in served_goals(row, actor)}
    wanted = {goal.pk for goal in goals}
    if Goal.objects.visible_to(actor).filter(pk__in=wanted).count() != len(wanted):
        raise ValidationError({"goals": GONE})
    changes = revise(row, mission=mission)
    if wanted != before:
        exchange(MissionGoal, row, "goal", before=before, after=wanted)
        if not changes:
            touch([row])
        changes["served_goals"] = [sorted(before), sorted(wanted)]
    if changes:
        entry = record("team.mission_set", actor=actor, at=at, subject=row, changes=changes)
        announce(Changes(teams=[row.pk]), cause=entry.pk, at=at)
    return row


def revert_mission(team: Team, *, actor: Person, at: dt.datetime, version: int, **before: Any) -> Team:
    """Restores the text, the goals, or both; for `undo`. Raises as `set_mission`."""
    return set_mission(
        team,
        actor=actor,
        at=at,
        version=version,
        mission=before.get("mission", team.mission),
        goals=before["served_goals"] if "served_goals" in before else list(served_goals(team, actor)),
    )


def mission_now(team: Team, reader: Person) -> dict[str, Any]:
    """The current values of the form."""
    return {"mission": team.mission, "goals": [goal.key for goal in served_goals(team, reader)]}
