"""A leader writes the goals of a strategy as a tree: with the keyboard, by dragging, and without scripts on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal
from tests import factories as make
from tests.e2e.axe import problems

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(live_server) -> str:
    """The address of the page: Alpha with Beta below it, and Gamma, which is published."""
    strategy = make.StrategyFactory(key="plan", title="The plan")
    alpha = make.GoalFactory(key="alpha", title="Alpha", strategy=strategy, status="draft", weight=2)
    make.GoalFactory(key="beta", title="Beta", parent=alpha, status="draft")
    make.GoalFactory(key="gamma", title="Gamma", strategy=strategy)
    return f"{live_server.url}/strategies/plan/goals/"


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def saved() -> list[tuple[str, str]]:
    """Titles, each with that of the goal above."""
    return [(goal.parent.title if goal.parent else "", goal.title) for goal in Goal.objects.select_related("parent")]


def test_tree_is_written_with_the_keyboard_and_by_dragging(administrator, plan):
    page = administrator
    page.goto(plan)
    assert [*problems(page)] == []

    page.get_by_label("Title of “Beta”").focus()
    page.keyboard.press("End")
    page.keyboard.type(" with more")
    page.get_by_role("button", name="Out Beta").press("Enter")
    expect(page.get_by_role("button", name="Out Beta with more")).to_be_focused()
    handles = page.locator("[data-handle]")
    handles.nth(1).drag_to(page.get_by_label("Title of “Alpha”"), target_position={"x": 9, "y": 2})
    expect(page.get_by_label("Title of “Beta”")).to_be_focused()

    page.get_by_role("button", name="Add below Gamma").press("Enter")
    expect(page.get_by_label("Title of a new goal").first).to_be_focused()
    page.keyboard.type("Delta")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved: 1 goal added, 1 goal changed.")).to_be_visible()
    assert {*saved()} == {("", "Alpha"), ("", "Beta with more"), ("", "Gamma"), ("Gamma", "Delta")}
    assert Goal.objects.get(title="Beta with more").position == 1


def test_tree_is_written_without_scripts_on_a_phone(plain, plan):
    plain.goto(plan)
    plain.get_by_label("Title of a new goal").fill("Delta")
    plain.get_by_role("button", name="In New goal 1").click()
    plain.get_by_label("Remove Beta").check()
    plain.get_by_role("button", name="Save the goals").last.click()

    expect(plain.get_by_text("Saved: 1 goal added, 1 goal removed.")).to_be_visible()
    assert ("Gamma", "Delta") in saved() or ("Alpha", "Delta") in saved()
