"""An administrator puts the goals of a strategy in order: with the keyboard, by dragging, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal
from tests import factories as make
from tests.e2e.axe import problems

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(live_server) -> str:
    """The address of the page, whose goals stand as Alpha, Beta, Gamma."""
    strategy = make.StrategyFactory(key="plan", title="The plan")
    for title in ("Alpha", "Beta", "Gamma"):
        make.GoalFactory(key=title.lower(), title=title, strategy=strategy)
    return f"{live_server.url}/strategies/plan/order/"


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def order(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".order__title").all_text_contents()]


def saved() -> list[str]:
    return [*Goal.objects.order_by("position").values_list("title", flat=True)]


def test_goals_are_ordered_with_the_keyboard_and_by_dragging(administrator, plan):
    page = administrator
    page.goto(plan)
    assert [*problems(page)] == []

    up = page.get_by_role("button", name="Up Gamma")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    assert order(page) == ["Alpha", "Gamma", "Beta"]
    expect(page.locator("#announcer")).to_have_text("Gamma: place 2 of 3")

    rows = page.locator(".order__title")
    rows.filter(has_text="Beta").drag_to(rows.filter(has_text="Alpha"), target_position={"x": 9, "y": 2})
    assert order(page) == ["Beta", "Alpha", "Gamma"]
    page.get_by_role("button", name="Save this order").click()
    expect(page.get_by_text("They stand in this order now.")).to_be_visible()
    assert saved() == ["Beta", "Alpha", "Gamma"]


def test_goals_are_ordered_without_scripts_on_a_phone(plain, plan):
    plain.goto(plan)
    plain.get_by_role("button", name="Up Gamma").click()
    plain.get_by_role("button", name="Up Gamma").click()
    assert order(plain) == ["Gamma", "Alpha", "Beta"]
    plain.get_by_role("button", name="Save this order").click()
    expect(plain.get_by_text("They stand in this order now.")).to_be_visible()
    assert saved() == ["Gamma", "Alpha", "Beta"]
