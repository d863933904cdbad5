"""Which goals are offered to a piece of work, and why."""

from __future__ import annotations

import pytest

from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.suggestions import found_goals, own_work, suggested_goals
from strategy.enums import GoalStatus, Visibility
from teams.enums import InitiativeStatus, TeamRole
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return make.StrategyFactory()


@pytest.fixture
def team():
    return make.TeamFactory(name="Search")


@pytest.fixture
def work(team):
    return make.InitiativeFactory(team=team, title="Shorter checkout for customers")


@pytest.fixture
def reader():
    return make.PersonFactory()


def compute() -> None:
    recompute_alignment(as_of=DAY, at=NOW)


def whys(work, reader, **options) -> dict[str, str]:
    return {each.goal.key: each.why for each in suggested_goals(work, reader, **options)}


def test_each_suggestion_says_why(strategy, team, work, reader):
    top = make.GoalFactory(key="top", title="Margin", strategy=strategy)
    served = make.GoalFactory(key="served", title="Sales", parent=top)
    mission = make.GoalFactory(key="mission", title="Trust", parent=top)
    make.GoalFactory(key="worded", title="Customers finish the checkout", parent=top)
    make.GoalFactory(key="other", title="Other things", parent=top)
    for status in (InitiativeStatus.ACTIVE, InitiativeStatus.PROPOSED, InitiativeStatus.DONE):
        make.LinkFactory(goal=served, initiative__team=team, initiative__status=status)
    make.LinkFactory(goal=mission, initiative__team=team)
    make.MissionGoalFactory(team=team, goal=mission)
    compute()

    assert whys(work, reader) == {
        "mission": "1 other initiative of Search serves it · the team’s mission serves it",
        "worded": "Similar words",
        "served": "2 other initiatives of Search serve it",
        "top": "A top goal of the company",
    }


def test_order_is_by_what_speaks_for_a_goal(strategy, team, work, reader):
    top = make.GoalFactory(key="top", title="Margin", strategy=strategy)
    often = make.GoalFactory(key="often", title="Sales", parent=top)
    once = make.GoalFactory(key="once", title="Trust", parent=top)
    make.LinkFactory(goal=once, initiative__team=team)
    for _each in range(4):
        make.LinkFactory(goal=often, initiative__team=team)
    compute()

    assert list(whys(work, reader)) == ["often", "once", "top"]
    assert list(whys(work, reader, limit=1)) == ["often"]


def test_goals_that_count_come_first_and_only_live_ones(strategy, team, work, reader):
    island = make.GoalFactory(key="island", title="Shorter checkout for customers", team=team)
    make.GoalFactory(key="top", title="Margin", strategy=strategy)
    closed = make.GoalFactory(key="closed", title="Shorter checkout", strategy=strategy, status=GoalStatus.MISSED)
    make.LinkFactory(goal=closed, initiative__team=team)
    make.LinkFactory(goal=island, initiative__team=team)
    compute()

    suggested = suggested_goals(work, reader)

    assert [(each.goal.key, each.reason) for each in suggested] == [("top", ""), ("island", "team_root")]


def test_linked_and_hidden_goals_are_left_out(strategy, team, work, reader):
    linked = make.GoalFactory(key="linked", title="Checkout", strategy=strategy)
    hidden = make.GoalFactory(key="hidden", title="Checkout", strategy=strategy, visibility=Visibility.LEADERS)
    make.LinkFactory(initiative=work, goal=linked)
    for goal in (linked, hidden):
        make.LinkFactory(goal=goal, initiative__team=team)
    compute()

    assert whys(work, reader) == {}
    assert list(whys(work, make.LeaderFactory())) == ["hidden"]
    assert [each.goal.key for each in found_goals(work, reader, "check")] == []


@pytest.mark.parametrize("title", ["a b c", "über % _ \\", "the new work", "«»", "x" * 200])
def test_any_title_can_be_looked_for(strategy, team, reader, title):
    make.GoalFactory(key="top", strategy=strategy)
    compute()

    assert list(whys(make.InitiativeFactory(team=team, title=title, problem="%s {} ' \""), reader)) == ["top"]


def test_suggestions_take_two_queries(strategy, team, work, reader, django_assert_num_queries):
    make.LinkFactory(goal=make.GoalFactory(strategy=strategy), initiative__team=team)
    compute()
    with django_assert_num_queries(2):
        suggested_goals(work, reader)


def test_own_work_is_what_one_may_link(team, reader):
    goal, below = make.GoalFactory(), make.TeamFactory(parent=team)
    make.MembershipFactory(team=team, person=reader, role=TeamRole.LEAD)
    member_of = make.MembershipFactory(person=reader).team
    own = make.InitiativeFactory(owner=reader, title="Own")
    mine = {make.InitiativeFactory(team=each, title="Team's").pk for each in (team, below, member_of)} | {own.pk}
    make.InitiativeFactory(team=team, status=InitiativeStatus.DONE)
    make.LinkFactory(initiative=make.InitiativeFactory(owner=reader), goal=goal)
    foreign = make.InitiativeFactory(title="Own of others")
    compute()

    assert {row.pk for row in own_work(goal, reader)} == mine
    assert own_work(goal, reader, words="own") == [own]
    assert {row.pk for row in own_work(goal, make.LeaderFactory(), words="own")} == {own.pk, foreign.pk}
    assert own_work(goal, make.LeaderFactory()) == []


def test_much_work_for_a_goal_does_not_drown_the_mission(strategy, team, work, reader):
    """Of three that serve one goal: 3 ÷ 5; the mission and one that serves the other: ½ + 1 ÷ 3."""
    crowded, meant = (make.GoalFactory(strategy=strategy, title=title) for title in ("Alpha", "Beta"))
    for goal, count in ((crowded, 3), (meant, 1)):
        for _number in range(count):
            make.LinkFactory(initiative=make.InitiativeFactory(team=team), goal=goal)
    make.MissionGoalFactory(team=team, goal=meant)
    compute()

    assert [each.goal.title for each in suggested_goals(work, reader)] == ["Beta", "Alpha"]
