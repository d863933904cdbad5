"""Two leaders amend a strategy together, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal
from tests import factories as make
from tests.e2e.test_editing_strategy import follow, press
from tests.strategy.conftest import build_company
from tests.strategy.editions import begin_editions

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_two_leaders_amend_a_strategy(page: Page, live_server, sign_in, accessible):
    build_company()
    begin_editions()
    lea, leo = make.LeaderFactory(name="Lea Leader"), make.LeaderFactory(name="Leo Leader")
    address = live_server.url

    sign_in(lea)
    page.goto(f"{address}/strategies/plan/")
    follow(page, "Begin an amendment")
    press(page, "Begin an amendment")
    plan_title(page, f"{address}/goals/growth/edit/", "Larger")
    expect(page.get_by_role("status").first).to_contain_text("It is in the amendment, and not published yet.")

    sign_in(leo)
    page.goto(f"{address}/goals/quality/closure/")
    page.get_by_role("radio", name="Dropped").check()
    page.get_by_label("Why").fill("Nobody works on it.")
    press(page, "Add to the amendment")
    page.goto(f"{address}/goals/growth/edit/")
    page.get_by_label("Goal", exact=True).fill("Smaller")
    page.get_by_role("radio", name="No It is said better").check()
    page.get_by_label("What changed, and why").fill("We do not grow.")
    press(page, "Publish now")

    sign_in(lea)
    accessible(f"{address}/strategies/plan/amendment/")
    expect(page.get_by_text("1 edit below waits for a decision.")).to_be_visible()
    page.get_by_role("button", name="Keep what is planned").click()
    page.get_by_label("What changes, and why").fill("We grow, and leave quality to the teams.")
    press(page, "See what it would do")
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    assert Goal.objects.get(key="quality").status == "active"
    press(page, "Publish the amendment")
    expect(page.get_by_role("status").first).to_contain_text("The amendment is published")

    page.goto(f"{address}/strategies/plan/editions/3/changes/")
    expect(page.get_by_text("We grow, and leave quality to the teams.")).to_be_visible()
    expect(page.get_by_text("It was closed: dropped.")).to_be_visible()
    assert Goal.objects.get(key="growth").title == "Larger"


def plan_title(page: Page, address: str, title: str) -> None:
    page.goto(address)
    page.get_by_label("Goal", exact=True).fill(title)
    press(page, "Add to the amendment")
