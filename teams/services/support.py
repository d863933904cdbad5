"""Services for support that one team asks of another for an initiative.

Asking locks the initiative, so that it cannot move to the asked team meanwhile.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import Pairs, made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.enums import SupportStatus
from teams.models import Initiative, LogEntry, Person, Support, Team
from teams.narrative import archived_team
from teams.selectors.company import company_day
from teams.selectors.teams import is_archived
from teams.services.log import record
from teams.services.undo import as_it_was

ANSWERS = (SupportStatus.PLEDGED, SupportStatus.DECLINED)
SAY_WHAT = "Say what you ask of them, in a sentence."
NOBODY_ANSWERS = "{} is archived, so nobody there would answer. Ask another team."


@writes(permission="teams.edit_initiative")
def ask_support(initiative: Initiative, *, actor: Person, at: dt.datetime, team: Team, ask: str, size: str) -> Support:
    """Asks `team`, which must be a different one, not archived, and not asked yet. Raises ValidationError by field."""
    held = locked(initiative)
    if held.team_id == team.pk:
        raise ValidationError({"team": "That is the team that does the work. Choose the one whose support it needs."})
    if is_archived(team):
        raise ValidationError({"team": archived_team(team)})
    if Support.objects.filter(initiative=held, team=team).exists():
        raise ValidationError({"team": f"{team} is asked already. Change that ask, on the page of the initiative."})
    if not ask.strip():
        raise ValidationError({"ask": SAY_WHAT})
    row = Support(initiative=held, team=team, ask=tidy(ask), size=size, asked_on=company_day(at))
    row.clean_fields()
    row.save()
    _log(row, "support.asked", actor=actor, at=at, changes=made(row))
    return row


@writes(permission="teams.ask_support")
def ask_again(support: Support, *, actor: Person, at: dt.datetime, version: int, ask: str, size: str) -> Support:
    """Changes the ask. A declined or delivered one waits for an answer from today on; one still unanswered keeps its
    date.

    Raises StaleError; RefusedError where it is pledged, or the team archived; ValidationError by field.
    """
    row = opened(support, version)
    if row.status == SupportStatus.PLEDGED:
        raise RefusedError("It is pledged. Withdraw it, and ask for something else.")
    if is_archived(row.team):
        raise RefusedError(NOBODY_ANSWERS.format(row.team))
    if not ask.strip():
        raise ValidationError({"ask": SAY_WHAT})
    values: dict[str, Any] = {"ask": ask, "size": size}
    if row.status != SupportStatus.ASKED:
        values |= {"status": SupportStatus.ASKED, "answer": "", "asked_on": company_day(at)}
    if changes := revise(row, **values):
        _log(row, "support.asked_again", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.answer_support")
def answer_support(
    support: Support, *, actor: Person, at: dt.datetime, version: int, status: str, answer: str = ""
) -> Support:
    """Pledges or declines; the answer can be changed until it is delivered. Declining needs a reason.

    Raises StaleError, RefusedError where it is delivered, ValidationError by field.
    """
    row = opened(support, version)
    if row.status == SupportStatus.DELIVERED:
        raise RefusedError("It is delivered already, so there is nothing left to answer.")
    if status not in ANSWERS:
        raise ValidationError({"status": "Pledge it or decline it."})
    if status == SupportStatus.DECLINED and not answer.strip():
        raise ValidationError({"answer": "Say why not, or what would be possible: they have to plan without it."})
    if changes := revise(row, status=status, answer=answer):
        _log(row, "support.answered", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.settle_support")
def deliver_support(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Marks it delivered, pledged or not. Raises StaleError, RefusedError where it was declined."""
    row = opened(support, version)
    if row.status == SupportStatus.DECLINED:
        raise RefusedError("It was declined. If it came after all, have it pledged first.")
    if changes := revise(row, status=SupportStatus.DELIVERED):
        _log(row, "support.delivered", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.ask_support")
def withdraw_support(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Deletes the ask; `restore_support` restores it from the log. Raises StaleError."""
    row = opened(support, version)
    entry = record("support.withdrawn", actor=actor, at=at, subject=row, changes=removed(row))
    row.delete()
    announce(Changes(initiatives=[row.initiative_id]), cause=entry.pk, at=at)
    return support


@writes(permission="teams.edit_initiative")
def restore_support(initiative: Initiative, *, actor: Person, at: dt.datetime, withdrawn: int) -> Support:
    """Restores the withdrawn ask with the id `withdrawn`, with all its values and its id.

    Raises RefusedError where there was none, or where the team has been asked again, does the work itself now, or is
    archived.
    """
    held = locked(initiative)
    taken = LogEntry.objects.filter(subject_kind="support", subject_id=withdrawn, action="support.withdrawn")
    entry = taken.first()
    if entry is None or entry.changes["initiative"][0] != held.pk:
        raise RefusedError("There is nothing to bring back.")
    row: Support = as_it_was(entry)
    team = Team.objects.current().filter(pk=row.team_id).exclude(pk=held.team_id).first()
    if team is None or Support.objects.filter(initiative=held, team=team).exists():
        raise RefusedError("Things have changed since, so ask anew if you still need it.")
    row.save(force_insert=True)
    _log(row, "support.restored", actor=actor, at=at, changes=made(row))
    return row


@writes(permission="teams.settle_support")
def revert_support(support: Support, *, actor: Person, at: dt.datetime, version: int, **values: Any) -> Support:
    """Restores `values` from before an edit; for `undo`. Raises StaleError, ValidationError; RefusedError where an
    archived team would be asked.
    """
    row = opened(support, version)
    if values.get("status") == SupportStatus.ASKED and is_archived(row.team):
        raise RefusedError(NOBODY_ANSWERS.format(row.team))
    if changes := revise(row, **values):
        _log(row, "support.undone", actor=actor, at=at, changes=changes)
    return row


def _log(row: Support, action: str, *, actor: Person, at: dt.datetime, changes: Pairs) -> None:
    """Records the edit and announces it."""
    entry = record(action, actor=actor, at=at, subject=row, changes=changes)
    announce(Changes(initiatives=[row.initiative_id]), cause=entry.pk, at=at)
