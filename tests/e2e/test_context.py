"""The business context in a browser: read, written, taken away and brought back, with scripts and without."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from strategy.models import ContextPage
from tests import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

BODY = "Half of those who try it stay.\n\n## Prices\n\n| Size | A month |\n| --- | --- |\n| One vet | 89 |\n\n- Calls\n"
ADDRESSES = (
    "/context/",
    "/context/buys/",
    "/context/buys/edit/",
    "/context/buys/removal/",
    "/context/new/?lens=product",
)


@pytest.fixture
def leader(live_server, sign_in):
    person = make.LeaderFactory(name="Lea Leader")
    make.StrategyFactory(key="plan", title="The plan")
    make.PersonaFactory(key="nurses", name="Nurses", problem="They wait.")
    make.ContextPageFactory(key="buys", title="Who buys", body=BODY, owner=person)
    make.ContextPageFactory(title="A page with a title that takes more than a line on a telephone " * 2)
    sign_in(person)
    return person


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def test_pages_have_nothing_that_axe_finds(leader, live_server, accessible):
    accessible(*(live_server.url + address for address in ADDRESSES))


def test_empty_context_has_nothing_that_axe_finds(live_server, sign_in, accessible):
    sign_in(make.LeaderFactory())
    accessible(f"{live_server.url}/context/")


def test_main_menu_stays_in_one_row_on_a_telephone(page, leader, live_server):
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/context/")
        links = page.get_by_role("navigation", name="Main").get_by_role("link")
        boxes = [box for link in links.all() if (box := link.bounding_box())]
        gaps = [right["x"] - left["x"] - left["width"] for left, right in pairwise(boxes)]

        assert len({box["y"] for box in boxes}) == 1
        assert min(gaps) >= 6


def test_member_reads_from_the_strategy_to_a_page_and_its_customers(page, leader, live_server, sign_in):
    sign_in(make.PersonFactory())
    page.goto(f"{live_server.url}/strategies/plan/")
    follow(page, "The business behind it")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Write"))).to_have_count(0)
    follow(page, "Who buys")
    expect(page.get_by_role("heading", name="Prices")).to_be_visible()
    expect(page.get_by_role("complementary")).to_contain_text("Lea Leader")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Context").click()
    follow(page, "Nurses")
    expect(page).to_have_url(re.compile(r"/personas/#nurses$"))
    expect(page.get_by_role("heading", name="Nurses")).to_be_in_viewport()


def write_and_take_back(page: Page, address: str) -> None:
    page.goto(f"{address}/context/")
    page.get_by_role("region", name="Operations").get_by_role("link", name="Write the first page").click()
    press(page, "Save the page")
    expect(page.get_by_text("Give it a title")).to_be_visible()
    expect(page.get_by_label("Operations")).to_be_checked()
    page.get_by_label("Title").fill("How we earn our money")
    page.get_by_role("textbox", name="Text").fill("By the month, *in advance*.")
    press(page, "Save the page")
    expect(page.get_by_role("status").first).to_contain_text("“How we earn our money” is there for everybody to read.")
    expect(page.get_by_role("emphasis")).to_have_text("in advance")
    expect(page.get_by_role("complementary")).to_contain_text("by Lea Leader")

    follow(page, "Edit")
    ContextPage.objects.filter(key="how-we-earn-our-money").update(body="By the year.")
    page.get_by_role("textbox", name="Text").fill("By the quarter.")
    press(page, "Save")
    both = page.get_by_role("region", name="Both texts")
    expect(both.get_by_role("row", name=re.compile("^Text"))).to_contain_text("By the year.")
    expect(page.get_by_role("textbox", name="Text")).to_have_value("By the quarter.")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("By the quarter.")

    follow(page, "Remove")
    press(page, "Remove the page")
    expect(page.get_by_role("link", name="How we earn our money")).to_have_count(0)
    press(page, "Undo")
    expect(page.get_by_role("heading", level=1)).to_have_text("How we earn our money")
    expect(page.get_by_role("main")).to_contain_text("By the quarter.")


def test_leader_writes_a_page_and_thinks_better_of_removing_it(page, leader, live_server):
    write_and_take_back(page, live_server.url)


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_leader_writes_a_page_and_thinks_better_of_removing_it(self, page, leader, live_server):
        write_and_take_back(page, live_server.url)
