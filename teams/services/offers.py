"""Services for help that a team offers another one unasked. It is accepted as terms are (`teams.services.pledges`)."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from lib.log.values import made
from lib.services.edits import locked, opened
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.enums import GOES_ON
from teams.models import Initiative, Person, Support, Team
from teams.selectors.company import company_day
from teams.services.pledges import day_problems
from teams.services.support import check_other_team, deleted, logged, next_key


@writes(permission="teams.work_on")
def offer_support(
    team: Team,
    *,
    actor: Person,
    at: dt.datetime,
    initiative: Initiative,
    answer: str,
    size: str,
    due_on: dt.date | None,
) -> Support:
    """Offers the help of `team`, another one, for work that goes on, by a day.

    Raises ValidationError by field, RefusedError where the work is over.
    """
    held = locked(initiative)
    if held.status not in GOES_ON:
        raise RefusedError("This work is over, so it needs no help.")
    check_other_team(held, team)
    problems = day_problems(due_on, company_day(at))
    if not answer.strip():
        problems["answer"] = "Say what you would do for them, in a sentence."
    if problems:
        raise ValidationError(problems)
    row = Support(
        initiative=held,
        team=team,
        key=next_key(held, team, answer),
        answer=tidy(answer),
        size=size,
        asked_on=company_day(at),
        due_on=due_on,
        offered=True,
    )
    row.clean_fields()
    row.save()
    logged(row, "support.offered", actor=actor, at=at, changes=made(row))
    return row


@writes(permission="teams.settle_support")
def end_offer(support: Support, *, actor: Person, at: dt.datetime, version: int, reason: str) -> Support:
    """Declines an offer with thanks, or takes one's own back; it is gone then, and its conversation stays.

    Raises StaleError; RefusedError where it is no offer that waits; ValidationError by field.
    """
    row = opened(support, version)
    if not row.is_open_offer:
        raise RefusedError("This is no offer that waits for an answer.")
    if not reason.strip():
        raise ValidationError({"reason": "Thank them, or say why, in a sentence."})
    return deleted(support, row, "support.offer_ended", actor=actor, at=at, reason=tidy(reason))
