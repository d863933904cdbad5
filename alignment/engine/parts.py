"""Splits each initiative's effort into its parts (spec/alignment.md, *Links and shares*, *Effort*)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.engine.goal_status import COUNTS, REASONS, GoalStatuses
from alignment.engine.model import MILLION, NEVER, Bools, Company, Floats, Initiatives, Ints, Links
from alignment.enums import LinkState, UncountedReason
from teams.enums import InitiativeKind, InitiativeStatus, Origin

ZERO = 1e-9
"""The relative tolerance: a figure is zero up to this part of its effort, two are equal up to this part of the
larger."""

DISPUTED, ENDORSED = tuple(LinkState).index(LinkState.DISPUTED), tuple(LinkState).index(LinkState.ENDORSED)
EXPLORE, SUSTAIN = (
    tuple(InitiativeKind).index(InitiativeKind.EXPLORE),
    tuple(InitiativeKind).index(InitiativeKind.SUSTAIN),
)
ACTIVE = tuple(InitiativeStatus).index(InitiativeStatus.ACTIVE)
OWN_CHOICE = tuple(Origin).index(Origin.TEAM)


PARTS = ("effort", "aligned", "reasoned", "endorsed", "exploring", "sustaining", "orphaned")
"""The efforts of `Parts`, by the names used in reports and stored figures."""


@dataclass(frozen=True)
class Parts:
    """By initiative, in person-weeks; all 0 where it is not active. `active` marks the portfolio."""

    active: Bools
    unsized: Bools
    effort: Floats
    aligned: Floats
    reasoned: Floats
    endorsed: Floats
    exploring: Floats
    sustaining: Floats
    orphaned: Floats


@dataclass(frozen=True)
class Bets:
    """By link: `reason` why it does not count (COUNTS where it does), whether it is endorsed or reasoned, and the
    person-weeks that it brings to its goal (0 where it does not count or the initiative is not active)."""

    active: Bools
    reason: Ints
    counts: Bools
    endorsed: Bools
    reasoned: Bools
    amount: Floats


def split(initiative: Ints, share: Ints, initiatives: int) -> Floats:
    """The part of its initiative's effort (0..1) that each link takes. Explicit shares (millionths) are used as they
    are, scaled down where they exceed 1; the others (-1) divide the remainder equally. Exact in millionths until the
    last division."""
    given = share >= 0
    explicit = weighted(initiative[given], share[given].astype(np.float64), initiatives)
    blanks = np.bincount(initiative[~given], minlength=initiatives)
    left = np.maximum(MILLION - explicit, 0) / np.maximum(blanks, 1)
    scale = MILLION / np.maximum(explicit, MILLION)
    part = left[initiative]
    part[given] = share[given] * scale[initiative[given]]
    part /= MILLION
    part[part <= ZERO] = 0
    return part


def weighted(at: Ints, weights: Floats, count: int) -> Floats:
    """The sum of the weights at each of `count` positions."""
    return np.bincount(at, weights=weights, minlength=count).astype(np.float64)


def bets(company: Company, goal_statuses: GoalStatuses, effort: Floats) -> Bets:
    links, initiatives = company.links, company.initiatives
    reason = np.where(
        links.state == DISPUTED, REASONS.index(UncountedReason.DISPUTED), goal_statuses.reason[links.goal]
    )
    active = (initiatives.status == ACTIVE)[links.initiative]
    counts = reason == COUNTS
    endorsed = counts & (links.state == ENDORSED)
    amount = split(links.initiative, links.share, len(initiatives.id))
    amount *= effort[links.initiative]
    amount[~(counts & active)] = 0
    return Bets(
        active=active,
        reason=reason,
        counts=counts,
        endorsed=endorsed,
        reasoned=endorsed | (counts & links.reasoned),
        amount=amount,
    )


def effort_of(company: Company) -> Floats:
    """Person-weeks of each active initiative, with the company's default where it is not sized; 0 outside the
    portfolio."""
    initiatives = company.initiatives
    sized = np.where(initiatives.effort > 0, initiatives.effort, company.rules.default_effort)
    return np.where(initiatives.status == ACTIVE, sized, 0.0)


def parts(company: Company, links: Bets, effort: Floats, on: int) -> Parts:
    initiatives = company.initiatives
    active = initiatives.status == ACTIVE
    aligned = np.minimum(_sum(company.links, links.amount, initiatives), effort)
    rest = effort - aligned
    rest[rest <= ZERO * effort] = 0
    explores = (initiatives.kind == EXPLORE) & (initiatives.ends_on != NEVER) & (on <= initiatives.ends_on)
    sustains = initiatives.kind == SUSTAIN
    reasoned = np.minimum(_sum(company.links, links.amount * links.reasoned, initiatives), aligned)
    return Parts(
        active=active,
        unsized=active & ~(initiatives.effort > 0),
        effort=effort,
        aligned=aligned,
        reasoned=reasoned,
        endorsed=np.minimum(_sum(company.links, links.amount * links.endorsed, initiatives), reasoned),
        exploring=np.where(explores, rest, 0.0),
        sustaining=np.where(sustains, rest, 0.0),
        orphaned=np.where(explores | sustains, 0.0, rest),
    )


def _sum(links: Links, amount: Floats, initiatives: Initiatives) -> Floats:
    return weighted(links.initiative, amount, len(initiatives.id))
