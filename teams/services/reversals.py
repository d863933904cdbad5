"""Undoing: an edit of an initiative or of an ask is taken back as long as nothing has changed since.

Services log what they changed with the version that the row had then; while it is still at that version, what the log
says was there before is put back.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from lib.changes import Changes, announce
from lib.edits import opened, revise
from lib.errors import RefusedError
from lib.writes import writes
from teams.models import Initiative, LogEntry, Person, Support, Team
from teams.selectors.company import company_day
from teams.services.initiatives import check_move, check_origin, log_change, revised
from teams.services.log import record

GONE = "This can no longer be undone."


@writes(permission="teams.edit_initiative")
def undo_initiative_change(initiative: Initiative, *, actor: Person, at: dt.datetime, version: int) -> Initiative:
    """Takes back the edit that led to `version`: it touches the initiative, as every edit does.

    Raises StaleError; RefusedError where that was no edit, or `actor` may not make the opposite one; ValidationError.
    """
    row = opened(initiative, version)
    values = {name: _stored(name, pair[0]) for name, pair in _edit(row, actor=None)["changes"].items()}
    check_origin(actor, values.get("origin", row.origin), row.origin)
    if "team" in values:
        check_move(row, values["team"], actor)
    if changes := revised(row, company_day(at), **values):
        log_change(row, "initiative.undone", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.settle_support")
def undo_support_change(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Takes back what `actor` did to the ask. Raises StaleError; RefusedError where that was somebody else."""
    row = opened(support, version)
    values = {name: _stored(name, pair[0]) for name, pair in _edit(row, actor=actor)["changes"].items()}
    if changes := revise(row, **values):
        entry = record(
            "support.undone",
            actor=actor,
            at=at,
            subject=row,
            initiative=row.initiative_id,
            changes=changes,
            version=row.version,
        )
        announce(Changes(initiatives=[row.initiative_id]), cause=entry.pk, at=at)
    return row


def _edit(row: Initiative | Support, *, actor: Person | None) -> dict[str, Any]:
    """What the log says of the edit that led to the row as it is; made by `actor`, where one is given."""
    entries = LogEntry.objects.filter(subject_type=_noun(row), subject_id=row.pk, data__version=row.version)
    entry = (entries if actor is None else entries.filter(actor=actor)).order_by("-id").first()
    if entry is None or "changes" not in entry.data:
        raise RefusedError(GONE)
    return entry.data


def _noun(row: Model) -> str:
    return type(row).__name__.lower()


def _stored(name: str, plain: Any) -> Any:
    """The value of a column from what the log keeps of it (lib.edits.plain)."""
    if plain is None:
        return None
    if name == "team":
        return _there(Team.objects.filter(pk=plain).first())
    if name == "owner":
        return _there(Person.objects.filter(pk=plain).first())
    if name.endswith("_on"):
        return dt.date.fromisoformat(plain)
    return Decimal(plain) if name == "effort" else plain


def _there(row: Model | None) -> Model:
    if row is None:
        raise RefusedError(GONE)
    return row
