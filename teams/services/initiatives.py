"""Services for initiatives: their texts, kind, status and team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import Pairs, made
from lib.services.changes import Changes, announce
from lib.services.dates import FIRST_DAY, LAST_DAY
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.keys import free_key
from lib.services.sets import exchange, touch
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.enums import GOES_ON, InitiativeKind, InitiativeStatus, Origin
from teams.labels import joined, labels_in
from teams.models import Contributor, Initiative, Person, Support, Team
from teams.narrative import archived_team
from teams.selectors.company import company_day
from teams.selectors.initiatives import contributors_of
from teams.selectors.teams import is_archived
from teams.services.log import record
from teams.services.people import check_owner

FIRST_STATUSES = (InitiativeStatus.PROPOSED, InitiativeStatus.ACTIVE)
NEXT_STATUSES = {
    InitiativeStatus.PROPOSED: (InitiativeStatus.ACTIVE, InitiativeStatus.DROPPED),
    InitiativeStatus.ACTIVE: (InitiativeStatus.PAUSED, InitiativeStatus.DONE, InitiativeStatus.DROPPED),
    InitiativeStatus.PAUSED: (InitiativeStatus.ACTIVE, InitiativeStatus.DONE, InitiativeStatus.DROPPED),
    InitiativeStatus.DONE: (InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED, InitiativeStatus.PROPOSED),
    InitiativeStatus.DROPPED: (InitiativeStatus.ACTIVE, InitiativeStatus.PAUSED, InitiativeStatus.PROPOSED),
}
CLOSED = frozenset({InitiativeStatus.DONE, InitiativeStatus.DROPPED})

NO_END = "An exploration needs an end: give the day it stops."
NEEDED = {
    InitiativeKind.EXPLORE: "Say which question it explores: what will be known when it ends?",
    InitiativeKind.SUSTAIN: "Say why it is needed: what would break, or be lost, without it?",
}


@writes(permission="teams.work_on")
def create_initiative(
    team: Team,
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    problem: str = "",
    kind: str = InitiativeKind.GOAL,
    declaration: str = "",
    origin: str = Origin.TEAM,
    status: str = InitiativeStatus.PROPOSED,
    effort: Decimal | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    owner: Person | None = None,
    contributors: Collection[Person] = (),
    url: str = "",
    labels: str = "",
) -> Initiative:
    """Starts as proposed or active. `declaration` is stored for explorations and upkeep only; `labels` are apart by
    commas.

    Raises ValidationError by field; RefusedError where `actor` may not assign work, or `team` is archived.
    """
    day = company_day(at)
    check_owner(owner)
    if is_archived(team):
        raise RefusedError(archived_team(team))
    if status not in FIRST_STATUSES:
        raise ValidationError({"status": "Work starts as proposed or as active. Choose one of them."})
    _check_origin(actor, origin, Origin.TEAM)
    row = Initiative(
        key=free_key(Initiative, title),
        team=team,
        title=tidy(title),
        problem=tidy(problem),
        kind=kind,
        declaration="" if kind == InitiativeKind.GOAL else tidy(declaration),
        origin=origin,
        status=status,
        effort=effort,
        starts_on=starts_on,
        ends_on=ends_on,
        owner=owner,
        url=url.strip(),
        labels=_labels(labels),
        touched_on=day,
    )
    _check_all(row, day)
    row.save(force_insert=True)
    changes = made(row) | _contributing(row, contributors)
    entry = record("initiative.created", actor=actor, at=at, subject=row, changes=changes)
    announce(Changes(initiatives=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="teams.edit_initiative")
def edit_initiative(
    initiative: Initiative, *, actor: Person, at: dt.datetime, version: int, **values: Any
) -> Initiative:
    """`values` are any of title, problem, effort, starts_on, ends_on, owner, contributors, url, labels, origin, learned
    and team.

    Raises StaleError; ValidationError by field; RefusedError where `actor` may not assign work, or does not work on
    both the old and the new team.
    """
    row = opened(initiative, version)
    _check_origin(actor, values.get("origin", row.origin), row.origin)
    if "team" in values and values["team"].pk != row.team_id:
        _check_move(row, values["team"], actor)
    if "labels" in values:
        values["labels"] = _labels(values["labels"])
    if changes := _revised(row, company_day(at), **values):
        _log(row, "initiative.edited", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.edit_initiative")
def declare_kind(
    initiative: Initiative,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    kind: str,
    declaration: str = "",
    ends_on: dt.date | None = None,
) -> Initiative:
    """An exploration needs a question (`declaration`) and an end that is not past; upkeep needs a reason; goal work
    needs neither, because its links say what it is for. `ends_on` is used for explorations only.

    Raises StaleError, ValidationError by field.
    """
    row = opened(initiative, version)
    day = company_day(at)
    if problems := kind_problems(kind, declaration=declaration, ends_on=ends_on, day=day):
        raise ValidationError(problems)
    values: dict[str, Any] = {"kind": kind, "declaration": "" if kind == InitiativeKind.GOAL else declaration}
    if kind == InitiativeKind.EXPLORE:
        values["ends_on"] = ends_on
    if changes := _revised(row, day, **values):
        _log(row, "initiative.kind_declared", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.edit_initiative")
def change_status(
    initiative: Initiative,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    status: str,
    reason: str = "",
    learned: str | None = None,
) -> Initiative:
    """Moves to one of NEXT_STATUSES; dropping needs a reason. Without one, that of the status before is gone. What was
    `learned` stays where that is None.

    Raises StaleError, ValidationError by field.
    """
    row = opened(initiative, version)
    if status == row.status:
        return row
    if status not in NEXT_STATUSES[InitiativeStatus(row.status)]:
        raise ValidationError({"status": "It cannot go there from where it is. Choose one of these."})
    if status == InitiativeStatus.DROPPED and not reason.strip():
        raise ValidationError({"reason": "Say why it is dropped: others may have counted on it."})
    taught = row.learned if learned is None else learned
    changes = _revised(row, company_day(at), status=status, status_reason=reason, learned=taught)
    _log(row, "initiative.status_changed", actor=actor, at=at, changes=changes)
    return row


@writes(permission="teams.edit_initiative")
def confirm_initiative(
    initiative: Initiative, *, actor: Person, at: dt.datetime, version: int | None = None
) -> Initiative:
    """Confirms that all its fields are still true today. Raises StaleError where a `version` is given and outdated;
    RefusedError where it is done or dropped.
    """
    row = locked(initiative) if version is None else opened(initiative, version)
    if row.status in CLOSED:
        raise RefusedError("It is over, so there is nothing to confirm. Reopen it first, if it goes on.")
    if changes := revise(row, touched_on=company_day(at)):
        entry = record("initiative.confirmed", actor=actor, at=at, subject=row, changes=changes)
        announce(Changes(initiatives=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="teams.edit_initiative")
def revert_initiative(
    initiative: Initiative, *, actor: Person, at: dt.datetime, version: int, **values: Any
) -> Initiative:
    """Restores `values` from before an edit, the day on which it was last touched among them; for `undo`.

    Raises StaleError; RefusedError where `actor` may not make the opposite edit; ValidationError.
    """
    row = opened(initiative, version)
    _check_origin(actor, values.get("origin", row.origin), row.origin)
    if "team" in values:
        _check_move(row, values["team"], actor)
    if changes := _revised(row, company_day(at), **values):
        _log(row, "initiative.undone", actor=actor, at=at, changes=changes)
    return row


def _revised(row: Initiative, day: dt.date, **values: Any) -> Pairs:
    """As lib.services.edits.revise; where anything differs it also sets `touched_on` to `day`, unless a value of it is
    given.
    """
    touched = {"touched_on": values.pop("touched_on", day)}
    others = _contributing(row, values.pop("contributors", None))
    if not others and not any(_differs(row, name, value) for name, value in values.items()):
        return {}
    check_owner(values.get("owner"), row.owner_id)
    _check_reopened(row, **values)
    now = {name: values.get(name, getattr(row, name)) for name in ("kind", "effort", "starts_on", "ends_on")}
    if problems := value_problems(**now):
        raise ValidationError(problems)
    changes = revise(row, **values, **touched)
    if others and not changes.keys() - {"touched_on"}:
        touch([row])
    return changes | others


def _labels(text: str) -> str:
    """As they are stored. Raises ValidationError by field."""
    try:
        return joined(labels_in(text))
    except ValidationError as error:
        raise ValidationError({"labels": error}) from error


def _contributing(row: Initiative, people: Collection[Person] | None) -> Pairs:
    """Has just `people` contribute, unless they are None; returns the change for the log. Raises ValidationError by
    field for new ones who have left.
    """
    if people is None:
        return {}
    before, after = {person.pk for person in contributors_of(row)}, {person.pk for person in people}
    if before == after:
        return {}
    if gone := next((person for person in people if person.pk not in before and not person.is_active), None):
        raise ValidationError({"contributors": f"{gone} is no longer active here. Take them out."})
    exchange(Contributor, row, "person", of="initiative", before=before, after=after)
    return {"contributors": [sorted(before), sorted(after)]}


def _check_reopened(row: Initiative, *, status: str = "", team: Team | None = None, **_values: Any) -> None:
    """Raises RefusedError where work of an archived team would go on again."""
    if status in GOES_ON and row.status in CLOSED and is_archived(team or row.team):
        raise RefusedError(archived_team(team or row.team))


def _differs(row: Initiative, name: str, value: Any) -> bool:
    if name in {"team", "owner"}:
        return bool(getattr(row, f"{name}_id") != (value.pk if value else None))
    return bool(getattr(row, name) != (tidy(value) if isinstance(value, str) else value))


def value_problems(
    *, kind: str, effort: Decimal | None, starts_on: dt.date | None, ends_on: dt.date | None
) -> dict[str, str]:
    """The contradictions between these values, by field."""
    problems = {
        name: f"Give a day of the years {FIRST_DAY.year} to {LAST_DAY.year}."
        for name, day in (("starts_on", starts_on), ("ends_on", ends_on))
        if day is not None and not FIRST_DAY <= day <= LAST_DAY
    }
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        problems["ends_on"] = f"It starts on {starts_on:%-d %B %Y}. Give that day or a later one as its end."
    if kind == InitiativeKind.EXPLORE and ends_on is None:
        problems["ends_on"] = NO_END
    if effort is not None and not (effort.is_finite() and effort > 0):
        problems["effort"] = "Give more than 0 person-weeks, or nothing while it is not sized."
    return problems


def kind_problems(kind: str, *, declaration: str, ends_on: dt.date | None, day: dt.date) -> dict[str, str]:
    """What a declaration on `day` lacks, by field."""
    problems = {}
    if kind in NEEDED and not declaration.strip():
        problems["declaration"] = NEEDED[InitiativeKind(kind)]
    if kind == InitiativeKind.EXPLORE and ends_on is None:
        problems["ends_on"] = NO_END
    elif kind == InitiativeKind.EXPLORE and ends_on is not None and ends_on < day:
        problems["ends_on"] = "That day has passed. Give today or a later day."
    return problems


def _check_all(row: Initiative, day: dt.date) -> None:
    """Checks a new row. Raises ValidationError with all problems, by field."""
    problems: dict[str, Any] = value_problems(
        kind=row.kind, effort=row.effort, starts_on=row.starts_on, ends_on=row.ends_on
    )
    problems |= kind_problems(row.kind, declaration=row.declaration, ends_on=row.ends_on, day=day)
    try:
        row.clean_fields(exclude=problems.keys())
    except ValidationError as error:
        problems |= error.error_dict
    if problems:
        raise ValidationError(problems)


def _check_origin(actor: Person, origin: str, before: str) -> None:
    if origin != before and not actor.has_perm("teams.assign_initiative"):
        raise RefusedError("Leaders say what is assigned. What a team takes on by itself, it has chosen.")


def _check_move(row: Initiative, team: Team, actor: Person) -> None:
    """Requires `actor` to work on both the old and the new team."""
    if not actor.has_perm("teams.work_on", row.team):
        raise RefusedError(f"It is for the people of {row.team} to give it to another team. Ask one of them.")
    if is_archived(team):
        raise ValidationError({"team": archived_team(team)})
    if not actor.has_perm("teams.work_on", team):
        raise ValidationError({"team": f"You are not on {team}. Ask somebody there to take it over."})
    if Support.objects.filter(initiative=row, team=team).exists():
        raise ValidationError({"team": f"{team} is asked for support here. Withdraw that first, then move the work."})


def _log(row: Initiative, action: str, *, actor: Person, at: dt.datetime, changes: Pairs) -> None:
    """Records the edit and announces it. The day on which the work was last touched is noted, for undo: it is no change
    that anybody made."""
    touched = {"touched_on": pair} if (pair := changes.pop("touched_on", None)) else {}
    entry = record(action, actor=actor, at=at, subject=row, changes=changes, note=touched)
    left = [changes["team"][0]] if "team" in changes else []
    announce(Changes(initiatives=[row.pk], teams=left), cause=entry.pk, at=at)
