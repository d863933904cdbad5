"""A leader archives a team with work in it and restores it; an administrator expects something else of a stance, and
sees whose flags would change. With and without scripts.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from teams.models import Initiative, StanceRange, Team
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    build_firm()
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def archive_and_restore(page: Page, address: str) -> None:
    page.goto(f"{address}/teams/search/")
    page.get_by_role("link", name="Archive it").click()
    page.get_by_label("What becomes of Loose").select_option("dropped")
    page.get_by_role("button", name="Archive Search").click()
    expect(page.get_by_text("Say what becomes of “Faster”").first).to_be_visible()
    expect(page.get_by_label("What becomes of Loose")).to_have_value("dropped")

    page.get_by_label("What becomes of its work").select_option("to:product")
    page.get_by_label("Why, if something is dropped").fill("Nobody used it.")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    page.get_by_role("button", name="Archive Search").click()
    expect(page.get_by_text("2 initiatives went to other teams. 1 initiative is dropped.")).to_be_visible()
    expect(page.get_by_text("This team is archived since")).to_be_visible()
    assert {work.team.key for work in Initiative.objects.filter(key__in=("faster", "lost"))} == {"product"}

    page.goto(f"{address}/teams/")
    expect(page.get_by_role("link", name="Search", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Archived teams").click()
    page.get_by_role("button", name="Restore Search").click()
    expect(page.get_by_text("Search is back")).to_be_visible()
    assert Team.objects.get(key="search").archived_on is None


def expect_less(page: Page, address: str) -> None:
    page.goto(f"{address}/settings/company/")
    page.get_by_role("link", name="Change what is expected of a team: Core").click()
    page.get_by_label("Coverage, at least, in %").fill("50")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_text("2 flags of teams would come or go")).to_be_visible()
    assert StanceRange.objects.get(stance="core").version == 1
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("What is expected of a team is saved: Core.")).to_be_visible()
    assert str(StanceRange.objects.get(stance="core").coverage_floor) == "0.500000"


def test_team_with_work_is_archived_and_restored(administrator, live_server):
    archive_and_restore(administrator, live_server.url)


def test_team_is_archived_and_restored_without_scripts_on_a_phone(plain, live_server):
    archive_and_restore(plain, live_server.url)


def test_stance_is_changed_with_its_effect(administrator, live_server):
    expect_less(administrator, live_server.url)


def test_stance_is_changed_without_scripts_on_a_phone(plain, live_server):
    expect_less(plain, live_server.url)


def test_pages_have_nothing_that_axe_finds(administrator, live_server, accessible):
    make.TeamFactory(key="gone", name="Gone", archived_on="2026-03-01")
    paths = ("teams/search/archival/", "archived-teams/", "teams/gone/", "settings/company/", "settings/stances/core/")
    accessible(*(f"{live_server.url}/{path}" for path in paths))
