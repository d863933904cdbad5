"""A lead clears what waits for them in a browser, with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.digest.reading import lead_of
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    return build_firm()


def test_lead_goes_through_the_list_by_keyboard(firm, live_server, sign_in, accessible, page: Page):
    sign_in(lead_of(firm.search))
    accessible(f"{live_server.url}/waiting/")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.reload()
    entries = page.locator("[data-asks] > li")
    expect(entries).to_have_count(3)

    page.get_by_text("Keys").focus()
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_text("Keys")  # keys are the list's only while the focus is in it
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    expect(entries.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(entries.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_text("goes to its answers")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("link", name="Look at its work")).to_be_focused()

    page.keyboard.press("j")
    snoozed = entries.nth(1).get_attribute("id")
    page.keyboard.press("s")
    page.get_by_label("Why it can wait").fill("Next quarter.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Snoozed until")).to_be_visible()
    expect(entries).to_have_count(2)
    expect(entries.nth(1)).to_be_focused()
    assert snoozed not in [entry.get_attribute("id") for entry in entries.all()]

    page.get_by_role("button", name="Undo").click()
    expect(entries).to_have_count(3)
    page.get_by_role("link", name="Lost").first.focus()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
