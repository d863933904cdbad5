"""Computes all figures and flags of a company on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from alignment.engine.flags import (
    Holds,
    fit_flags,
    goal_flags,
    initiative_flags,
    link_flags,
    strategy_flags,
    team_flags,
)
from alignment.engine.goal_figures import covered_goals, own_effort, priority_fit, strategy_coverage
from alignment.engine.goal_status import REASONS, GoalStatuses, goal_statuses_of
from alignment.engine.model import Bools, Company, Floats, Ints
from alignment.engine.parts import Bets, Parts, bets, effort_of, parts
from alignment.engine.trees import Forest
from alignment.engine.work_figures import Figures, sums_by_team
from alignment.enums import FlagCode, Subject, UncountedReason

_PLACES = {code: place for place, code in enumerate(FlagCode)}


@dataclass(frozen=True)
class Found:
    """A flag's code and the positions, in the subject's table, of what it is open for."""

    code: FlagCode
    subject: Subject
    at: Ints


@dataclass(frozen=True)
class Alignment:
    """The engine's results for `company` on day `on` (days since 1970-01-01).

    `team_sums` has one row per team, over its own initiatives, in the columns of `figures.SUMS`. `goal_own_effort` is
    what links bring to the goal itself, `goal_effort` includes all below it (person-weeks); `covered` is whether that
    is above 0.
    """

    company: Company
    on: int
    goal_statuses: GoalStatuses
    bets: Bets
    parts: Parts
    team_sums: Floats
    goal_own_effort: Floats
    goal_effort: Floats
    covered: Bools

    @cached_property
    def team_subtree_sums(self) -> Floats:
        forest = Forest(self.company.teams.parent)
        return np.stack([forest.sum_up(column) for column in self.team_sums.T], axis=1)

    @cached_property
    def total(self) -> Figures:
        return Figures.of(self.team_sums.sum(axis=0))

    @cached_property
    def links_flagged(self) -> Holds:
        """For each flag about links, the links that it is about."""
        return link_flags(self.company, self.on, self.bets, self.goal_statuses)

    @property
    def ids(self) -> dict[Subject, Ints]:
        """By subject of flags, the ids of the rows at each position."""
        company = self.company
        return {
            Subject.INITIATIVE: company.initiatives.id,
            Subject.GOAL: company.goals.id,
            Subject.STRATEGY: company.strategies.id,
            Subject.TEAM: company.teams.id,
        }

    @cached_property
    def holds(self) -> dict[Subject, Holds]:
        """What each flag is open for, housekeeping included."""
        goals, goal_statuses = self.company.goals, self.goal_statuses
        return {
            Subject.INITIATIVE: initiative_flags(self.company, self.on, self.parts, self.bets, self.goal_statuses),
            Subject.GOAL: goal_flags(self.company, goal_statuses, self.covered)
            | fit_flags(goal_statuses.company_root, goals.weight, self.goal_effort),
            Subject.STRATEGY: strategy_flags(self.company.strategies, self.on, self.company.rules.grace_days),
            Subject.TEAM: team_flags(self.company, self.on, goal_statuses, self.team_sums),
        }

    @property
    def flags(self) -> list[Found]:
        """In the order of the specification."""
        found = [
            Found(code, subject, np.flatnonzero(marked))
            for subject, holds in self.holds.items()
            for code, marked in holds.items()
        ]
        return sorted(found, key=lambda each: _PLACES[each.code])

    def contributors(self, *, team: bool = False, unsized: bool = False) -> Ints:
        """By goal, the number of distinct initiatives that contribute more than 0 to it or any goal below it. With
        `team` their teams are counted, with `unsized` only unsized initiatives."""
        gives = self.bets.amount > 0
        if unsized:
            gives &= self.parts.unsized[self.company.links.initiative]
        things = self.company.links.initiative[gives]
        if team:
            things = self.company.initiatives.team[things]
        return self.goal_statuses.forest.count_distinct(things, self.company.links.goal[gives])

    @property
    def strategy_coverage(self) -> float | None:
        anchored = self.goal_statuses.anchored
        return strategy_coverage(int((self.covered & anchored).sum()), int(anchored.sum()))

    @property
    def priority_fit(self) -> float | None:
        """1 − ½ Σ |p − e| over the anchored company root goals; None without effort on them."""
        roots = self.goal_statuses.company_root
        return priority_fit(self.company.goals.weight[roots], self.goal_effort[roots])

    @cached_property
    def reasons_by_initiative(self) -> dict[int, dict[int, UncountedReason]]:
        """By initiative's position, its links that do not count: the goal's position and why."""
        result: dict[int, dict[int, UncountedReason]] = {}
        links = self.company.links
        for link in np.flatnonzero(~self.bets.counts).tolist():
            result.setdefault(int(links.initiative[link]), {})[int(links.goal[link])] = REASONS[self.bets.reason[link]]
        return result


def compute(company: Company, on: int) -> Alignment:
    """Computes `company` as of day `on`; pure. A few rows give the same results as the whole company, as long as the
    rows that they refer to (goals with all above them, strategies, links with their siblings) are there."""
    stands = goal_statuses_of(company, on)
    effort = effort_of(company)
    links = bets(company, stands, effort)
    portfolio = parts(company, links, effort, on)
    own = own_effort(company, links)
    return Alignment(
        company=company,
        on=on,
        goal_statuses=stands,
        bets=links,
        parts=portfolio,
        team_sums=sums_by_team(company, portfolio),
        goal_own_effort=own,
        goal_effort=stands.forest.sum_up(own),
        covered=covered_goals(company, links, stands),
    )
