"""Figures of goals against values worked by hand (see Company in conftest.py)."""

from __future__ import annotations

from typing import Any

import pytest

from alignment.enums import FlagCode, LinkState
from alignment.models import Link
from alignment.selectors.goals import (
    CHILDREN_SHOWN,
    goal_bets,
    goal_links,
    goal_pages,
    goal_trees,
    goals_below,
    priorities,
    strategy_flags,
    strategy_pages,
)
from strategy.selectors.goals import above
from strategy.selectors.strategies import strategies_for, team_goals
from tests import factories as make
from tests.strategy.conftest import close, compute, hide

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def member():
    return make.PersonFactory()


def trees(person, company, *, depth=3):
    return goal_trees(person, [company.strategy.pk], depth=depth).get(company.strategy.pk, [])


def test_priorities_are_shares_of_weight_and_effort(company, leader):
    found = priorities(leader)
    growth, quality = found.roots

    assert (growth.title, growth.effort, growth.anchored, growth.covered) == ("Growth", pytest.approx(6), 3, 2)
    assert (quality.title, quality.effort, quality.anchored, quality.covered) == ("Quality", pytest.approx(2), 1, 1)
    assert found.wanted == pytest.approx({growth.id: 0.75, quality.id: 0.25})
    assert found.actual == pytest.approx({growth.id: 0.75, quality.id: 0.25})
    assert found.fit == pytest.approx(1)
    assert (found.covered, found.anchored) == (3, 4)


def test_priorities_without_effort_have_no_actual_share(company, leader):
    Link.objects.update(state=LinkState.DISPUTED)
    compute()
    found = priorities(leader)

    assert (found.actual, found.fit) == ({}, None)
    assert sum(found.wanted.values()) == pytest.approx(1)


def test_priorities_leave_out_names_that_are_for_others(company, member):
    hide(company.growth)

    assert [(root.key, root.title, root.effort) for root in priorities(member).roots] == [
        ("", "", pytest.approx(6)),
        ("quality", "Quality", pytest.approx(2)),
    ]


def test_priorities_of_nothing_are_empty(nothing, leader):
    found = priorities(leader)

    assert (found.roots, found.wanted, found.actual, found.fit) == ([], {}, {}, None)


def test_tree_sums_what_is_below(company, leader):
    growth, quality = trees(leader, company)

    assert (growth.goal.title, growth.effort, growth.more) == ("Growth", pytest.approx(6), 0)
    assert [(node.goal.title, node.effort) for node in growth.children] == [
        ("Retention", pytest.approx(4)),
        ("Silence", 0),
    ]
    assert (quality.effort, quality.children) == (pytest.approx(2), [])


def test_tree_cut_at_a_depth_keeps_sums_and_counts_the_rest(company, leader):
    deep = make.GoalFactory(parent=company.retention)
    make.LinkFactory(initiative=make.InitiativeFactory(effort=8), goal=deep)
    compute()
    growth, _quality = trees(leader, company, depth=1)
    retention = trees(leader, company, depth=2)[0].children[0]

    assert (growth.effort, growth.more, growth.children) == (pytest.approx(14), 3, [])
    assert (retention.effort, retention.more) == (pytest.approx(12), 1)


def test_tree_with_many_goals_below_one_says_how_many_more(company, leader):
    for number in range(CHILDREN_SHOWN):
        make.GoalFactory(parent=company.quality, title=f"Part {number:02}")
    make.LinkFactory(
        initiative=make.InitiativeFactory(), goal=make.GoalFactory(parent=company.quality, title="Part 99")
    )
    compute()
    quality = trees(leader, company)[1]

    assert (len(quality.children), quality.more, quality.effort) == (CHILDREN_SHOWN, 1, pytest.approx(3))


def test_tree_sums_hidden_goals_and_neither_counts_nor_names_them(company, member):
    hide(company.retention)
    growth = trees(member, company)[0]

    assert (growth.effort, growth.more) == (pytest.approx(6), 0)
    assert [node.goal.title for node in growth.children] == ["Silence"]


def test_tree_is_two_queries(company, leader, django_assert_num_queries):
    with django_assert_num_queries(2):
        trees(leader, company)


@pytest.mark.parametrize(
    ("name", "effort"), [("growth", 6), ("retention", 4), ("silence", 0), ("quality", 2), ("own", 0)]
)
def test_goal_effort_is_of_the_subtree(company, name, effort):
    goal: Any = goal_pages().get(key=name)

    assert goal.effort == pytest.approx(effort)


def test_goals_below_have_their_effort(company, leader):
    rows: Any = goals_below(leader, company.growth).order_by("title")

    assert [(row.title, row.effort) for row in rows] == [("Retention", pytest.approx(4)), ("Silence", 0)]


def test_goal_page_has_open_flags_and_teams_that_serve_it(company):
    make.MissionGoalFactory(goal=company.silence, team=company.team)
    make.FlagFactory(initiative=None, goal=company.silence, code=FlagCode.EXPIRED, resolved_on=make.DAY)
    goal: Any = goal_pages().get(key="silence")

    assert {found["code"] for found in goal.findings} == {FlagCode.UNCOVERED, FlagCode.UNMEASURED}
    assert goal.served_by == [{"key": "one", "name": "One"}]


def bets(goal):
    page = goal_pages().get(pk=goal.pk)
    return {bet.link.initiative.key: bet for bet in goal_bets(page, list(goal_links(page)))}


def test_bets_take_their_part_of_the_split(company):
    retention, growth = bets(company.retention), bets(company.growth)

    assert (retention["both"].share, retention["both"].brings) == (pytest.approx(0.75), pytest.approx(3))
    assert (growth["both"].share, growth["both"].brings) == (pytest.approx(0.25), pytest.approx(1))
    assert (growth["grow"].share, growth["grow"].brings) == (1, 1)


def test_bets_that_do_not_count_say_why_and_bring_nothing(company):
    assert (bets(company.own)["loose"].reason, bets(company.own)["loose"].brings) == ("team_root", 0)

    close(company.growth)
    assert bets(company.growth)["grow"].reason == "goal_closed"
    assert bets(company.retention)["keep"].reason == "ancestor_not_live"

    Link.objects.update(state=LinkState.DISPUTED)
    assert bets(company.retention)["keep"].reason == "disputed"


def test_bets_of_paused_work_bring_nothing(company):
    initiative = make.InitiativeFactory(key="rest", status="paused", effort=9)
    make.LinkFactory(initiative=initiative, goal=company.growth)
    compute()

    assert (bets(company.growth)["rest"].brings, bets(company.growth)["rest"].reason) == (0, "")


def test_strategy_flags_are_of_its_goals_without_housekeeping(company, leader):
    elsewhere = make.GoalFactory()
    make.FlagFactory(initiative=None, goal=elsewhere, code=FlagCode.UNEXPLAINED)

    strategy: Any = strategy_pages().get(key="plan")
    found = strategy_flags(leader, strategy.roots, each=9, on=make.DAY)

    assert [(flag.goal.key, flag.code) for flag in found.oldest] == [("silence", FlagCode.UNCOVERED)]
    assert found.counts == {FlagCode.UNCOVERED: 1, FlagCode.UNMEASURED: 3}


def test_strategy_flags_are_a_few_of_each_code(company, leader):
    for _number in range(3):
        make.GoalFactory(parent=company.quality, why="")
    compute()
    found = strategy_flags(leader, [company.growth.pk, company.quality.pk], each=2, on=make.DAY)

    assert [flag.code for flag in found.oldest] == [FlagCode.UNCOVERED, FlagCode.UNEXPLAINED] * 2
    assert (found.counts[FlagCode.UNCOVERED], found.counts[FlagCode.UNEXPLAINED]) == (4, 3)


def test_strategy_flags_are_those_the_reader_sees(company, member):
    hide(company.silence)

    assert strategy_flags(member, [company.growth.pk], each=2, on=make.DAY).counts == {FlagCode.UNMEASURED: 1}


def test_above_is_the_line_to_the_strategy(company, leader):
    deep = make.GoalFactory(parent=company.retention)
    line = above(leader, deep)

    assert (line.strategy, line.goals) == (company.strategy, [company.growth, company.retention])
    assert above(leader, company.own).in_strategy is False


def test_above_hides_what_is_not_for_the_reader(company, member):
    hide(company.growth)
    deep = make.GoalFactory(parent=company.retention, owner=member)
    type(company.strategy).objects.update(status="draft")
    line = above(member, deep)

    assert (line.strategy, line.in_strategy, line.goals) == (None, True, [None, None])


def test_strategies_are_published_then_draft_then_archived(company, leader, member):
    make.StrategyFactory(key="old", status="archived")
    make.StrategyFactory(key="next", status="draft")

    assert [row.key for row in strategies_for(leader)] == ["plan", "next", "old"]
    assert [row.key for row in strategies_for(member)] == ["plan", "old"]


def test_team_goals_are_their_roots(company, member):
    make.GoalFactory(parent=company.own)

    assert list(team_goals(member)) == [company.own]
