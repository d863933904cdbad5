"""Which goals are live, anchored or islands, and why a link to one does not count (spec/alignment.md, *Goals*, *Why a
link does not count*).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.engine.model import NEVER, Bools, Company, Floats, Goals, Ints
from alignment.engine.trees import Forest
from alignment.enums import UncountedReason
from strategy.enums import GoalStatus, StrategyStatus

REASONS = tuple(UncountedReason)
COUNTS = -1
ACTIVE, DRAFT = tuple(GoalStatus).index(GoalStatus.ACTIVE), tuple(GoalStatus).index(GoalStatus.DRAFT)
PUBLISHED = tuple(StrategyStatus).index(StrategyStatus.PUBLISHED)


@dataclass(frozen=True)
class GoalStatuses:
    """`reason` is the position in `UncountedReason` of why links to the goal do not count; COUNTS marks an anchored
    goal. `company_root` marks anchored roots of the company. `meaning_changed_on` and `meaning_changed_at` say when the
    meaning of the goal or of one above it last changed.
    """

    forest: Forest
    live: Bools
    island: Bools
    expired: Bools
    anchored: Bools
    company_root: Bools
    reason: Ints
    meaning_changed_on: Ints
    meaning_changed_at: Floats


def started(starts_on: Ints, on: int) -> Bools:
    return np.asarray((starts_on == NEVER) | (on >= starts_on))


def ended(ends_on: Ints, on: int, grace: int) -> Bools:
    """Whether the end and its grace days have passed."""
    return np.asarray((ends_on != NEVER) & (on > ends_on.astype(np.int64) + grace))


def goal_statuses_of(company: Company, on: int) -> GoalStatuses:
    goals, grace = company.goals, company.rules.grace_days
    forest = Forest(goals.parent)
    active, past = goals.status == ACTIVE, ended(goals.ends_on, on, grace)
    live = active & started(goals.starts_on, on) & ~past
    line_live = forest.pass_down(live, np.logical_and)
    above_live = np.where(goals.parent < 0, True, line_live[goals.parent])
    team_root = goals.team[forest.root]
    reason = _reasons(company, on, forest, above_live, team_root)
    anchored = reason == COUNTS
    meaning_changed_on, meaning_changed_at = _meanings(goals, forest)
    return GoalStatuses(
        forest=forest,
        live=live,
        island=live & (team_root | ~above_live),
        expired=active & past,
        anchored=anchored,
        company_root=anchored & (goals.parent < 0),
        reason=reason,
        meaning_changed_on=meaning_changed_on,
        meaning_changed_at=meaning_changed_at,
    )


def _reasons(company: Company, on: int, forest: Forest, above_live: Bools, team_root: Bools) -> Ints:
    """The first reason that applies; written from the last checked to the first."""
    goals, strategies, grace = company.goals, company.strategies, company.rules.grace_days
    strategy = goals.strategy[forest.root]
    published = _of(strategies.status == PUBLISHED, strategy)
    in_dates = _of(started(strategies.starts_on, on) & ~ended(strategies.ends_on, on, grace), strategy)
    checks = [
        (UncountedReason.GOAL_DRAFT, goals.status == DRAFT),
        (UncountedReason.GOAL_CLOSED, (goals.status != DRAFT) & (goals.status != ACTIVE)),
        (UncountedReason.GOAL_NOT_STARTED, ~started(goals.starts_on, on)),
        (UncountedReason.GOAL_EXPIRED, ended(goals.ends_on, on, grace)),
        (UncountedReason.ANCESTOR_NOT_LIVE, ~above_live),
        (UncountedReason.TEAM_ROOT, team_root),
        (UncountedReason.STRATEGY_NOT_PUBLISHED, ~published),
        (UncountedReason.STRATEGY_OUT_OF_DATES, ~in_dates),
    ]
    reason = np.full(len(goals.id), COUNTS, dtype=np.int8)
    for code, applies in reversed(checks):
        reason[applies] = REASONS.index(code)
    return reason


def _meanings(goals: Goals, forest: Forest) -> tuple[Ints, Floats]:
    """When the meaning of each goal or of one above it last changed: the day, and the instant."""
    day, at = goals.meaning_changed_on.copy(), goals.meaning_changed_at.copy()
    for level in forest.levels[1:]:
        above = goals.parent[level]
        later = (day[above] > day[level]) | ((day[above] == day[level]) & (at[above] > at[level]))
        day[level[later]], at[level[later]] = day[above[later]], at[above[later]]
    return day, at


def _of(values: Bools, at: Ints) -> Bools:
    """values[at], False where `at` is negative or `values` is empty."""
    if not len(values):
        return np.zeros(len(at), dtype=bool)
    return np.where(at < 0, False, values[at])
