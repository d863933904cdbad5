"""Conditions of the engine at their edges: the day before, the day itself and the day after; a figure at its limit and
a hundredth of a week beyond; and what counts as zero. What each bundle raises is worked out by hand, and the naive
implementation has to agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from alignment.engine import Alignment, Change, Figures, changed, compute
from alignment.engine.model import NEVER, day_number
from alignment.engine.parts import split
from alignment.engine.work_figures import below, ratio
from alignment.enums import FlagCode
from alignment.flags import FLAGS
from teams.enums import Stance
from tests.alignment.columns import company_of
from tests.alignment.naive import report as naive_report
from tests.alignment.worked import (
    LATER,
    Bundle,
    T,
    ask,
    child,
    link,
    measure,
    root,
    settings,
    strategy,
    team,
    work,
)

DAY = dt.timedelta(days=1)


def bundle(**tables: Any) -> Bundle:
    """One initiative of one week, all of it to the one goal there is, but for the tables that are given."""
    plain = {
        "strategies": [strategy()],
        "goals": [root("g")],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [work("a")],
        "links": [link("a", "g")],
    }
    return plain | tables


def computed(company: Bundle, on: dt.date = T) -> Alignment:
    return compute(company_of(company, on), day_number(on))


def flags(company: Bundle, on: dt.date, without: AbstractSet[str] = frozenset()) -> set[str]:
    """As "code subject"; what the naive implementation finds is the same."""
    alignment = computed(company, on)
    tables = {"initiative": "initiatives", "goal": "goals", "strategy": "strategies", "team": "teams"}
    found = {
        f"{found.code} {company[tables[found.subject]][at]['key']}"
        for found in alignment.flags
        for at in found.at.tolist()
    }
    assert found == {f"{flag['code']} {flag['subject']}" for flag in naive_report(company, on, on)["flags"]}
    return {flag for flag in found if flag.split()[0] not in without}


def day(offset: int) -> str:
    return (T + offset * DAY).isoformat()


@dataclass(frozen=True)
class Edge:
    """What is found on the day before T, on T and on the day after, besides `squeezed`."""

    company: Bundle
    before: set[str]
    on: set[str]
    after: set[str]


LOST = {"disconnected a", "under_aligned t", "untied_mission t"}
BELOW = {"goals": [root("g"), child("k", "g")], "measures": [measure("k")], "links": [link("a", "k")]}
EDGES = {
    "first day of a goal": Edge(bundle(goals=[root("g", starts_on=day(0))]), LOST, set(), set()),
    "last day of grace of a goal": Edge(
        bundle(goals=[root("g", ends_on=day(-14))]), set(), set(), LOST | {"expired g"}
    ),
    "last day of a goal without grace": Edge(
        bundle(goals=[root("g", ends_on=day(0))], company=settings(grace_days="0")), set(), set(), LOST | {"expired g"}
    ),
    "goal that is closed does not expire": Edge(
        bundle(goals=[root("g", ends_on=day(-14), status="missed")]), LOST, LOST, LOST
    ),
    "first day of a strategy": Edge(bundle(strategies=[strategy(starts_on=day(0))]), LOST, set(), set()),
    "last day of grace of a strategy": Edge(
        bundle(strategies=[strategy(ends_on=day(-14))]), {"ending plan"}, {"ending plan"}, LOST
    ),
    "first day of the goal above": Edge(
        bundle(**BELOW | {"goals": [root("g", starts_on=day(0)), child("k", "g")]}), LOST | {"island k"}, set(), set()
    ),
    "last day of grace of the goal above": Edge(
        bundle(**BELOW | {"goals": [root("g", ends_on=day(-14)), child("k", "g")]}),
        set(),
        set(),
        LOST | {"island k", "expired g"},
    ),
    "last day of an exploration": Edge(
        bundle(initiatives=[work("a", kind="explore", ends_on=day(0))], links=[]),
        {"uncovered g", "under_aligned t", "over_exploring t"},
        {"uncovered g", "under_aligned t", "over_exploring t"},
        {"uncovered g", "under_aligned t", "exploration_overrun a", "orphan a"},
    ),
    "exploration that never ends": Edge(
        bundle(initiatives=[work("a", kind="explore")], links=[]),
        {"uncovered g", "under_aligned t", "orphan a"},
        {"uncovered g", "under_aligned t", "orphan a"},
        {"uncovered g", "under_aligned t", "orphan a"},
    ),
    "end of work that does not explore": Edge(bundle(initiatives=[work("a", ends_on=day(0))]), set(), set(), set()),
    "day of a review": Edge(bundle(links=[link("a", "g", review_on=day(0))]), set(), set(), {"review_due a"}),
    "last day before silence": Edge(
        bundle(initiatives=[work("a", touched_on=day(-28))]), set(), set(), {"silent a"}
    ),
    "silence from the next day on": Edge(
        bundle(initiatives=[work("a", touched_on=day(0))], company=settings(silent_days="0")),
        set(),
        set(),
        {"silent a"},
    ),
    "last day of a stance": Edge(
        bundle(
            teams=[team("t", stance="spotlight", stance_until=day(0))],
            initiatives=[work("a", effort="8"), work("o", effort="2")],
        ),
        {"orphan o", "under_aligned t"},
        {"orphan o", "under_aligned t"},
        {"orphan o", "stance_expired t"},
    ),
    "last day of a core stance": Edge(bundle(teams=[team("t", stance_until=day(0))]), set(), set(), set()),
    "last day on which an ask may wait": Edge(
        bundle(
            teams=[team("t", stance="spotlight"), team("other")], support=[ask("a", "other", "asked", day(-14))]
        ),
        set(),
        set(),
        {"unsupported t"},
    ),
    "last day of a spotlight whose ask was declined": Edge(
        bundle(
            teams=[team("t", stance="spotlight", stance_until=day(0)), team("other")],
            support=[ask("a", "other", "declined", day(-3))],
        ),
        {"unsupported t"},
        {"unsupported t"},
        {"stance_expired t"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_condition_holds_from_its_day_on_and_no_earlier(name: str):
    edge = EDGES[name]
    for on, expected in ((T - DAY, edge.before), (T, edge.on), (T + DAY, edge.after)):
        assert flags(edge.company, on, {"squeezed"}) == expected, on


@pytest.mark.parametrize(("confirmed", "found"), [(-1, {"reconfirm a"}), (0, set()), (1, set())])
def test_link_is_reconfirmed_after_the_day_on_which_the_meaning_changed(confirmed: int, found: set[str]):
    company = bundle(
        goals=[root("g", meaning_changed_on=day(-5))], links=[link("a", "g", confirmed_on=day(-5 + confirmed))]
    )
    assert flags(company, T, {"squeezed"}) == found


def test_what_is_asked_of_links_is_asked_of_those_that_count_and_of_active_work():
    wrong = {"rationale": "", "review_on": day(-1), "outcome": "failed", "confirmed_on": day(-9)}
    company = bundle(
        goals=[root("g", meaning_changed_on=day(-5)), root("old", status="missed", meaning_changed_on=day(-5))],
        initiatives=[work("a"), work("p", status="paused", effort="", touched_on=day(-99)), work("b")],
        links=[link("a", "g", "0.5"), link("a", "old", **wrong), link("p", "g", **wrong), link("b", "g")],
    )
    assert flags(company, T, {"squeezed"}) == {"partly_orphaned a"}


@pytest.mark.parametrize(("outcome", "due"), [("", True), ("untested", True), ("held", False), ("unclear", False)])
def test_review_is_due_while_the_bet_is_untested(outcome: str, due: bool):
    company = bundle(links=[link("a", "g", review_on=day(-1), outcome=outcome)])
    assert flags(company, T, {"squeezed"}) == ({"review_due a"} if due else set())


LIMITS = {"spotlight": (90, 0, 10, 20, 40), "core": (70, 5, 30, 40, 50), "explore": (30, 20, 70, 60, 60)}
"""In per cent, as spec/alignment.md has them under *Stance*."""


def divided(stance: str, **efforts: float) -> Bundle:
    """A team with its weeks divided so; `given` are aligned and assigned."""
    kinds = {
        "aligned": {},
        "given": {"origin": "assigned"},
        "exploring": {"kind": "explore", "ends_on": LATER},
        "sustaining": {"kind": "sustain"},
        "orphaned": {},
    }
    rows = [work(part, effort=f"{effort:.2f}", **kinds[part]) for part, effort in efforts.items() if effort]
    links = [link(row["key"], "g") for row in rows if row["key"] in {"aligned", "given"}]
    return bundle(teams=[team("t", stance=stance)], initiatives=rows, links=links)


@pytest.mark.parametrize("stance", LIMITS)
def test_share_at_its_limit_raises_nothing_and_beyond_it_does(stance: str):
    coverage, floor, ceiling, autonomy, sustaining = LIMITS[stance]
    for beyond in (0, 0.01):
        cases = {
            "under_aligned": {"aligned": coverage - beyond, "orphaned": 100 - coverage + beyond},
            "over_exploring": {"exploring": ceiling + beyond, "aligned": 100 - ceiling - beyond},
            "directed": {"aligned": autonomy - beyond, "given": 100 - autonomy + beyond},
            "over_sustaining": {"sustaining": sustaining + beyond, "aligned": 100 - sustaining - beyond},
        }
        if floor:
            cases["squeezed"] = {"exploring": floor - beyond, "aligned": 100 - floor + beyond}
        for code, efforts in cases.items():
            found = {flag.split()[0] for flag in flags(divided(stance, **efforts), T)}
            assert (code in found) == bool(beyond), (code, efforts)


@pytest.mark.parametrize(("orphaned", "squeezed"), [(0, True), (5, True), (5.01, False)])
def test_team_without_room_is_squeezed_while_little_is_orphaned(orphaned: float, squeezed: bool):
    company = divided("core", aligned=96 - orphaned, exploring=4, orphaned=orphaned)
    assert ("squeezed t" in flags(company, T)) == squeezed


@pytest.mark.parametrize(
    ("effort", "found"),
    [("24.5", {"starved g"}), ("25", set()), ("25.5", set()), ("50.5", set())],
)
def test_goal_is_starved_below_half_of_its_weight(effort: str, found: set[str]):
    """Two goals of one weight: half of the effort is due to each."""
    company = bundle(
        goals=[root("g"), root("h")],
        measures=[measure("g"), measure("h")],
        initiatives=[work("a", effort=effort), work("b", effort=f"{100 - float(effort)}")],
        links=[link("a", "g"), link("b", "h")],
    )
    assert flags(company, T, {"squeezed"}) == found


@pytest.mark.parametrize(("effort", "found"), [("50.5", {"crowded g"}), ("50", set()), ("49.5", set())])
def test_goal_is_crowded_above_twice_its_weight(effort: str, found: set[str]):
    """Of the weights 1 and 3, a quarter of the effort is due to the first."""
    company = bundle(
        goals=[root("g"), root("h", weight="3")],
        measures=[measure("g"), measure("h")],
        initiatives=[work("a", effort=effort), work("b", effort=f"{100 - float(effort)}")],
        links=[link("a", "g"), link("b", "h")],
    )
    assert flags(company, T, {"squeezed"}) == found


def test_reason_is_the_first_that_applies_for_each_pair_of_neighbours():
    """Each goal has two reasons, one after the other in the order of spec/alignment.md; the first is said."""
    company = bundle(
        strategies=[strategy(), strategy("shelf", status="archived", ends_on=day(-60))],
        goals=[
            root("g", status="draft"),
            root("draft", status="draft", starts_on=day(9)),
            root("closed", status="achieved", starts_on=day(9)),
            child("late", "closed", ends_on=day(-60)),
            child("above", "ours"),
            {"key": "ours", "team": "t", "title": "ours", "why": "x", "status": "missed"},
            {"key": "own", "team": "t", "title": "own", "why": "x", "status": "active"},
            root("shelved", "shelf"),
            child("soon", "closed", starts_on=day(1)),
        ],
        links=[
            link("a", "g", state="disputed"),
            *(link("a", key) for key in ("draft", "closed", "late", "above", "own", "shelved", "soon")),
        ],
    )
    alignment = computed(company)
    keys = [goal["key"] for goal in company["goals"]]
    assert {keys[goal]: reason.value for goal, reason in alignment.reasons_by_initiative[0].items()} == {
        "g": "disputed",
        "draft": "goal_draft",
        "closed": "goal_closed",
        "late": "goal_expired",
        "above": "ancestor_not_live",
        "own": "team_root",
        "shelved": "strategy_not_published",
        "soon": "goal_not_started",
    }


# What is zero, and what is equal


@pytest.mark.parametrize("effort", ["1", "2", "3", "0.07", "13.37", "99999.99", "0.3", "6"])
@pytest.mark.parametrize("state", ["claimed", "endorsed"])
def test_shares_that_add_up_to_one_leave_exactly_nothing(effort: str, state: str):
    """0.7 + 0.2 + 0.1 is not 1 in binary, and a rest of 1e-16 would be effort that nobody has."""
    company = bundle(
        goals=[root("g"), child("k", "g"), child("l", "g"), child("blank", "g")],
        initiatives=[work("a", effort=effort)],
        links=[
            *(link("a", goal, share, state=state) for goal, share in (("g", "0.7"), ("k", "0.2"), ("l", "0.1"))),
            link("a", "blank", state=state),
        ],
    )
    alignment = computed(company)
    parts = alignment.parts
    assert parts.orphaned[0] == parts.exploring[0] == parts.sustaining[0] == 0.0
    assert parts.endorsed[0] <= parts.reasoned[0] <= parts.aligned[0] <= parts.effort[0] == float(effort)
    assert parts.aligned[0] == pytest.approx(float(effort), rel=1e-12)
    assert alignment.bets.amount[3] == alignment.goal_effort[3] == 0.0
    assert alignment.contributors().tolist() == [1, 1, 1, 0]
    assert alignment.covered.tolist() == [True, True, True, False]
    assert not flags(company, T) & {"partly_orphaned a", "orphan a"}


def test_some_of_those_efforts_are_not_the_sum_of_their_parts():
    """So that the test above is about something."""
    sums = {effort: sum(share * effort for share in (0.7, 0.2, 0.1)) for effort in (1, 2, 3, 0.07, 13.37, 0.3, 6)}
    assert any(total < effort for effort, total in sums.items())
    assert any(total > effort for effort, total in sums.items())


def test_shares_above_one_are_divided_by_their_sum_and_leave_nothing():
    part = split(np.array([0, 0, 0, 1]), np.array([800_000, 400_000, -1, 250_000]), 3)
    assert part.tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0.25])
    assert part[2] == 0.0


def test_blank_shares_divide_what_is_left_equally():
    part = split(np.array([0, 1, 0, 0, 1]), np.array([500_000, -1, -1, -1, -1]), 2)
    assert part.tolist() == [0.5, 0.5, 0.25, 0.25, 0.5]


@pytest.mark.parametrize(("blanks", "part"), [(1_001, 0.0), (999, 1e-6 / 999)])
def test_part_of_a_thousand_millionth_is_none(blanks: int, part: float):
    shares = np.array([999_999, *[-1] * blanks])
    found = split(np.zeros(len(shares), dtype=np.int64), shares, 1)
    assert found[1:].tolist() == pytest.approx([part] * blanks, rel=1e-9, abs=0)


@pytest.mark.parametrize(("whole", "figure"), [(1e-9, None), (1.001e-9, 0.5), (0, None), (1, 0.5)])
def test_ratio_of_nothing_does_not_exist(whole: float, figure: float | None):
    """A whole of a thousand-millionth of the total, or less, is nothing."""
    found = float(ratio(whole / 2, whole, 1.0))
    assert np.isnan(found) if figure is None else found == pytest.approx(figure)


@pytest.mark.parametrize(
    ("figure", "bound", "less"),
    [
        (0.7, 0.7, False),
        (0.7 * (1 - 0.9e-9), 0.7, False),
        (0.7 * (1 - 1.1e-9), 0.7, True),
        (2000 * (1 - 0.9e-9), 2000, False),
        (2000 * (1 - 1.1e-9), 2000, True),
        (0.8, 0.7, False),
        (0, 0, False),
        (np.nan, 0.7, False),
    ],
)
def test_figure_is_below_a_bound_by_more_than_a_thousand_millionth_of_the_larger(figure, bound, less):
    assert bool(below(figure, bound)) is less


# Figures, and what is asked of an alignment


def test_figures_of_a_row_of_sums():
    figures = Figures.of([20.0, 6.0, 5.0, 3.0, 2.0, 10.0, 2.0, 4.0, 1.0, 7.0, None])
    assert (figures.total, figures.discretionary) == (20.0, 10.0)
    assert (figures.coverage, figures.reasoned_coverage, figures.endorsed_coverage) == (0.6, 0.5, 0.3)
    assert (figures.autonomy, figures.aligned_autonomy) == (0.4, 0.1)
    assert (figures.exploring_share, figures.sustaining_share) == (0.2, 0.5)
    assert (figures.initiatives, figures.unsized) == (7, 0)
    assert Figures().sustaining_share is None


def test_unsized_and_teams_among_those_who_contribute():
    """g has k below it. a and b of one team, c of another; b and c are not sized, b gives to both goals. p is paused,
    d is disputed, and n has nothing left for k."""
    company = bundle(
        goals=[root("g"), child("k", "g")],
        teams=[team("t"), team("u")],
        initiatives=[
            work("a"),
            work("b", effort=""),
            work("c", "u", effort=""),
            work("p", effort="", status="paused"),
            work("d", "u", effort=""),
            work("n", "u"),
        ],
        links=[
            link("a", "g"),
            link("b", "g"),
            link("b", "k"),
            link("c", "k"),
            link("p", "k"),
            link("d", "k", state="disputed"),
            link("n", "g", "1"),
            link("n", "k"),
        ],
    )
    alignment = computed(company)
    assert alignment.contributors().tolist() == [4, 2]
    assert alignment.contributors(unsized=True).tolist() == [2, 2]
    assert alignment.contributors(team=True).tolist() == [2, 2]
    assert alignment.contributors(team=True, unsized=True).tolist() == [2, 2]
    assert alignment.goal_own_effort.tolist() == [1 + 0.5 + 1, 0.5 + 1]
    assert alignment.goal_effort.tolist() == [4.0, 1.5]


def test_days_are_counted_from_1970():
    assert day_number(dt.date(1970, 1, 1)) == 0
    assert day_number(dt.date(2026, 6, 15)) == 20_619
    assert day_number(None) == NEVER


def test_hypothetical_company_has_all_its_changes_and_leaves_the_other_as_it_is():
    company = company_of(bundle(teams=[team("t"), team("u"), team("v")]), T)
    explore, spotlight = (tuple(Stance).index(stance) for stance in (Stance.EXPLORE, Stance.SPOTLIGHT))
    after = changed(
        company,
        [
            Change("teams", 1, "stance", explore),
            Change("teams", 3, "stance", spotlight),
            Change("teams", 2, "mission", False),
            Change("initiatives", 1, "effort", 2.5),
        ],
    )
    core = tuple(Stance).index(Stance.CORE)
    assert after.teams.stance.tolist() == [explore, core, spotlight]
    assert after.teams.mission.tolist() == [True, False, True]
    assert after.initiatives.effort.tolist() == [2.5]
    assert company.teams.stance.tolist() == [core] * 3
    assert company.teams.mission.all()
    assert company.initiatives.effort.tolist() == [1.0]
    assert after.goals is company.goals


def test_flags_come_in_the_order_of_the_specification():
    computed_ones = [code for code in FlagCode if FLAGS[code].condition]
    assert [found.code for found in computed(bundle()).flags] == computed_ones
