"""Long text in a browser: formatted, looked at, left unsaved and gone on with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import SentForm
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from tests import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server, sign_in):
    make.StrategyFactory(key="plan", title="The plan", narrative="As it was.", status=StrategyStatus.DRAFT)
    sign_in(make.LeaderFactory(name="Lea Leader"))
    return f"{live_server.url}/strategies/plan/edit/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_text_is_formatted_looked_at_left_and_gone_on_with(page, address, accessible):
    page.goto(address)
    narrative = page.get_by_label("Narrative")
    narrative.fill("calm waiting rooms")
    narrative.select_text()
    narrative.press("Control+b")
    expect(narrative).to_have_value("**calm waiting rooms**")
    press(page, "Preview")
    expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("calm waiting rooms")
    expect(narrative).to_be_hidden()
    press(page, "Go on writing")
    expect(narrative).to_be_focused()
    expect(page.get_by_text("What you typed is kept; it is not saved yet.")).to_be_visible()

    page.goto(address)
    expect(page.get_by_label("Narrative")).to_have_value("As it was.")
    accessible(address)
    page.goto(address)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label("Narrative")).to_have_value("**calm waiting rooms**")
    press(page, "Save")
    expect(page.get_by_role("main").locator("strong", has_text="calm waiting rooms")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("link", name="Go on with it")).to_have_count(0)


def test_tab_keeps_what_the_server_did_not_take(page, address):
    page.goto(address)
    page.route("**/typed/", lambda route: route.abort())
    page.get_by_label("Narrative").fill("Typed while the server was away.")
    page.wait_for_function("'typed:/strategies/plan/edit/' in sessionStorage")
    assert not SentForm.objects.exists()

    page.unroute("**/typed/")
    page.goto(address)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_label("Narrative")).to_have_value("Typed while the server was away.")
    assert Strategy.objects.get().narrative == "As it was."
