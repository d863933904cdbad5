"""Checks and saves edits of goal rows, and nothing else.

The callers, `strategy.services.goals` and code that applies several edits at once, lock the rows, write the log and
announce; each function returns what the log needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, ProtectedError, Q

from lib.db.triggers import TREE_DEPTH_LIMIT, subtree
from lib.log.values import Pairs
from lib.services.edits import revise
from lib.services.errors import RefusedError
from lib.text.clean import tidy
from strategy.enums import CLOSED, GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Measure, MissionGoal, Strategy
from strategy.services.keys import name_row
from strategy.services.measure_rules import Released, release
from strategy.services.periods import DATES, check_period
from teams.models import LogEntry, Person, Team
from teams.narrative import archived_team
from teams.selectors.company import company_day
from teams.selectors.teams import is_archived
from teams.services.people import check_owner

MEANING = ("title", "why", "boundaries", "kind", *DATES)
"""A change of one of these may change the goal's meaning; the editor must say whether it does."""
ELSEWHERE = ("key", "strategy", "parent", "team", "owner")
"""Fields that the services set and check."""

LEADERS_ONLY = "Only leaders decide whether a goal is for leaders only. Ask one of them."
SAY_WHETHER = "Say whether its meaning changed: if it did, teams are asked to look at their links again."
COMPANY_BELOW_TEAM = (
    "A company goal cannot go below a team’s goal: from there nothing reaches a company strategy. Put it below another "
    "company goal, or at the top of a strategy."
)
TEAM_IN_STRATEGY = (
    "A team’s own goal is in no strategy. Put it below a company goal, so that work on it reaches the strategy."
)
OTHER_TEAM = "“{}” is a goal of another team. Put it below a goal of its own team, or below a company goal."
TOO_DEEP = f"Goals are nested at most {TREE_DEPTH_LIMIT} deep. Choose a place further up."
KEPT = {
    "goal": "There are goals below “{}”. Move or remove them first.",
    "link": "Work is linked to “{}”. Take the links away first, or keep it as a draft.",
    "checkin": "A measure of “{}” was checked in. Close the goal instead, so that what was seen is kept.",
}
KEPT_OTHERWISE = "What was recorded about “{}” is kept, so it cannot be removed. Close it instead."


def add_goal(
    *, actor: Person, strategy: Strategy | None, parent: Goal | None, team: Team | None, active: bool, **values: Any
) -> Goal:
    """Creates a draft or, for a team's goal with `active`, an active goal; below a team's goal it belongs to that team.

    Raises ValidationError by field, RefusedError for an impossible place.
    """
    if parent is not None and parent.team_id is not None and team is None:
        team = parent.team
    _check_team(team)
    row = Goal(strategy=strategy, parent=parent, team=team)
    check_owner(values.get("owner"))
    for name, value in values.items():
        setattr(row, name, tidy(value) if isinstance(value, str) else value)
    check_place(row, parent, strategy)
    if active and team is None:
        raise RefusedError("A company goal starts as a draft: it becomes active with its strategy, or by itself later.")
    if row.visibility == Visibility.LEADERS and not actor.sees_everything:
        raise ValidationError({"visibility": LEADERS_ONLY})
    row.status = GoalStatus.ACTIVE if active else GoalStatus.DRAFT
    row.clean_fields(exclude=ELSEWHERE)
    _check_values(row, values)
    name_row(row, hidden=_is_hidden(row, parent, strategy))
    row.save()
    row.refresh_from_db(fields=["path", "hidden_by"])
    return row


def _is_hidden(row: Goal, parent: Goal | None, strategy: Strategy | None) -> bool:
    """Whether a new goal is one that not everybody may see (`Goal.hidden_by`)."""
    below_hidden = parent is not None and bool(parent.hidden_by)
    in_draft = strategy is not None and strategy.status == StrategyStatus.DRAFT
    marked = row.visibility == Visibility.LEADERS
    return row.status == GoalStatus.DRAFT or marked or below_hidden or in_draft


def change_goal(
    row: Goal, *, actor: Person, at: dt.datetime, meaning_changed: bool | None = None, **values: Any
) -> Pairs:
    """Raises ValidationError by field, on `meaning_changed` where an answer is required."""
    told = dict(values)
    active = row.status == GoalStatus.ACTIVE
    if values.get("visibility", row.visibility) != row.visibility and not actor.sees_everything:
        raise ValidationError({"visibility": LEADERS_ONLY})
    if active and meaning_changed:
        told |= {"meaning_changed_on": company_day(at), "meaning_changed_at": at}
    _check_values(row, values)
    check_owner(values.get("owner"), row.owner_id)
    changed = revise(row, **told)
    if active and meaning_changed is None and changed.keys() & {*MEANING}:
        raise ValidationError({"meaning_changed": SAY_WHETHER})
    return changed


def activate(row: Goal, root: Goal) -> Pairs:
    """`root` is the root goal of its tree, with its strategy. Raises RefusedError."""
    if row.status != GoalStatus.DRAFT:
        raise RefusedError(f"“{row}” is {row.get_status_display().lower()}. Only a draft becomes active.")
    strategy = root.strategy
    if row.team_id is None and strategy is not None and strategy.status == StrategyStatus.DRAFT:
        raise RefusedError(f"“{strategy}” is a draft. Publish it, and its goals become active with it.")
    _check_team(row.team)
    return revise(row, status=GoalStatus.ACTIVE)


def close(row: Goal, *, status: str, reason: str, day: dt.date, learned: str = "") -> Pairs:
    """Raises RefusedError, and ValidationError by field."""
    if row.status in CLOSED:
        raise RefusedError(f"“{row}” is closed already: {row.get_status_display().lower()}.")
    if row.status == GoalStatus.DRAFT:
        raise RefusedError(f"“{row}” is a draft. Remove it, if it is not wanted.")
    if status not in CLOSED:
        raise ValidationError({"status": "Say how it ended: achieved, missed or dropped."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why: the teams that worked on it will read it."})
    return revise(row, status=status, closed_on=day, closing_reason=reason, learned=learned)


def reopen(row: Goal) -> Pairs:
    """Raises RefusedError for a goal that is not closed, or of an archived team."""
    if row.status not in CLOSED:
        raise RefusedError(f"“{row}” is not closed: it is {'a draft' if row.status == GoalStatus.DRAFT else 'active'}.")
    _check_team(row.team)
    return revise(row, status=GoalStatus.ACTIVE, closed_on=None, closing_reason="", learned="")


def _check_team(team: Team | None) -> None:
    """An archived team wants nothing. Raises RefusedError."""
    if team is not None and is_archived(team):
        raise RefusedError(archived_team(team))


def place(row: Goal, *, parent: Goal | None, strategy: Strategy | None) -> tuple[Pairs, Released]:
    """Moves it, with its subtree, below `parent` or to the top of `strategy` or of its team. Also returns the links
    that lost their measure.

    Raises RefusedError.
    """
    check_place(row, parent, strategy)
    left = row.path[:-1]
    changes = revise(row, parent=parent, strategy=strategy)
    if not changes:
        return {}, {}
    row.refresh_from_db(fields=["path"])
    measures = Measure.objects.filter(subtree(row.path, "goal__"))
    return changes, release(measures, goals={*left} - {*row.path})


def check_place(row: Goal, parent: Goal | None, strategy: Strategy | None) -> None:
    """Checks whether `row`, new or not, can be there. Raises RefusedError, with what to do instead."""
    if parent is None:
        _check_top(row, strategy)
        return
    if strategy is not None:
        raise RefusedError("A goal below another one is in that one’s strategy. Choose one place of the two.")
    if row.pk is not None and row.pk in parent.path:
        where = "itself" if row.pk == parent.pk else f"“{parent}”, which is below it"
        raise RefusedError(f"“{row}” cannot go below {where}. Choose a goal outside of what it holds.")
    levels, of_teams = _levels(row, parent)
    if row.team_id is None and of_teams:
        raise RefusedError(COMPANY_BELOW_TEAM)
    if row.team_id is not None and parent.team_id is not None and parent.team_id != row.team_id:
        raise RefusedError(OTHER_TEAM.format(parent))
    if len(parent.path) + levels > TREE_DEPTH_LIMIT:
        raise RefusedError(TOO_DEEP)


def check_mistaken(row: Goal) -> None:
    """An active goal is removed only as a mistake: a team's own, with which nobody but its maker had to do. Raises
    RefusedError. Three queries.
    """
    if row.team_id is None:
        raise RefusedError(f"“{row}” is active. Only drafts are removed: close it instead.")
    entries = LogEntry.objects.about("goal", row.pk)
    makes = LogEntry.objects.done_to(row).filter(action="goal.created")
    maker = makes.values_list("actor", flat=True).first()
    if maker is None:
        raise RefusedError(f"“{row}” was imported, so others know of it elsewhere. Close it instead.")
    if entries.exclude(actor=maker).exists() or MissionGoal.objects.filter(goal=row).exists():
        raise RefusedError(f"Others have had to do with “{row}” since, or a mission serves it. Close it instead.")


def delete_goals(rows: Sequence[Goal], *, also: GoalStatus = GoalStatus.DRAFT) -> Released:
    """Deletes drafts, and goals that have the status `also`, with their measures, the lowest first. Raises RefusedError
    where one has another status, or another goal, a link or a check-in refers to it. Returns the links that lost their
    measure.
    """
    for row in rows:
        if row.status not in {GoalStatus.DRAFT, also}:
            raise RefusedError(f"“{row}” is {row.get_status_display().lower()}. Only drafts are removed.")
    released = release(Measure.objects.filter(goal__in=[row.pk for row in rows]))
    for _depth, level in groupby(sorted(rows, key=lambda row: (-row.depth, row.pk)), key=lambda row: row.depth):
        goals = list(level)
        try:
            Goal.objects.filter(pk__in=[row.pk for row in goals]).delete()
        except ProtectedError as error:
            raise RefusedError(_kept(goals, error)) from error
    return released


def _check_values(row: Goal, values: Mapping[str, Any]) -> None:
    check_period(row, values)
    if values.get("weight", row.weight) <= 0:
        raise ValidationError({"weight": "Give a number above 0. Twice the weight means twice the effort wanted."})


def _check_top(row: Goal, strategy: Strategy | None) -> None:
    if row.team_id is not None and strategy is not None:
        raise RefusedError(TEAM_IN_STRATEGY)
    if row.team_id is None and strategy is None:
        raise RefusedError("A company goal at the top is in a strategy. Choose one, or a goal to put it below.")
    if strategy is not None and strategy.status == StrategyStatus.ARCHIVED:
        raise RefusedError(f"“{strategy}” is archived. Choose a strategy that is published or a draft.")


def _levels(row: Goal, parent: Goal) -> tuple[int, int]:
    """The number of levels in its subtree, and of teams’ own goals from the root to `parent`. One query."""
    own, line = subtree(row.path) if row.path else Q(pk=None), Q(pk__in=parent.path)
    found = Goal.objects.filter(own | line).aggregate(
        deepest=Max("path__len", filter=own), of_teams=Count("pk", filter=line & Q(team__isnull=False))
    )
    return (found["deepest"] or 1) - (row.depth if row.path else 0), found["of_teams"]


def _kept(goals: Sequence[Goal], error: ProtectedError) -> str:
    """The message for the first goal that cannot be deleted, with the reason."""
    names = {goal.pk: goal for goal in goals}
    kept: Any = error.protected_objects
    row = next(iter(kept))
    kind = type(row).__name__.lower()
    at = vars(row).get("parent_id" if kind == "goal" else "goal_id")
    return KEPT.get(kind, KEPT_OTHERWISE).format(names.get(at or 0, goals[0]))
