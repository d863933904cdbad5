"""People are picked from suggestions with the keyboard, the mouse and without scripts, and their names lead to them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from strategy.models import Goal
from tests import factories as make
from tests.e2e.axe import problems
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FORM = "/goals/growth/edit/"


@pytest.fixture
def leader(page: Page, sign_in, live_server) -> Page:
    """Before the form of a goal, in a company with two namesakes and one who has left."""
    firm = build_firm()
    for number, team in enumerate([firm.search, firm.ops]):
        person = make.PersonFactory(name="Zoë Same", email=f"zoe{number}@example.com")
        make.MembershipFactory(team=team, person=person)
    make.PersonFactory(name="Zoltan Solo", email="solo@example.com")
    make.PersonFactory(name="Zora Gone", is_active=False)
    sign_in(firm.leader)
    page.goto(f"{live_server.url}{FORM}")
    return page


def offered(page: Page) -> Locator:
    """The people in an open list; a form has choices of other fields too."""
    return page.get_by_role("listbox").and_(page.locator(".picker__panel *")).get_by_role("option")


def test_keyboard_picks_one_of_namesakes(leader):
    field = leader.get_by_role("combobox", name="Owner")
    expect(field).to_have_attribute("aria-expanded", "false")

    field.press_sequentially("zoe s")
    options = offered(leader)
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("zoe0@example.com · Search")
    expect(leader.locator("#announcer")).to_have_text("2 people to choose from.")
    expect(field).to_have_attribute("aria-expanded", "true")

    for key, marked in [("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", 0), ("ArrowUp", 1), ("Home", 0), ("End", 1)]:
        field.press(key)
        expect(options.nth(marked)).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", str(options.nth(marked).get_attribute("id")))
    field.press("Enter")

    expect(field).to_have_value("Zoë Same <zoe1@example.com>")
    expect(options).to_have_count(0)
    expect(field).to_be_focused()
    field.press("Enter")
    expect(leader.get_by_role("complementary")).to_contain_text("Zoë Same")
    assert Goal.objects.get(key="growth").owner.email == "zoe1@example.com"


def test_escape_closes_the_list_and_keeps_what_was_typed(leader):
    field = leader.get_by_role("combobox", name="Owner")
    field.press_sequentially("zo")
    expect(offered(leader)).to_have_count(3)

    field.press("Escape")

    expect(offered(leader)).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("zo")
    field.press("ArrowDown")
    expect(offered(leader).first).to_have_attribute("aria-selected", "true")
    field.press("Tab")
    expect(offered(leader)).to_have_count(0)
    expect(field).to_have_value("zo")


def test_arrow_in_an_empty_field_offers_people(leader):
    field = leader.get_by_role("combobox", name="Owner")

    field.press("ArrowUp")

    expect(offered(leader).last).to_have_attribute("aria-selected", "true")


def test_mouse_picks(leader):
    field = leader.get_by_role("combobox", name="Owner")
    field.press_sequentially("solo")

    leader.get_by_role("option", name="Zoltan Solo").click()

    expect(field).to_have_value("Zoltan Solo <solo@example.com>")
    expect(field).to_be_focused()


def test_nobody_fits_is_said(leader):
    leader.get_by_role("combobox", name="Owner").press_sequentially("gone")

    expect(leader.locator("#announcer")).to_have_text("Nobody active here has this in their name or address.")
    expect(offered(leader)).to_have_count(0)


def test_open_list_has_nothing_that_axe_finds_and_is_no_wider_than_the_window(leader):
    make.PersonFactory(name=f"Zo{'o' * 150}", email=f"{'o' * 60}@example.com")
    field = leader.get_by_role("combobox", name="Owner")
    field.press_sequentially("zo")
    expect(offered(leader)).to_have_count(4)
    field.press("ArrowDown")

    assert [*problems(leader)] == []
    for width in (320, 390, 1440):
        leader.set_viewport_size({"width": width, "height": 900})
        assert leader.evaluate("document.documentElement.scrollWidth") <= width


def test_namesakes_without_scripts_are_told_apart_and_one_is_named(leader, browser, live_server):
    context = browser.new_context(java_script_enabled=False, storage_state=leader.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{live_server.url}{FORM}")
    plain.get_by_label("Owner").fill("zoe same")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("Several people fit")).to_contain_text("zoe1@example.com> (Ops)")

    plain.get_by_label("Owner").fill("zoe1@example.com")
    plain.get_by_role("button", name="Save").click()

    plain.get_by_role("complementary").get_by_role("link", name="Zoë Same").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Zoë Same")
    expect(plain.get_by_role("link", name="Growth")).to_be_visible()
    context.close()


def test_pages_of_people_have_nothing_that_axe_finds(leader, accessible, live_server):
    person = make.PersonFactory(name="Olga Owner", is_active=False)
    Goal.objects.filter(key="growth").update(owner=person)

    accessible(f"{live_server.url}/people/{person.pk}/")


def test_each_line_of_several_people_is_offered(leader, live_server):
    leader.goto(f"{live_server.url}/decisions/new/")
    field = leader.get_by_role("textbox", name="Decided by")
    field.fill("Zoltan Solo\n")
    field.press_sequentially("zoe")
    expect(offered(leader)).to_have_count(2)
    field.press("ArrowDown")
    field.press("Enter")

    expect(field).to_have_value("Zoltan Solo\nZoë Same <zoe0@example.com>")
    expect(offered(leader)).to_have_count(0)


def test_people_are_offered_behind_an_at_sign(leader, live_server):
    leader.goto(f"{live_server.url}/threads/new/?goal=growth")
    field = leader.get_by_role("textbox", name="What would you like to know?")
    field.press_sequentially("Does @zolt")
    expect(offered(leader)).to_have_count(1)
    assert list(problems(leader)) == []
    field.press("ArrowDown")
    field.press("Enter")
    field.press_sequentially("know? And @zoe")
    expect(offered(leader)).to_have_count(2)
    offered(leader).last.click()
    expect(field).to_have_value("Does @Zoltan Solo know? And @zoe1@example.com ")
    field.press_sequentially("at nobody@home")
    expect(offered(leader)).to_have_count(0)
