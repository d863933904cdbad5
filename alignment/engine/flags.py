"""Every flag of spec/alignment.md, *Flags*: which initiatives, goals, strategies and teams each code is open for, and
which links of an initiative it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from alignment.engine.goal_status import PUBLISHED, GoalStatuses, ended, started
from alignment.engine.model import NEVER, Bools, Company, Floats, Ints, Strategies
from alignment.engine.parts import ACTIVE, EXPLORE, ZERO, Bets, Parts
from alignment.engine.work_figures import SUMS, below, ratio
from alignment.enums import FlagCode, Outcome
from teams.enums import Stance, SupportStatus

UNTESTED, FAILED = tuple(Outcome).index(Outcome.UNTESTED), tuple(Outcome).index(Outcome.FAILED)
CORE, SPOTLIGHT = tuple(Stance).index(Stance.CORE), tuple(Stance).index(Stance.SPOTLIGHT)
ASKED, DECLINED = tuple(SupportStatus).index(SupportStatus.ASKED), tuple(SupportStatus).index(SupportStatus.DECLINED)
ANSWER_DAYS = 14
ENDING_DAYS = 30
"""How long before its end a strategy that none follows is flagged."""
STARVED_BELOW, CROWDED_ABOVE = 0.5, 2.0
FIT_OF = 2
NO_ROOM = 0.05

Holds = dict[FlagCode, Bools]


class LinkFacts(Protocol):
    """What flags about links are computed from, one value per link: all links of a company, or a few."""

    @property
    def reasoned(self) -> Bools: ...
    @property
    def outcome(self) -> Ints: ...
    @property
    def confirmed_on(self) -> Ints: ...
    @property
    def confirmed_at(self) -> Floats: ...
    @property
    def meaning_changed_on(self) -> Ints: ...
    @property
    def meaning_changed_at(self) -> Floats: ...
    @property
    def review_on(self) -> Ints: ...


LinkCondition = Callable[[LinkFacts, int], Bools]
"""Marks the links that a flag is about on a day, if they count."""


def unreasoned(links: LinkFacts, _on: int) -> Bools:
    return ~links.reasoned


def confirmed_before_change(links: LinkFacts, _on: int) -> Bools:
    """Where both fall on one day, the later instant counts."""
    same_day = links.confirmed_on == links.meaning_changed_on
    earlier = same_day & (links.confirmed_at < links.meaning_changed_at)
    return np.asarray((links.meaning_changed_on != NEVER) & ((links.confirmed_on < links.meaning_changed_on) | earlier))


def review_day_passed(links: LinkFacts, on: int) -> Bools:
    return np.asarray((links.outcome == UNTESTED) & (links.review_on != NEVER) & (links.review_on < on))


def did_not_hold(links: LinkFacts, _on: int) -> Bools:
    return np.asarray(links.outcome == FAILED)


LINK_CONDITIONS: dict[FlagCode, LinkCondition] = {
    FlagCode.UNREASONED: unreasoned,
    FlagCode.RECONFIRM: confirmed_before_change,
    FlagCode.REVIEW_DUE: review_day_passed,
    FlagCode.BELIEF_FAILED: did_not_hold,
}
"""The flags about counting links of an initiative, in the order of the specification."""


@dataclass(frozen=True)
class LinkColumns:
    reasoned: Bools
    outcome: Ints
    confirmed_on: Ints
    confirmed_at: Floats
    meaning_changed_on: Ints
    meaning_changed_at: Floats
    review_on: Ints


def asked_only(holds: Holds, is_here: Bools) -> Holds:
    """`holds` without what belongs to a team that is not here: nothing is asked of it (docs/figures.md)."""
    return {code: marked & is_here for code, marked in holds.items()}


def link_flags(company: Company, on: int, bets: Bets, goal_statuses: GoalStatuses) -> Holds:
    """By code, the links that a flag of their initiative is about; none where the initiative is not active, or its team
    not here.
    """
    links, initiatives = company.links, company.initiatives
    facts = LinkColumns(
        reasoned=bets.reasoned,
        outcome=links.outcome,
        confirmed_on=links.confirmed_on,
        confirmed_at=links.confirmed_at,
        meaning_changed_on=goal_statuses.meaning_changed_on[links.goal],
        meaning_changed_at=goal_statuses.meaning_changed_at[links.goal],
        review_on=links.review_on,
    )
    tells = bets.counts & bets.active & company.teams.here[initiatives.team[links.initiative]]
    return {code: tells & condition(facts, on) for code, condition in LINK_CONDITIONS.items()}


def initiative_flags(company: Company, on: int, parts: Parts, bets: Bets, goal_statuses: GoalStatuses) -> Holds:
    initiatives, links = company.initiatives, company.links
    orphaned, aligned = parts.orphaned > ZERO * parts.effort, parts.aligned > ZERO * parts.effort
    linked = np.zeros(len(initiatives.id), dtype=bool)
    linked[links.initiative] = True

    def with_any(marked: Bools) -> Bools:
        found = np.zeros(len(initiatives.id), dtype=bool)
        found[links.initiative[marked]] = True
        return found

    overrun = (initiatives.kind == EXPLORE) & (initiatives.ends_on != NEVER) & (on > initiatives.ends_on)
    holds = {
        FlagCode.ORPHAN: orphaned & ~aligned & ~linked,
        FlagCode.DISCONNECTED: orphaned & ~aligned & linked,
        FlagCode.PARTLY_ORPHANED: orphaned & aligned,
        FlagCode.EXPLORATION_OVERRUN: parts.active & overrun,
        **{code: with_any(marked) for code, marked in link_flags(company, on, bets, goal_statuses).items()},
        FlagCode.UNSIZED: parts.unsized,
        FlagCode.SILENT: parts.active & (initiatives.touched_on.astype(np.int64) + company.rules.silent_days < on),
    }
    return asked_only(holds, company.teams.here[initiatives.team])


def goal_flags(company: Company, goal_statuses: GoalStatuses, covered: Bools) -> Holds:
    """All but `starved` and `crowded`, which need every top goal (`fit_flags`)."""
    anchored = goal_statuses.anchored
    holds = {
        FlagCode.UNCOVERED: anchored & ~covered,
        FlagCode.UNEXPLAINED: anchored & ~company.goals.explained,
        FlagCode.UNMEASURED: anchored & ~goal_statuses.forest.any_up(company.goals.measured),
        FlagCode.EXPIRED: goal_statuses.expired,
        FlagCode.ISLAND: goal_statuses.island,
    }
    return asked_only(holds, company.goals.here)


def strategy_flags(strategies: Strategies, on: int, grace: int) -> Holds:
    published = strategies.status == PUBLISHED
    ends = published & (strategies.ends_on != NEVER)
    soon = ends & (on >= strategies.ends_on.astype(np.int64) - ENDING_DAYS) & ~ended(strategies.ends_on, on, grace)
    for at in np.flatnonzero(soon).tolist():
        next_day = int(strategies.ends_on[at]) + 1
        follows = published & started(strategies.starts_on, next_day) & ~ended(strategies.ends_on, next_day, 0)
        soon[at] = not follows.any()
    return {FlagCode.ENDING: soon}


def fit_flags(root: Bools, weight: Floats, effort: Floats) -> Holds:
    """`root` marks the anchored company root goals, `effort` includes all goals below each (spec, *priority_fit*). No
    flag is open with fewer than two such goals or without effort."""
    ratios = np.full(len(root), np.nan)
    roots = np.flatnonzero(root)
    total = effort[roots].sum()
    if len(roots) >= FIT_OF and total > 0:
        ratios[roots] = (effort[roots] / total) / (weight[roots] / weight[roots].sum())
    return {FlagCode.STARVED: below(ratios, STARVED_BELOW), FlagCode.CROWDED: below(CROWDED_ABOVE, ratios)}


def team_flags(company: Company, on: int, goal_statuses: GoalStatuses, sums: Floats) -> Holds:
    teams, rules = company.teams, company.rules
    of = dict(zip(SUMS, sums.T, strict=True))
    lapsed = (teams.stance != CORE) & (teams.stance_until != NEVER) & (on > teams.stance_until)
    stance = np.where(lapsed, CORE, teams.stance)
    works, total = of["initiatives"] > 0, of["effort"]
    discretionary = of["aligned"] + of["exploring"] + of["orphaned"]

    def share(part: str) -> Floats:
        return ratio(of[part], discretionary, total)

    exploring = share("exploring")
    tied = np.zeros(len(teams.id), dtype=bool)
    tied[company.missions.team[goal_statuses.anchored[company.missions.goal]]] = True
    holds = {
        FlagCode.NO_MISSION: works & ~teams.mission,
        FlagCode.UNTIED_MISSION: works & teams.mission & ~tied,
        FlagCode.UNDER_ALIGNED: below(share("aligned"), rules.coverage_floor[stance]),
        FlagCode.OVER_EXPLORING: below(rules.exploring_ceiling[stance], exploring),
        FlagCode.SQUEEZED: below(exploring, rules.exploring_floor[stance]) & ~below(NO_ROOM, share("orphaned")),
        FlagCode.DIRECTED: below(share("own_choice"), rules.autonomy_floor[stance]),
        FlagCode.OVER_SUSTAINING: below(rules.sustaining_ceiling[stance], ratio(of["sustaining"], total, total)),
        FlagCode.STANCE_EXPIRED: lapsed,
        FlagCode.UNSUPPORTED: (stance == SPOTLIGHT) & _unanswered(company, on),
    }
    return asked_only(holds, teams.here)


def _unanswered(company: Company, on: int) -> Bools:
    """Teams with an active initiative whose ask was declined, or has waited for more than ANSWER_DAYS."""
    asks, initiatives = company.asks, company.initiatives
    waits = (asks.status == ASKED) & (asks.asked_on.astype(np.int64) + ANSWER_DAYS < on)
    open_asks = ((asks.status == DECLINED) | waits) & (initiatives.status == ACTIVE)[asks.initiative]
    result = np.zeros(len(company.teams.id), dtype=bool)
    result[initiatives.team[asks.initiative[open_asks]]] = True
    return result
