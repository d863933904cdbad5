"""Services that archive a team, with what becomes of its work, and that restore it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from lib.db.fields import LINES_LIMIT
from lib.db.locks import lock_rows
from lib.log.values import changed, values_of
from lib.services.changes import Changes, announce
from lib.services.edits import opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import GoalStatus
from strategy.models import Goal
from strategy.narrative import archived
from strategy.selectors.archiving import active_goals_of, asks_of, teams_below, work_of
from strategy.services.goal_rules import close
from teams.enums import InitiativeStatus, SupportStatus
from teams.models import Initiative, Person, Support, Team
from teams.selectors.company import company_day
from teams.services.handing_over import save_all
from teams.services.log import record, record_all

ENDS = (InitiativeStatus.DONE, InitiativeStatus.DROPPED)


@dataclass(frozen=True)
class Fate:
    """What becomes of work: another `team` takes it over, or it ends with `status`, which is one of ENDS."""

    team: Team | None = None
    status: str = ""


@dataclass(frozen=True)
class Archival:
    """`moved`, `done` and `dropped` count its work, `goals` its own goals that were closed, `asks` the support that was
    declined.
    """

    team: Team
    moved: int
    done: int
    dropped: int
    goals: int
    asks: int

    @property
    def sentence(self) -> str:
        counts = {"moved": self.moved, "done": self.done, "dropped": self.dropped}
        return archived(self.team, **counts, goals=self.goals, asks=self.asks)


@writes(permission="teams.archive_team", alone=True)
def archive_team(
    team: Team,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    fates: Mapping[int, Fate] | None = None,
    others: Fate | None = None,
    reason: str = "",
) -> Archival:
    """Its work that goes on has one of `fates`, by the id of the initiative, or that of all `others`. Its own active
    goals are closed as dropped, and what it was asked for and has not given is declined. Its people stay on it.

    `reason` is that of what is dropped. Raises StaleError; RefusedError where it is archived already, or has sub-teams
    that are not; ValidationError by field (`others`, `reason`, `work-<id>`).
    """
    row = opened(team, version)
    _check(row)
    work, goals, asks = lock_rows(work_of(row)), lock_rows(active_goals_of(row)), lock_rows(asks_of(row))
    chosen = fates_of([one.pk for one in work], fates or {}, others)
    reason = tidy(reason)
    _check_fates(row, work, chosen, reason=reason, closes=bool(goals))
    moved = _move(work, chosen, actor=actor, at=at)
    done, dropped = (_end(work, chosen, status, reason, actor=actor, at=at) for status in ENDS)
    _close(goals, reason, actor=actor, at=at)
    _decline(asks, f"{row} is archived.", actor=actor, at=at)
    entry = record("team.archived", actor=actor, at=at, subject=row, changes=revise(row, archived_on=company_day(at)))
    touched = {one.pk for one in work} | {ask.initiative_id for ask in asks}
    announce(Changes(initiatives=touched, goals=[goal.pk for goal in goals], teams=[row.pk]), cause=entry.pk, at=at)
    return Archival(row, moved, done, dropped, len(goals), len(asks))


@writes(permission="teams.archive_team", alone=True)
def restore_team(team: Team, *, actor: Person, at: dt.datetime, version: int) -> Team:
    """It is as it was archived, with its people; what went elsewhere or ended then stays so.

    Raises StaleError; RefusedError where it is not archived, or the team above it is.
    """
    row = opened(team, version)
    if row.archived_on is None:
        raise RefusedError(f"{row} is not archived.")
    above = Team.objects.filter(pk=row.parent_id or 0).exclude(archived_on=None).first()
    if above is not None:
        raise RefusedError(f"{row} is below {above}, which is archived too. Restore {above} first.")
    entry = record("team.restored", actor=actor, at=at, subject=row, changes=revise(row, archived_on=None))
    announce(Changes(teams=[row.pk]), cause=entry.pk, at=at)
    return row


def fates_of(work: Iterable[int], fates: Mapping[int, Fate], others: Fate | None) -> dict[int, Fate]:
    """By the id of each initiative of `work` its own fate, or that of all `others`; without one it is missing."""
    chosen = ((pk, fates.get(pk) or others) for pk in work)
    return {pk: fate for pk, fate in chosen if fate is not None}


def _check(row: Team) -> None:
    if row.archived_on is not None:
        raise RefusedError(f"{row} is archived already.")
    if teams_below(row).exists():
        raise RefusedError(f"{row} has sub-teams. Archive them first, or move them elsewhere.")


def _check_fates(row: Team, work: list[Initiative], chosen: Mapping[int, Fate], *, reason: str, closes: bool) -> None:
    """Raises ValidationError with all problems, by field. One query, and one where work goes to other teams."""
    receivers = [fate.team.pk for fate in chosen.values() if fate.team is not None]
    here = {*Team.objects.current().exclude(pk=row.pk).filter(pk__in=receivers).values_list("pk", flat=True)}
    asked = {*Support.objects.filter(initiative__in=work, team__in=here).values_list("initiative", "team")}
    problems: dict[str, str] = {}
    for one in work:
        fate = chosen.get(one.pk)
        if fate is None:
            problems.setdefault("others", f"Say what becomes of “{one}”, in its row or here for all.")
        elif fate.team is not None and fate.team.pk not in here:
            problems[f"work-{one.pk}"] = f"“{one}” cannot go to {fate.team}. Choose a team that is not archived."
        elif fate.team is not None and (one.pk, fate.team.pk) in asked:
            problems[f"work-{one.pk}"] = f"“{one}” asks {fate.team} for support. Choose another team, or withdraw that."
        elif fate.team is None and fate.status not in ENDS:
            problems[f"work-{one.pk}"] = f"“{one}” goes to another team, is completed or is dropped. Choose one."
    if not reason and (closes or any(fate.status == InitiativeStatus.DROPPED for fate in chosen.values())):
        problems["reason"] = "Say why it is dropped: others may have counted on it."
    if len(reason) > LINES_LIMIT:
        problems["reason"] = f"Use at most {LINES_LIMIT:,} characters."
    if problems:
        raise ValidationError(problems)


def _move(work: list[Initiative], chosen: Mapping[int, Fate], *, actor: Person, at: dt.datetime) -> int:
    """As `edit_initiative` does, but that nobody touched it: who archives a team says nothing about its work."""
    teams = {fate.team.pk: fate.team for fate in chosen.values() if fate.team is not None}
    count = 0
    for team in teams.values():
        rows = [one for one in work if (to := chosen[one.pk].team) is not None and to.pk == team.pk]
        _save("initiative.edited", rows, {"team": team}, actor=actor, at=at)
        count += len(rows)
    return count


def _end(
    work: list[Initiative],
    chosen: Mapping[int, Fate],
    status: InitiativeStatus,
    reason: str,
    *,
    actor: Person,
    at: dt.datetime,
) -> int:
    """As `change_status` does."""
    rows = [one for one in work if chosen[one.pk].team is None and chosen[one.pk].status == status]
    values = {"status": status.value, "status_reason": reason if status == InitiativeStatus.DROPPED else ""}
    _save("initiative.status_changed", rows, values, actor=actor, at=at)
    return len(rows)


def _close(goals: list[Goal], reason: str, *, actor: Person, at: dt.datetime) -> None:
    day = company_day(at)
    for goal in goals:
        changes = close(goal, status=GoalStatus.DROPPED, reason=reason, day=day)
        record("goal.closed", actor=actor, at=at, subject=goal, changes=changes)


def _decline(asks: list[Support], answer: str, *, actor: Person, at: dt.datetime) -> None:
    values = {"status": SupportStatus.DECLINED.value, "answer": answer}
    _save("support.answered", asks, values, actor=actor, at=at)


def _save(action: str, rows: list[Any], values: Mapping[str, Any], *, actor: Person, at: dt.datetime) -> None:
    """Saves the same `values` in all rows, with an entry of the log for each: a fixed number of statements."""
    before = [values_of(row, values) for row in rows]
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    save_all(rows, **values)
    done = [(row, changed(row, was)) for row, was in zip(rows, before, strict=True)]
    record_all(action, actor=actor, at=at, done=done)
