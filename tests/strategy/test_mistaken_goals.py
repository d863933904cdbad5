"""A team's active goal that was a mistake is removed while nobody but its maker had to do with it."""

from __future__ import annotations

import pytest

from lib.services.errors import RefusedError
from strategy.enums import GoalStatus
from strategy.models import Goal
from strategy.services.goals import create_goal, edit_goal, remove_goal
from teams.models import Person, Team
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, message_of, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make.TeamFactory(key="crew")


@pytest.fixture
def lead(team) -> Person:
    return make.MembershipFactory(team=team, role="lead").person


@pytest.fixture
def goal(team, lead) -> Goal:
    return create_goal(actor=lead, at=NOW, title="A mistake", team=team, active=True)


def refused(goal: Goal, actor: Person, match: str) -> None:
    with pytest.raises(RefusedError, match=match):
        remove_goal(goal, actor=actor, at=NOW, version=goal.version)
    assert Goal.objects.filter(pk=goal.pk).exists()


def test_own_active_goal_is_removed(goal, lead):
    assert goal.status == GoalStatus.ACTIVE
    remove_goal(goal, actor=lead, at=NOW, version=goal.version)
    assert not Goal.objects.exists()


def test_goal_that_others_touched_stays(goal, lead):
    row = edit_goal(goal, actor=make.LeaderFactory(), at=NOW, version=goal.version, weight=2)
    refused(row, lead, "Others have had to do with “A mistake”")


def test_goal_that_a_mission_serves_stays(goal, lead):
    make.MissionGoalFactory(goal=goal)
    refused(goal, lead, "a mission serves it")


def test_goal_with_links_or_goals_below_stays(goal, lead):
    link = make.LinkFactory(goal=goal)
    refused(goal, lead, "Work is linked to “A mistake”")
    link.delete()
    make.GoalFactory(parent=goal, team=goal.team)
    refused(goal, lead, "There are goals below “A mistake”")


def test_imported_goal_and_one_of_the_company_stay(team, lead):
    refused(make.GoalFactory(team=team), lead, "was imported")
    goal = make.GoalFactory(strategy=make.StrategyFactory())
    refused(goal, make.LeaderFactory(), "Only drafts are removed")


def test_closed_goal_stays(goal, lead):
    Goal.objects.filter(pk=goal.pk).update(status=GoalStatus.MISSED)
    goal.refresh_from_db()
    refused(goal, lead, "Only drafts are removed")


def test_page_leads_from_closing_to_removing(goal, lead, client):
    client.force_login(lead)
    assert "It was written down by mistake: remove it" in page_text(client.get("/goals/a-mistake/closure/"))
    address = "/goals/a-mistake/removal/"
    page = client.post(address, fields_of(form_to(client.get(address), "")), follow=True)
    assert message_of(page) == "The goal “A mistake” is removed."
