"""Services for what becomes of support that was asked for: terms, a pledge by a day, delivery, thanks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.services.edits import opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from teams.enums import AskTurn, SupportStatus
from teams.models import Person, Support
from teams.selectors.company import company_day
from teams.services.support import logged

TERMS = SupportStatus.ASKED
"""An answer that leaves it to the asking team: it is asked still, and has an answer."""
ANSWERS = (SupportStatus.PLEDGED, TERMS, SupportStatus.DECLINED)
BY_WHEN = "Say by when: a day on which they can count."
STILL_TO_COME = "Choose a day that is still to come."
NOT_ACCEPTED = "They have not accepted your offer yet."


@writes(permission="teams.answer_support")
def answer_support(
    support: Support,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    status: str,
    answer: str = "",
    due_on: dt.date | None = None,
) -> Support:
    """Pledges it for a day, offers terms (`status` TERMS), or declines; the answer can be changed until it is
    delivered. Terms and declining need words.

    Raises StaleError, RefusedError where it is delivered, ValidationError by field.
    """
    row = opened(support, version)
    if row.status == SupportStatus.DELIVERED:
        raise RefusedError("It is delivered already, so there is nothing left to answer.")
    if status not in ANSWERS:
        raise ValidationError({"status": "Pledge it, say on what terms, or decline it."})
    if row.is_open_offer and status != TERMS:
        raise RefusedError(NOT_ACCEPTED)
    _check_answer(row, status, answer, due_on, company_day(at))
    declined = status == SupportStatus.DECLINED
    if changes := revise(row, status=status, answer=answer, due_on=None if declined else due_on):
        terms = status == TERMS
        logged(row, "support.terms_offered" if terms else "support.answered", actor=actor, at=at, changes=changes)
    return row


def _check_answer(row: Support, status: str, answer: str, due_on: dt.date | None, today: dt.date) -> None:
    """A pledge that was made without a day (an older one) may go without, as a day that has passed may stay."""
    problems = {}
    if status == SupportStatus.DECLINED and not answer.strip():
        problems["answer"] = "Say why not, or what would be possible: they have to plan without it."
    if status == TERMS and not answer.strip():
        problems["answer"] = "Say what you can give, and what for: they accept it or answer."
    settled = row.turn != AskTurn.ASKED and (status, due_on) == (row.status, row.due_on)
    if status != SupportStatus.DECLINED and not settled:
        problems |= day_problems(due_on, today)
    if problems:
        raise ValidationError(problems)


def day_problems(due_on: dt.date | None, today: dt.date) -> dict[str, str]:
    """What is wrong with the day of a pledge, by field."""
    if due_on is None:
        return {"due_on": BY_WHEN}
    return {"due_on": STILL_TO_COME} if due_on < today else {}


@writes(permission="teams.ask_support")
def accept_terms(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Accepts the terms, or the offer, of the other team: it is pledged for the day that they named.

    Raises StaleError; RefusedError where there are none, or the day has passed.
    """
    row = opened(support, version)
    if row.status != SupportStatus.ASKED or not row.answer:
        raise RefusedError("There is nothing to accept: they have offered nothing, or it is settled.")
    if row.due_on is not None and row.due_on < company_day(at):
        raise RefusedError("The day that they named has passed. Ask them for another one.")
    if changes := revise(row, status=SupportStatus.PLEDGED):
        logged(row, "support.accepted", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.settle_support")
def deliver_support(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """Marks it delivered, pledged or not. Where the helping team says so, the asking one is to confirm it.

    Raises StaleError, RefusedError where it was declined, or is an offer that nobody has accepted.
    """
    row = opened(support, version)
    if row.status == SupportStatus.DECLINED:
        raise RefusedError("It was declined. If it came after all, have it pledged first.")
    if row.is_open_offer:
        raise RefusedError(NOT_ACCEPTED)
    if row.status == SupportStatus.DELIVERED:
        return row
    confirmed = actor.has_perm("teams.ask_support", row)
    if changes := revise(row, status=SupportStatus.DELIVERED, unconfirmed=not confirmed):
        logged(row, "support.delivered", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.ask_support")
def confirm_support(support: Support, *, actor: Person, at: dt.datetime, version: int) -> Support:
    """The asking team says that it is there. What is missing is asked for by `ask_again`.

    Raises StaleError, RefusedError where it is not delivered.
    """
    row = _delivered(support, version)
    if changes := revise(row, unconfirmed=False):
        logged(row, "support.confirmed", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.ask_support")
def thank_support(support: Support, *, actor: Person, at: dt.datetime, version: int, thanks: str) -> Support:
    """Thanks the other team, which also says that it is there.

    Raises StaleError; RefusedError where it is not delivered; ValidationError by field.
    """
    row = _delivered(support, version)
    if not thanks.strip():
        raise ValidationError({"thanks": "Say what it made possible, in a sentence."})
    values: dict[str, Any] = {"thanks": thanks, "unconfirmed": False}
    if changes := revise(row, **values):
        logged(row, "support.thanked", actor=actor, at=at, changes=changes)
    return row


def _delivered(support: Support, version: int) -> Support:
    row = opened(support, version)
    if row.status != SupportStatus.DELIVERED:
        raise RefusedError("It is not delivered yet.")
    return row
