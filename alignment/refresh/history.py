"""The history of initiatives: a row for each change of parts, with the log entry that caused it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.engine.model import Ints
from alignment.engine.parts import PARTS
from alignment.models import InitiativeFigures, Recompute
from alignment.refresh.differences import Columns, run, staged
from teams.enums import Origin


def remember(columns: Columns, as_of: dt.date, cause: int) -> None:
    if not len(columns["initiative_id"][1]):
        return
    source, parameters = staged(columns)
    parts = ", ".join(PARTS)
    run(
        f"INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id, {parts})"  # noqa: S608
        f" SELECT initiative_id, team_id, CASE WHEN own_choice THEN %s ELSE %s END, %s, %s, {parts} FROM {source}",
        [Origin.TEAM.value, Origin.ASSIGNED.value, as_of, cause, *parameters],
    )


def remember_gone(initiatives: Ints, as_of: dt.date, cause: int) -> None:
    """Adds a row of zeros for work that left the portfolio."""
    if not len(initiatives):
        return
    run(
        "INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id,"  # noqa: S608
        f" {', '.join(PARTS)}) SELECT id, team_id, origin, %s, %s, 0, 0, 0, 0, 0, 0, 0"
        " FROM teams_initiative WHERE id = ANY(%s)",
        [as_of, cause, initiatives.tolist()],
    )


def remember_removed(initiative: int, cause: int) -> None:
    """As `remember_gone`, for work that counts in the stored figures and whose row is about to be deleted."""
    if InitiativeFigures.objects.filter(initiative=initiative).exists():
        remember_gone(np.array([initiative]), Recompute.objects.latest("id").as_of, cause)
