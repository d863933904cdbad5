"""Home, strategies and goals in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal
from strategy.services.goals import edit_goal
from teams.models import Initiative
from tests import factories as make
from tests.strategy.conftest import Company, build_company
from tests.strategy.editions import begin_editions

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(live_server) -> Company:
    return build_company()


@pytest.fixture
def person(company, sign_in):
    member = make.PersonFactory()
    make.MembershipFactory(team=company.team, person=member)
    Initiative.objects.filter(key__in=["both", "loose"]).update(owner=member)
    sign_in(member)
    return member


def test_pages_have_nothing_that_axe_finds(person, live_server, accessible):
    pages = ("/strategy/", "/strategies/plan/", "/goals/growth/", "/goals/silence/", "/goals/own/")
    accessible(*(live_server.url + path for path in pages))


def test_editions_have_nothing_that_axe_finds(company, person, live_server, accessible):
    begin_editions()
    by: dict[str, Any] = {"actor": make.LeaderFactory(), "at": make.NOW}
    edits: dict[str, dict[str, Any]] = {
        "growth": {"why": "It was **so**.\n\n- one\n- two"},
        "silence": {"kind": "aspirational"},
    }
    for key, values in edits.items():
        row = Goal.objects.get(key=key)
        edit_goal(row, version=row.version, meaning_changed=False, because="We know *more*.", **values, **by)
    pages = ("/editions/", "/editions/3/", "/editions/3/changes/?from=1", "/editions/1/changes/")
    accessible(*(f"{live_server.url}/strategies/plan{path}" for path in pages), f"{live_server.url}/goals/growth/")


def test_empty_home_has_nothing_that_axe_finds(live_server, sign_in, accessible):
    sign_in(make.AdminFactory())

    accessible(live_server.url)


def test_reader_goes_from_home_to_a_goal_and_up_to_its_strategy(person, live_server, page: Page):
    page.goto(live_server.url)
    page.get_by_role("link", name="Retention").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retention")

    page.get_by_label("Where this is").get_by_role("link", name="The plan").click()
    expect(page).to_have_url(re.compile(r"/strategies/plan/$"))


def test_figure_opens_to_its_formula_and_leads_to_its_rows(person, live_server, page: Page):
    page.goto(f"{live_server.url}/goals/growth/")
    effort = page.get_by_role("group", name="Effort", exact=True)
    expect(effort.get_by_text("6 person-weeks from 3 initiatives")).to_be_hidden()

    effort.get_by_text("How is this computed").click()
    expect(effort.get_by_text("6 person-weeks from 3 initiatives")).to_be_visible()
    expect(effort.get_by_role("link", name="The work behind it")).to_have_attribute("href", "/initiatives/?goal=growth")


def test_list_of_a_goal_turns_its_page_in_place(person, company, live_server, page: Page):
    for number in range(30):
        make.GoalFactory(parent=company.growth, title=f"Part {number:02}")
    page.goto(f"{live_server.url}/goals/growth/")
    expect(page.get_by_role("link", name="Part 29")).to_have_count(0)

    page.locator("#goals-below").get_by_role("link", name="Show the next ones").click()
    expect(page.get_by_role("link", name="Part 29")).to_be_visible()
    expect(page.get_by_role("link", name="Both")).to_be_visible()
