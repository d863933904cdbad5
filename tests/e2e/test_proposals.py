"""A proposal in a browser: from work that reaches nothing to a goal that is published, and counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alignment.models import InitiativeFigures
from alignment.refresh.recompute import recompute_alignment
from strategy.services.strategies import publish_strategy
from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server) -> tuple[Person, Person, Person]:
    """Who owns the strategy, another leader, and the lead of Search, whose work reaches nothing."""
    owner = make.LeaderFactory(name="Olga Owner", email="olga@example.com")
    leader = make.LeaderFactory(name="Lars Leader", email="lars@example.com")
    lead = make.PersonFactory(name="Lea Lead", email="lea@example.com")
    plan = make.StrategyFactory(key="plan", title="The plan", status="draft", owner=owner)
    make.GoalFactory(key="grow", title="Grow", strategy=plan, status="draft")
    publish_strategy(plan, actor=owner, at=NOW, version=plan.version)
    team = make.TeamFactory(key="search", name="Search", mission="Customers find it.")
    make.MembershipFactory(team=team, person=lead, role=TeamRole.LEAD)
    make.InitiativeFactory(key="robots", title="Robots", team=team, effort=4)
    recompute_alignment(as_of=DAY, at=NOW)
    return owner, leader, lead


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def test_orphan_becomes_a_goal_that_counts(page, people, live_server, sign_in, accessible):
    owner, leader, lead = people
    sign_in(lead)
    page.goto(f"{live_server.url}/flags/?code=orphan")
    follow(page, "Propose a goal")
    press(page, "Propose it")
    expect(page.get_by_text("Say in a line what will be so.")).to_be_visible()
    page.get_by_label("Goal", exact=True).fill("Customers find what they look for")
    page.get_by_role("textbox", name="Why the company should want it").fill("Half of them leave without a result.")
    page.get_by_label("How this work moves it").fill("Robots find what they cannot name.")
    page.get_by_label("Where it would hang").select_option(label="– Grow")
    press(page, "Propose it")
    expect(page.get_by_role("status").first).to_contain_text("Your proposal is with Olga Owner.")
    thread = page.url
    accessible(thread, f"{live_server.url}/proposals/new/", f"{live_server.url}/initiatives/robots/proposal/")

    sign_in(owner)
    page.goto(f"{live_server.url}/waiting/")
    expect(page.get_by_role("main")).to_contain_text("4 person-weeks of work behind it")
    follow(page, "Read and answer")
    follow(page, "Accept it")
    accessible(page.url)
    press(page, "Accept it")
    expect(page.get_by_role("status").first).to_contain_text("It is in the amendment as a draft")

    sign_in(lead)
    page.goto(f"{live_server.url}/initiatives/robots/")
    expect(page.get_by_role("main")).to_contain_text("accepted: it counts once the goal is published")

    sign_in(leader)
    page.goto(f"{live_server.url}/strategies/plan/amendment/")
    page.get_by_label("What changes, and why").fill("Search saw it.")
    press(page, "See what it would do")
    expect(page.get_by_role("main")).to_contain_text("Coverage of the company rises by 100.0 points")
    press(page, "Publish the amendment")
    expect(page.get_by_role("status").first).to_contain_text("The amendment is published")

    sign_in(lead)
    page.goto(thread)
    expect(page.get_by_role("main")).to_contain_text("It is published as the goal “Customers find what they look for”")
    assert InitiativeFigures.objects.get(initiative__key="robots").aligned == 4.0
