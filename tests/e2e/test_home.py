"""The home page of each role in a browser."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from lib.services.dates import now
from teams.models import Initiative, Person
from teams.services.support import ask_support
from tests import factories as make
from tests.digest.reading import lead_of
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    return build_firm()


def member(firm: Firm) -> Person:
    Initiative.objects.filter(key__in=["faster", "loose"]).update(owner=firm.member)
    return firm.member


def lead(firm: Firm) -> Person:
    ask_support(firm.work["half"], actor=firm.leader, at=now(), team=firm.search, ask="A day.", size="small")
    return lead_of(firm.search)


def leader(firm: Firm) -> Person:
    make.StrategyFactory(title="Next year", status="draft", owner=firm.leader)
    make.GoalFactory(parent=firm.growth, title="Lonely")
    firm.compute()
    return firm.leader


def viewer(_firm: Firm) -> Person:
    return make.ViewerFactory()


def admin(_firm: Firm) -> Person:
    make.PersonFactory(imported=True)
    return make.AdminFactory()


@pytest.mark.parametrize("role", [member, lead, leader, viewer, admin])
def test_home_has_nothing_that_axe_finds(firm, role, live_server, sign_in, accessible):
    sign_in(role(firm))

    accessible(live_server.url)


def test_phone_shows_a_way_past_the_figures(firm, live_server, sign_in, page: Page):
    sign_in(viewer(firm))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url)
    way = page.get_by_role("link", name="Work that reaches nothing yet", exact=True)
    way.click()
    expect(page.get_by_role("heading", name="Work that reaches nothing yet")).to_be_in_viewport()

    page.set_viewport_size({"width": 1440, "height": 900})
    expect(way).to_be_hidden()


SEEN = """
  const note = document.getElementById("waiting");
  const seen = () => note.checkVisibility() && sessionStorage.setItem("seen", note.textContent);
  new MutationObserver(seen).observe(note, { attributes: true });
"""


def test_page_that_takes_more_than_a_second_says_so(firm, live_server, sign_in, page: Page):
    def late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    sign_in(viewer(firm))
    page.goto(live_server.url)
    page.evaluate(SEEN)
    page.route("**/strategy/", late)
    page.get_by_role("link", name="Strategy", exact=True).first.click()

    expect(page).to_have_url(re.compile("/strategy/$"))
    assert page.evaluate("sessionStorage.getItem('seen')") == "Computing. In a large company this takes a few seconds."
    expect(page.locator("#waiting")).to_be_hidden()


def test_link_to_a_mail_program_waits_for_no_page(firm, live_server, sign_in, page: Page):
    sign_in(viewer(firm))
    page.goto(live_server.url + "/people/")
    page.locator('a[href^="mailto:"]').first.click()
    page.wait_for_timeout(1300)

    expect(page.locator("#waiting")).to_be_hidden()


def test_lead_answers_a_question_from_home(firm, live_server, sign_in, page: Page):
    sign_in(lead(firm))
    page.goto(live_server.url)
    page.get_by_role("link", name=re.compile(r"^Declare it\s*: Loose")).click()

    expect(page).to_have_url(re.compile(r"/initiatives/loose/kind/\?back=home"))
    expect(page.get_by_role("button", name="Declare it")).to_be_visible()


def test_leader_endorses_a_link_from_the_list(firm, live_server, sign_in, page: Page):
    sign_in(leader(firm))
    page.goto(f"{live_server.url}/waiting/")
    page.get_by_role("link", name=re.compile(r"^Endorse\s*: “Faster”")).first.click()
    page.get_by_role("button", name="Endorse").click()

    expect(page.get_by_text("is endorsed")).to_be_visible()


def test_administrator_goes_from_home_to_those_who_are_not_invited(firm, live_server, sign_in, page: Page):
    sign_in(admin(firm))
    page.goto(live_server.url)
    page.get_by_role("link", name="1 person", exact=True).click()

    expect(page).to_have_url(re.compile(r"/people/\?state=not_invited$"))
