"""Services for a team's stance: how much alignment it needs now, why, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.services.changes import Changes, announce
from lib.services.dates import LAST_DAY
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.enums import Stance
from teams.models import Person, Team
from teams.selectors.company import company_day
from teams.services.log import record

SAY_WHY = "Say why it changes: the team, its neighbours and leaders read it."


@writes(permission="teams.edit_team")
def set_stance(
    team: Team, *, actor: Person, at: dt.datetime, version: int, stance: str, reason: str, until: dt.date | None
) -> Team:
    """`until` is the last day of the stance; core, which applies afterwards, has none. Another stance needs a reason.

    Raises StaleError; ValidationError by field (`stance`, `reason`, `until`).
    """
    row = opened(team, version, told=_stance)
    _check_end(stance, until, today=company_day(at))
    if stance != row.stance and not reason.strip():
        raise ValidationError({"reason": SAY_WHY})
    return _set(row, stance, reason, until, actor=actor, at=at)


def _set(row: Team, stance: str, reason: str, until: dt.date | None, *, actor: Person, at: dt.datetime) -> Team:
    try:
        changes = revise(row, stance=stance, stance_reason=reason, stance_until=until)
    except ValidationError as error:
        raise ValidationError(
            {name.removeprefix("stance_"): errors for name, errors in error.error_dict.items()}
        ) from error
    if changes:
        entry = record("team.stance_set", actor=actor, at=at, subject=row, changes=changes)
        announce(Changes(teams=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="teams.edit_team")
def revert_stance(team: Team, *, actor: Person, at: dt.datetime, version: int, **before: Any) -> Team:
    """Restores the stance fields in `before`, also with an end that has passed; for `undo`. Raises as `set_stance`."""
    row = opened(team, version, told=_stance)
    now = {name: before.get(name, getattr(row, name)) for name in ("stance", "stance_reason", "stance_until")}
    return _set(row, *now.values(), actor=actor, at=at)


def _stance(team: Team) -> dict[str, Any]:
    return {"stance": team.stance, "reason": team.stance_reason, "until": team.stance_until}


def _check_end(stance: str, until: dt.date | None, *, today: dt.date) -> None:
    if until is None:
        return
    if stance == Stance.CORE:
        raise ValidationError({"until": "Core is what a team counts as without an end. Leave this empty."})
    if not today < until <= LAST_DAY:
        raise ValidationError({"until": f"Give a day after today, until {LAST_DAY.year} at the latest, or none."})
