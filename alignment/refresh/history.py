"""The history of initiatives and links: a row for each change, with the log entry that caused it."""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.engine.model import Ints
from alignment.engine.parts import PARTS
from alignment.enums import LinkState
from alignment.models import InitiativeFigures, Recompute
from alignment.refresh.differences import Columns, Kept, run, staged
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


def links_kept(as_of: dt.date, cause: int, *, gone: bool = False) -> Kept:
    """Adds a row for each link whose figures are written, or of zeros for each whose figures are deleted, with the
    state that it has now or had when it was removed."""
    now = "(SELECT state FROM alignment_link WHERE id = link_id)"
    state, amount = "CASE WHEN endorsed THEN %s ELSE %s END", "amount"
    if gone:
        state, amount = f"COALESCE({now}, {state})", "0"
    return Kept(
        "INSERT INTO alignment_linkhistory (link_id, initiative_id, goal_id, state, amount, as_of, cause_id)"  # noqa: S608
        f" SELECT link_id, initiative_id, goal_id, {state}, {amount}, %s, %s FROM touched",
        [LinkState.ENDORSED.value, LinkState.CLAIMED.value, as_of, cause],
    )


def remember_removed(initiative: int, cause: int) -> None:
    """As `remember_gone`, for work that counts in the stored figures and whose row is about to be deleted."""
    if InitiativeFigures.objects.filter(initiative=initiative).exists():
        remember_gone(np.array([initiative]), Recompute.objects.latest("id").as_of, cause)
