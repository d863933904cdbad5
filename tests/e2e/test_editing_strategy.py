"""A leader writes a strategy, publishes it, and keeps its goals, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal, Strategy
from tests import factories as make
from tests.strategy.conftest import Company, build_company, compute

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(live_server) -> Company:
    return build_company()


@pytest.fixture
def leader(company, sign_in):
    person = make.LeaderFactory(name="Lea Leader")
    sign_in(person)
    return person


@pytest.fixture
def draft(company):
    strategy = make.StrategyFactory(key="next", title="Next year", status="draft")
    make.GoalFactory(key="reach", title="Reach", strategy=strategy, status="draft")
    compute()
    return strategy


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def add_goal(page: Page, title: str) -> None:
    page.get_by_label("Goal", exact=True).fill(title)
    page.get_by_label("Why").fill("Because customers ask for it.")
    press(page, "Add the goal")
    expect(page.get_by_role("status").first).to_contain_text("The goal is there as a draft.")


def write_and_publish(page: Page, address: str) -> None:
    """From the list of strategies to a published one with two goals, once taken back."""
    page.goto(f"{address}/strategy/")
    follow(page, "Write a strategy")
    page.get_by_label("Title").fill("The year after")
    page.get_by_label("Narrative").fill("Fewer things, *better*.")
    press(page, "Save the draft")
    follow(page, "Add a goal")
    add_goal(page, "Trust")
    page.get_by_label("Where this is").get_by_role("link", name="The year after").click()
    follow(page, "Add a goal")
    add_goal(page, "Speed")
    page.get_by_label("Where this is").get_by_role("link", name="The year after").click()

    follow(page, "Publish it")
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("2 goals would be without work")
    press(page, "Publish it")
    expect(page.get_by_role("main")).to_contain_text("“The year after” is published.")
    follow(page, "Take back")
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    page.get_by_label("Why it is taken back").fill("Its goals were not ready.")
    press(page, "Take it back")
    expect(page.get_by_role("main")).to_contain_text("is a draft again")
    assert set(Goal.objects.filter(key__in=["trust", "speed"]).values_list("status", flat=True)) == {"draft"}

    follow(page, "Publish it")
    page.get_by_label("What changed, and why").fill("It was too early.")
    press(page, "Publish it")
    expect(page.get_by_role("main")).to_contain_text("“The year after” is published.")
    assert set(Goal.objects.filter(key__in=["trust", "speed"]).values_list("status", flat=True)) == {"active"}


def edit_close_and_reopen(page: Page, address: str) -> None:
    page.goto(f"{address}/goals/growth/")
    follow(page, "Edit")
    page.get_by_label(re.compile("^Why")).fill("Because the market doubles.")
    page.get_by_label("What changed, and why").fill("We had not said it.")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("Say whether its meaning changed")
    page.get_by_label("Yes").check()
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("The goal is saved.")
    assert Goal.objects.get(key="growth").meaning_changed_on is not None

    follow(page, "Close")
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    page.get_by_label("Missed").check()
    page.get_by_label("Why").fill("The market did not double.")
    press(page, "Close the goal")
    expect(page.get_by_role("heading", name="Why it was closed")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("The market did not double.")
    follow(page, "Reopen")
    page.get_by_label("What changed, and why").fill("It may yet.")
    press(page, "Reopen it")
    expect(page.get_by_role("main")).to_contain_text("The goal is active again.")
    expect(page.get_by_role("region", name="How this goal came to be")).to_contain_text("It may yet.")
    assert Goal.objects.get(key="growth").status == "active"


def test_leader_writes_publishes_and_takes_back(leader, live_server, page: Page):
    write_and_publish(page, live_server.url)


def test_leader_edits_closes_and_reopens_a_goal(leader, live_server, page: Page):
    edit_close_and_reopen(page, live_server.url)


def test_stale_save_shows_both_texts(leader, live_server, page: Page):
    page.goto(f"{live_server.url}/strategies/plan/edit/")
    Strategy.objects.update(title="Theirs")
    page.get_by_label("Title").fill("Mine")
    press(page, "Save")

    both = page.get_by_role("region", name="Both texts")
    expect(both.get_by_role("row", name=re.compile("Title"))).to_contain_text("Theirs")
    expect(both.get_by_role("row", name=re.compile("Title"))).to_contain_text("Mine")
    expect(page.get_by_label("Title")).to_have_value("Mine")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine")


def test_goal_is_moved_to_a_place_that_was_looked_for(leader, live_server, page: Page):
    page.goto(f"{live_server.url}/goals/retention/")
    follow(page, "Move")
    page.get_by_label("Find a goal by its title").fill("qual")
    press(page, "Find")
    follow(page, "Quality")
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    press(page, "Move it")
    expect(page.get_by_label("Where this is")).to_contain_text("Quality")
    press(page, "Undo")
    expect(page.get_by_label("Where this is")).to_contain_text("Growth")


def test_pages_have_nothing_that_axe_finds(leader, draft, live_server, accessible):
    pages = (
        *("/strategy/", "/strategies/new/", "/strategies/plan/archive/", "/teams/one/goals/new/"),
        *(f"/strategies/next/{step}" for step in ("", "edit/", "publication/", "removal/", "goals/new/")),
        *(f"/goals/growth/{step}" for step in ("", "edit/", "closure/", "position/", "goals/new/")),
        "/goals/silence/position/?to=quality",
    )
    accessible(*(live_server.url + path for path in pages))


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_leader_writes_publishes_and_takes_back(self, leader, live_server, page: Page):
        write_and_publish(page, live_server.url)

    def test_leader_edits_closes_and_reopens_a_goal(self, leader, live_server, page: Page):
        edit_close_and_reopen(page, live_server.url)
