"""A lead writes for the team, in a browser, with scripts and without."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Goal
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LEADS = ("edit/", "mission/", "stance/", "personas/", "members/")
PAGES = (
    "/teams/",
    "/teams/search/",
    *(f"/teams/search/{page}" for page in (*LEADS, "position/", "removal/")),
    *("/teams/new/", "/teams/quiet/removal/", "/teams/quiet/members/"),
    *("/personas/", "/personas/new/", "/personas/shoppers/edit/", "/personas/shoppers/removal/"),
)


@pytest.fixture
def firm(live_server):
    firm = build_firm()
    make.TeamPersonaFactory(team=firm.search, persona__key="shoppers", persona__problem="They look.")
    make.MissionGoalFactory(team=firm.search, goal=firm.secret)
    make.MembershipFactory(team=firm.search, person=firm.member)
    return firm


@pytest.fixture
def lead(firm):
    return make.MembershipFactory(team=firm.product, role="lead", person__name="Lea Lead").person


def test_pages_have_nothing_that_axe_finds(firm, live_server, sign_in, accessible):
    sign_in(firm.leader)
    accessible(*(live_server.url + path for path in PAGES))


def _write_for_the_team(page: Page, server: str) -> None:
    """What a lead does: the mission with a goal that has to be looked for, then the stance."""
    page.goto(f"{server}/teams/search/")
    page.get_by_role("link", name="Say what it is for").click()
    page.get_by_label("Mission").fill("People find things.")
    page.get_by_label("Find another goal").fill("some day")
    page.get_by_label("Find another goal").press("Enter")
    expect(page.get_by_text("1 goal found for “some day”")).to_be_visible()
    page.get_by_label("Growth").check()
    page.get_by_label("Some day").check()
    page.get_by_role("button", name="Save the mission").click()
    expect(page.get_by_role("status").first).to_contain_text("The mission of Search is saved.")
    expect(page.get_by_role("complementary")).to_contain_text("a confidential goal")

    page.get_by_role("link", name="Change the stance").click()
    page.get_by_label("In the spotlight").check()
    page.get_by_label("Because").fill("The fair is in spring.")
    page.get_by_label("Until").fill("2020-01-01")
    page.get_by_role("button", name="Save the stance").click()
    expect(page.get_by_text("Give a day after today")).to_be_visible()
    page.get_by_label("Until").fill((dt.datetime.now(dt.UTC).date() + dt.timedelta(days=40)).isoformat())
    page.get_by_role("button", name="Save the stance").click()
    expect(page.get_by_role("complementary")).to_contain_text("The fair is in spring.")


def test_lead_changes_mission_and_stance_and_thinks_better_of_it(page, firm, lead, live_server, sign_in):
    Goal.objects.filter(pk=firm.draft.pk).update(owner=lead)
    sign_in(lead)
    _write_for_the_team(page, live_server.url)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").first).to_contain_text("Undone.")
    expect(page.get_by_role("complementary")).not_to_contain_text("The fair is in spring.")


def test_lead_writes_without_scripts(page, firm, lead, live_server, sign_in, browser):
    Goal.objects.filter(pk=firm.draft.pk).update(owner=lead)
    sign_in(lead)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    _write_for_the_team(plain, live_server.url)

    plain.get_by_role("link", name="Change who is on the team").click()
    plain.get_by_label("Person", exact=True).fill("Leo")
    plain.get_by_role("button", name="Add them").click()
    expect(plain.get_by_role("rowheader")).to_have_text(["Leo Leader", "Mia Member"])
    plain.get_by_role("button", name="Remove Mia Member").click()
    expect(plain.get_by_role("rowheader")).to_have_text(["Leo Leader"])
    plain.get_by_role("button", name="Undo").click()
    expect(plain.get_by_role("rowheader")).to_have_text(["Leo Leader", "Mia Member"])
    context.close()


def test_member_sees_no_way_to_write_for_the_team(page, firm, live_server, sign_in):
    sign_in(firm.member)
    page.goto(f"{live_server.url}/teams/search/")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()

    for address in LEADS:
        expect(page.locator(f'a[href^="/teams/search/{address}"]')).to_have_count(0)
        response = page.request.get(f"{live_server.url}/teams/search/{address}")
        assert response.status == 403


def test_leader_makes_a_team_and_moves_it(page, firm, live_server, sign_in):
    sign_in(firm.leader)
    page.goto(f"{live_server.url}/teams/search/")
    page.get_by_role("link", name="Add a sub-team").click()
    page.get_by_label("Name").fill("Ranking")
    page.get_by_label("Name").press("Enter")
    expect(page).to_have_url(re.compile(r"/teams/ranking/$"))

    page.get_by_role("link", name="Move it", exact=True).click()
    page.get_by_label("Below").select_option("Ops")
    page.get_by_role("button", name="Move it").click()

    expect(page.get_by_role("status").first).to_contain_text("Ranking is below Ops now")
    expect(page.get_by_role("navigation", name="Where this is")).to_contain_text("Ops")
