"""Figures of goals (spec/alignment.md): effort, strategy coverage, and how effort fits the priorities."""

from __future__ import annotations

import numpy as np

from alignment.engine.goal_status import GoalStatuses
from alignment.engine.model import Bools, Company, Floats
from alignment.engine.parts import Bets, weighted


def own_effort(company: Company, bets: Bets) -> Floats:
    """By goal, what its own links bring, in person-weeks; with all below it `Forest.sum_up` adds them."""
    return weighted(company.links.goal, bets.amount, len(company.goals.id))


def covered_goals(company: Company, bets: Bets, statuses: GoalStatuses) -> Bools:
    """By goal, whether any effort reaches it or a goal below it."""
    gives = np.bincount(company.links.goal[bets.amount > 0], minlength=len(company.goals.id)) > 0
    return statuses.forest.any_up(gives)


def strategy_coverage(covered: int, anchored: int) -> float | None:
    """The part of the anchored goals that effort reaches; None without anchored goals."""
    return covered / anchored if anchored else None


def priority_shares(weight: Floats, effort: Floats) -> tuple[Floats, Floats]:
    """For each root goal, the share wanted (p) and its share of the effort (e, empty without effort)."""
    total = float(effort.sum())
    return weight / weight.sum() if len(weight) else weight, effort / total if total > 0 else effort[:0]


def priority_fit(weight: Floats, effort: Floats) -> float | None:
    wanted, actual = priority_shares(weight, effort)
    return 1 - 0.5 * float(np.abs(wanted - actual).sum()) if len(actual) else None
