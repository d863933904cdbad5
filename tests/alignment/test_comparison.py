"""What differs between a company as it is and as it would be, worked by hand.

Near: 4 weeks to h, 1 week to g. Far: 10 weeks to h. Upkeep: 5 weeks to nothing, sustaining. Lost: 3 weeks, linked to
the draft goal. Should h close and the draft become active, Near keeps 1 week of 5, Far loses its 10, Lost's 3 come.
"""

from __future__ import annotations

import numpy as np
import pytest

from alignment.engine import Change, changed, compute
from alignment.engine.comparison import Comparison, coverage
from alignment.engine.model import day_number
from alignment.enums import FlagCode
from strategy.enums import GoalStatus
from teams.enums import InitiativeKind
from tests.alignment.columns import company_of
from tests.alignment.worked import T, link, measure, root, strategy, team, work

TEAMS = ["near", "far", "upkeep", "lost"]
WORK = ["near-h", "near-g", "far-h", "keep", "lost-d", "idea"]
BUNDLE = {
    "strategies": [strategy()],
    "goals": [root("g"), root("h"), root("d", status="draft"), root("e", status="draft")],
    "measures": [measure(goal) for goal in "ghde"],
    "teams": [team(key) for key in TEAMS],
    "initiatives": [
        work("near-h", "near", "4"),
        work("near-g", "near", "1"),
        work("far-h", "far", "10"),
        work("keep", "upkeep", "5", kind="sustain"),
        work("lost-d", "lost", "3"),
        work("idea", "lost", "50", status="proposed"),
    ],
    "links": [
        link("near-h", "h"),
        link("near-g", "g"),
        link("far-h", "h"),
        link("lost-d", "d"),
        link("idea", "h"),
    ],
}
G, H, D, E = range(4)


def status(goal: int, to: GoalStatus) -> Change:
    return Change("goals", goal + 1, "status", tuple(GoalStatus).index(to))


def compared(*changes: Change) -> Comparison:
    company, on = company_of(BUNDLE, T), day_number(T)
    return Comparison(compute(company, on), compute(changed(company, changes), on))


@pytest.fixture
def edited() -> Comparison:
    return compared(status(H, GoalStatus.DROPPED), status(D, GoalStatus.ACTIVE), status(E, GoalStatus.ACTIVE))


def names(keys: list[str], positions: np.ndarray) -> list[str]:
    return [keys[at] for at in positions.tolist()]


def test_coverage_of_each_team(edited):
    assert coverage(edited.before).tolist() == pytest.approx([1.0, 1.0, np.nan, 0.0], nan_ok=True)
    assert coverage(edited.after).tolist() == pytest.approx([0.2, 0.0, np.nan, 1.0], nan_ok=True)


def test_teams_come_by_the_size_of_the_change(edited):
    """Far loses 1.0, Lost gains 1.0 (in the order of the table, being equal), Near loses 0.8."""
    assert names(TEAMS, edited.teams()) == ["far", "lost", "near"]


def test_team_whose_coverage_comes_to_be_or_ceases_to_differs():
    kinds = tuple(InitiativeKind)
    keep_becomes_goal_work = Change("initiatives", 4, "kind", kinds.index(InitiativeKind.GOAL))
    lost_becomes_upkeep = Change("initiatives", 5, "kind", kinds.index(InitiativeKind.SUSTAIN))
    assert names(TEAMS, compared(keep_becomes_goal_work).teams()) == ["upkeep"]
    assert names(TEAMS, compared(lost_becomes_upkeep).teams()) == ["lost"]


def test_nothing_that_is_equal_differs():
    same = compared()
    assert [same.teams().tolist(), same.orphaned().tolist(), same.regained().tolist(), same.uncovered().tolist()] == (
        [[], [], [], []]
    )
    assert same.flags() == {}
    smaller = compared(Change("initiatives", 1, "effort", 4 * (1 + 1e-10)))
    assert (smaller.teams().tolist(), smaller.orphaned().tolist()) == ([], [])


def test_work_that_loses_its_goal_and_work_that_gains_one(edited):
    """Proposed work is in neither, and upkeep reached nothing before."""
    assert names(WORK, edited.orphaned()) == ["far-h", "near-h"]
    assert names(WORK, edited.regained()) == ["lost-d"]


@pytest.mark.parametrize("times", [0.5, 3.0])
def test_work_of_which_the_size_alone_changes_reaches_as_much_as_before(times):
    """None of `lost-d`, and all of `far-h`."""
    resized = compared(*(Change("initiatives", at, "effort", 4 * times) for at in range(1, len(WORK) + 1)))
    assert (names(WORK, resized.orphaned()), names(WORK, resized.regained())) == ([], [])


def test_upkeep_that_loses_its_only_goal_is_told_though_it_is_no_orphan():
    bundle = BUNDLE | {"links": [*BUNDLE["links"], link("keep", "h", "0.5")]}
    company, on = company_of(bundle, T), day_number(T)
    after = compute(changed(company, [status(H, GoalStatus.DROPPED)]), on)
    assert names(WORK, Comparison(compute(company, on), after).orphaned()) == ["far-h", "near-h", "keep"]


def test_goals_that_would_be_without_work(edited):
    """e becomes anchored and has none; d has some, and h is anchored no longer."""
    assert edited.uncovered().tolist() == [E]
    assert compared(status(E, GoalStatus.ACTIVE)).uncovered().tolist() == [E]


def test_goal_without_work_before_and_after_is_not_told():
    before = [status(E, GoalStatus.ACTIVE)]
    company, on = changed(company_of(BUNDLE, T), before), day_number(T)
    still = Comparison(compute(company, on), compute(changed(company, [status(H, GoalStatus.DROPPED)]), on))
    assert still.uncovered().tolist() == []


def test_flags_that_would_open_and_be_resolved(edited):
    """Before: lost-d is disconnected, so Lost is under-aligned; Near and Far are squeezed, being all aligned; g has one
    week of 15 where half is due, so it is starved, and h 14. After: near-h and far-h are disconnected, Near and Far
    under-aligned, Lost squeezed; g has one of 4 and d three, where a third is due to each of g, d and e: d is crowded,
    e starved."""
    assert edited.flags() == {
        FlagCode.DISCONNECTED: (2, 1),
        FlagCode.UNCOVERED: (1, 0),
        FlagCode.STARVED: (1, 1),
        FlagCode.CROWDED: (1, 0),
        FlagCode.UNDER_ALIGNED: (2, 1),
        FlagCode.SQUEEZED: (1, 2),
    }
    assert list(edited.flags()) == sorted(edited.flags(), key=list(FlagCode).index)
