"""Services for support that one team asks of another for an initiative: asking, and taking an ask away.

What the other team answers is in `teams.services.pledges`. Asking locks the initiative, so that it cannot move to the
asked team meanwhile.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import Pairs, made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.keys import key_among
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.enums import SupportStatus
from teams.models import Initiative, LogEntry, Person, Support, Team
from teams.narrative import archived_team
from teams.selectors.company import company_day
from teams.selectors.teams import is_archived
from teams.services.log import record
from teams.services.undo import as_it_was

SAY_WHAT = "Say what you ask of them, in a sentence."
NOBODY_ANSWERS = "{} is archived, so nobody there would answer. Ask another team."
THEIR_OFFER = "That is what they offer. Accept it, or thank them and decline it."
ENDED = ("support.withdrawn", "support.offer_ended")
"""Actions that delete a row."""


@writes(permission="teams.edit_initiative")
def ask_support(
    initiative: Initiative,
    *,
    actor: Person,
    at: dt.datetime,
    team: Team,
    ask: str,
    size: str,
    needed_on: dt.date | None = None,
) -> Support:
    """Asks `team`, which must be a different one and not archived. Raises ValidationError by field."""
    held = locked(initiative)
    check_other_team(held, team)
    if not ask.strip():
        raise ValidationError({"ask": SAY_WHAT})
    row = Support(
        initiative=held,
        team=team,
        key=next_key(held, team, ask),
        ask=tidy(ask),
        size=size,
        needed_on=needed_on,
        asked_on=company_day(at),
    )
    row.clean_fields()
    row.save()
    logged(row, "support.asked", actor=actor, at=at, changes=made(row))
    return row


def check_other_team(initiative: Initiative, team: Team) -> None:
    """Raises ValidationError."""
    if initiative.team_id == team.pk:
        raise ValidationError({"team": "That is the team that does the work. Choose the one whose support it needs."})
    if is_archived(team):
        raise ValidationError({"team": archived_team(team)})


def next_key(initiative: Initiative, team: Team, text: str) -> str:
    """'' for the first ask of the two; the others have one, which tells them apart. The initiative is locked."""
    taken = {*Support.objects.filter(initiative=initiative, team=team).values_list("key", flat=True)}
    return key_among(taken, text, "ask") if "" in taken else ""


@writes(permission="teams.ask_support")
def ask_again(
    support: Support,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    ask: str,
    size: str,
    needed_on: dt.date | None = None,
) -> Support:
    """Changes the ask, which waits for the other team then: so terms are answered, an offer is asked otherwise, and
    what is missing of something delivered is asked for. One that they have not answered, or have offered terms for,
    keeps its date.

    Raises StaleError; RefusedError where it is pledged, or the team archived; ValidationError by field.
    """
    row = opened(support, version)
    if row.status == SupportStatus.PLEDGED:
        raise RefusedError("It is pledged. Withdraw it, and ask for something else.")
    if is_archived(row.team):
        raise RefusedError(NOBODY_ANSWERS.format(row.team))
    if not ask.strip():
        raise ValidationError({"ask": SAY_WHAT})
    values: dict[str, Any] = {"ask": ask, "size": size, "needed_on": needed_on}
    if row.status != SupportStatus.ASKED or row.offered:
        values |= {"asked_on": company_day(at)}
    nothing_yet = {"status": SupportStatus.ASKED, "answer": "", "due_on": None, "unconfirmed": False, "offered": False}
    if changes := revise(row, **values, **nothing_yet):
        logged(row, "support.asked_again", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.ask_support")
def withdraw_support(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Deletes the ask; `restore_support` restores it from the log. Raises StaleError, RefusedError for an offer."""
    row = opened(support, version)
    if row.is_open_offer:
        raise RefusedError(THEIR_OFFER)
    return deleted(support, row, "support.withdrawn", actor=actor, at=at)


def deleted(
    support: Support, row: Support, action: str, *, actor: Person, at: dt.datetime, reason: str = ""
) -> Support:
    """Part of a service: deletes the locked `row`, and returns `support` as it was."""
    note = {"reason": reason} if reason else {}
    entry = record(action, actor=actor, at=at, subject=row, changes=removed(row), note=note)
    row.delete()
    announce(Changes(initiatives=[row.initiative_id]), cause=entry.pk, at=at)
    return support


@writes(permission="teams.edit_initiative")
def restore_support(initiative: Initiative, *, actor: Person, at: dt.datetime, withdrawn: int) -> Support:
    """Restores the withdrawn ask with the id `withdrawn`, with all its values and its id.

    Raises RefusedError where there was none, or where another ask has its place now, or the team does the work itself
    or is archived.
    """
    held = locked(initiative)
    taken = LogEntry.objects.filter(subject_kind="support", subject_id=withdrawn, action__in=ENDED)
    entry = taken.order_by("-id").first()
    if entry is None or entry.changes["initiative"][0] != held.pk:
        raise RefusedError("There is nothing to bring back.")
    row: Support = as_it_was(entry)
    team = Team.objects.current().filter(pk=row.team_id).exclude(pk=held.team_id).first()
    there = Support.objects.filter(initiative=held, team=row.team_id, key=row.key) | Support.objects.filter(pk=row.pk)
    if team is None or there.exists():
        raise RefusedError("Things have changed since, so ask anew if you still need it.")
    row.save(force_insert=True)
    logged(row, "support.restored", actor=actor, at=at, changes=made(row))
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
        logged(row, "support.undone", actor=actor, at=at, changes=changes)
    return row


def logged(row: Support, action: str, *, actor: Person, at: dt.datetime, changes: Pairs) -> None:
    """Part of a service: records the edit and announces it."""
    entry = record(action, actor=actor, at=at, subject=row, changes=changes)
    announce(Changes(initiatives=[row.initiative_id]), cause=entry.pk, at=at)
