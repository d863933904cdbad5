"""Teams, initiatives and flags in a browser, at the width of a desk and of a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/teams/",
    "/teams/?q=sear",
    "/teams/product/",
    "/teams/search/",
    "/initiatives/",
    "/initiatives/?q=nothing+like+it",
    "/initiatives/faster/",
    "/initiatives/lost/",
    "/initiatives/hush/",
    "/flags/",
    "/flags/?code=disconnected",
    "/flags/?code=unsized",
)


@pytest.fixture
def reader(page: Page, live_server, sign_in) -> Page:
    sign_in(build_firm().member)
    return page


def test_pages_have_nothing_that_axe_finds(reader, live_server, accessible):
    accessible(*(live_server.url + path for path in PAGES))


def test_figure_opens_to_its_formula_and_the_work_behind_it(reader, live_server):
    reader.goto(f"{live_server.url}/teams/search/")
    coverage = reader.get_by_role("group", name="Coverage", exact=True)
    coverage.get_by_text("How is this computed").click()
    expect(coverage).to_contain_text(re.compile(r"4 ÷ 8 = 50\.0\s%"))

    coverage.get_by_role("link", name="The work that reaches a published strategy").click()

    expect(reader.get_by_role("rowheader")).to_have_text([re.compile("Faster")])


def test_filter_answers_as_one_types_and_can_be_taken_off(reader, live_server):
    reader.goto(f"{live_server.url}/initiatives/")
    reader.get_by_label("Find by title").press_sequentially("lo")
    expect(reader.locator("#results")).to_contain_text("3 initiatives")
    expect(reader).to_have_url(re.compile(r"\?q=lo$"))

    reader.get_by_role("link", name="Remove the filter “lo”").click()

    expect(reader.locator("#results")).to_contain_text("7 initiatives")


def test_filter_and_order_work_without_scripts(reader, live_server, browser):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(reader.context.cookies())
    page = context.new_page()
    page.goto(f"{live_server.url}/initiatives/")
    page.get_by_label("Team").select_option("search")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Weeks").click()

    expect(page.get_by_role("rowheader")).to_contain_text(["Loose", "Lost", "Faster"])
    context.close()


def test_flag_leads_to_the_work_it_asks_about(reader, live_server):
    reader.goto(f"{live_server.url}/flags/")
    reader.get_by_role("link", name="Linked, and reaches nothing", exact=True).click()
    reader.get_by_role("link", name="Lost", exact=True).click()

    expect(reader.get_by_text("This link does not count.")).to_be_visible()


def test_tree_opens_by_keyboard(reader, live_server):
    reader.goto(f"{live_server.url}/teams/")
    summary = reader.locator("summary", has_text="below Product")
    for _press in range(2):
        before = reader.locator(".tree details").evaluate("details => details.open")
        summary.focus()
        reader.keyboard.press("Enter")
        assert reader.locator(".tree details").evaluate("details => details.open") is not before
