"""Goals of the same title, told apart by where they hang."""

from __future__ import annotations

import pytest
from django.test import Client

from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal
from strategy.selectors.whereabouts import told_apart, whereabouts
from teams.enums import Role
from teams.models import Team
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def goals(nothing) -> dict[str, Goal]:
    first, second = (make.StrategyFactory(title=f"Plan {letter}", status=StrategyStatus.PUBLISHED) for letter in "AB")
    active = {"status": GoalStatus.ACTIVE}
    one = make.GoalFactory(key="one", title="Grow revenue", strategy=first, **active)
    return {
        "one": one,
        "two": make.GoalFactory(key="two", title="Grow Revenue", strategy=second, **active),
        "below": make.GoalFactory(key="below", title="Grow revenue", parent=one, **active),
        "own": make.GoalFactory(key="own", title="Grow revenue", team=make.TeamFactory(name="Sales"), **active),
        "other": make.GoalFactory(key="other", title="Something else", strategy=first, **active),
    }


def test_goal_is_told_by_its_strategy_or_team_and_what_is_above_it(goals, django_assert_num_queries):
    leader = make.PersonFactory(role=Role.LEADER)
    with django_assert_num_queries(1):
        places = whereabouts(goals.values(), leader)

    assert {key: places[goal.pk] for key, goal in goals.items()} == {
        "one": "Plan A",
        "two": "Plan B",
        "below": "Plan A / Grow revenue",
        "own": "Sales",
        "other": "Plan A",
    }


def test_only_namesakes_have_it_with_their_title(goals):
    names = told_apart(goals.values(), make.PersonFactory(role=Role.LEADER))

    assert {key: names[goal.pk] for key, goal in goals.items()} == {
        "one": "Grow revenue (Plan A)",
        "two": "Grow Revenue (Plan B)",
        "below": "Grow revenue (Plan A / Grow revenue)",
        "own": "Grow revenue (Sales)",
        "other": "Something else",
    }


def test_key_tells_those_of_one_place(goals):
    goals["third"] = make.GoalFactory(key="third", title="grow revenue", strategy=goals["one"].strategy)
    places = whereabouts(goals.values(), make.PersonFactory(role=Role.LEADER))

    assert [places[goals[key].pk] for key in ("one", "third", "other")] == ["Plan A, one", "Plan A, third", "Plan A"]


def test_what_the_reader_may_not_see_is_not_named(goals):
    member = make.PersonFactory()
    Goal.objects.filter(key="one").update(visibility=Visibility.LEADERS)
    Goal.objects.filter(key="below").update(owner=member)

    assert whereabouts([Goal.objects.get(key="below")], member) == {goals["below"].pk: "a confidential goal"}


def test_namesakes_are_told_apart_where_one_is_picked(goals):
    member = make.PersonFactory()
    team = make.MembershipFactory(person=member).team
    work = make.InitiativeFactory(team=team, key="work")
    client = Client()
    client.force_login(member)

    choices = dict(client.get(f"/initiatives/{work.key}/links/new/?q=grow").context["form"].fields["goal"].choices)
    assert {key: label.hint.partition(" · ")[0] for key, label in choices.items()} == {
        "one": "in Plan A",
        "two": "in Plan B",
        "below": "in Plan A / Grow revenue",
        "own": "in Sales",
    }
    filters = dict(client.get("/initiatives/").context["form"].fields["goal"].choices)
    assert (filters["one"], filters["two"]) == ("Grow revenue (Plan A)", "Grow Revenue (Plan B)")


def test_work_is_told_apart_where_it_is_picked(goals):
    member = make.PersonFactory()
    for team in (make.TeamFactory(name="Sales"), make.TeamFactory(name="Product")):
        make.MembershipFactory(person=member, team=team)
        make.InitiativeFactory(team=team, key=f"{team.name.lower()}-work", title="Work")
    make.InitiativeFactory(team=team, key="more-work", title="Work")
    client = Client()
    client.force_login(member)

    choices = dict(client.get("/goals/one/links/new/").context["form"].fields["initiative"].choices)
    assert {key: label.hint for key, label in choices.items()} == {
        "sales-work": "Sales",
        "product-work": "Product, product-work",
        "more-work": "Product, more-work",
    }


def test_teams_are_told_apart_by_their_parent(nothing):
    for key in ("one", "two"):
        make.TeamFactory(key=f"the-{key}", name="Support")
    for name in ("Sales", "Product"):
        make.TeamFactory(key=f"{name.lower()}-platform", name="Platform", parent=make.TeamFactory(name=name))
    client = Client()
    client.force_login(make.PersonFactory())

    choices = dict(client.get("/initiatives/").context["form"].fields["team"].choices)
    assert choices["sales-platform"].strip() == "Platform (Sales)"
    assert choices["product-platform"].strip() == "Platform (Product)"
    assert (choices["the-one"], choices["the-two"]) == ("Support (the-one)", "Support (the-two)")


def test_choices_of_one_name_and_place_are_told_apart_by_their_keys(goals):
    leader = make.PersonFactory(role=Role.LEADER)
    for key in ("first", "second"):
        make.GoalFactory(key=key, title="Twin", parent=goals["other"], status=GoalStatus.ACTIVE)
        make.TeamFactory(key=key, name="Twins", parent=Team.objects.get(name="Sales"))
    client = Client()
    client.force_login(leader)

    below = dict(client.get("/teams/first/goals/new/").context["form"].fields["below"].choices)
    assert dict(below["Plan A"]) == {
        "one": "Grow revenue",
        "below": "– Grow revenue",
        "other": "Something else",
        "first": "– Twin (first)",
        "second": "– Twin (second)",
    }
    parents = dict(client.get("/teams/new/").context["form"].fields["parent"].choices)
    assert [parents[key] for key in ("first", "second")] == ["Sales / Twins (first)", "Sales / Twins (second)"]
