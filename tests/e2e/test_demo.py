"""The demo as a visitor walks through it: each persona, the steps of the path, the strip, and the design page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from demo.cast import ADMIN, LEAD, LEADER, MEMBER, VIEWER, Part
from strategy.models import Goal
from tests.demo.company import Company, build_company
from tests.demo.conftest import demo  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(demo, transactional_db) -> Iterator[str]:  # noqa: F811
    """The demo's own server: middleware is read when a server starts."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def company(site) -> Company:
    return build_company()


@pytest.fixture
def visitor(page: Page, site: str, company: Company) -> Page:
    page.goto(f"{site}/accounts/login/")
    return page


def step_in(page: Page, part: Part) -> None:
    page.get_by_role("button", name=f"Step in as {part.name}").click()
    expect(page.get_by_role("complementary", name="Demo")).to_contain_text(part.name)


def step_over(page: Page, part: Part) -> None:
    strip = page.get_by_role("complementary", name="Demo")
    strip.locator("summary").click()
    strip.get_by_role("button", name=part.name).click()
    expect(strip.locator("summary")).to_contain_text(part.name)


def take(page: Page, site: str, title: str) -> None:
    """Goes to the path, and takes the one link of this step."""
    page.goto(f"{site}/demo/")
    step = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))
    step.locator(".path__go").click()


def ticked(page: Page, site: str) -> list[str]:
    page.goto(f"{site}/demo/")
    return page.locator(".path__step--done .path__title").all_inner_texts()


def find_what_reaches_nothing(page: Page) -> None:
    page.get_by_role("link", name="Flags").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(page.url + "?code=orphan")
    expect(page.locator("#main")).to_contain_text("Loose")


def open_the_team(page: Page) -> None:
    page.get_by_role("link", name="Teams", exact=True).click()
    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Loose")


def follow_the_line(page: Page) -> None:
    page.get_by_role("link", name="Faster").first.click()
    expect(page.locator(".line").first).to_contain_text("The plan")


def read_and_change_nothing(page: Page) -> None:
    page.get_by_role("link", name="Initiatives", exact=True).click()
    page.get_by_role("link", name="Loose").click()
    expect(page.get_by_role("heading", name="Loose", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Link it")).to_have_count(0)


def invite_somebody(page: Page) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    expect(page.locator("#main")).to_contain_text(LEADER.name)
    expect(page.get_by_text("Invite").first).to_be_visible()


DEEDS: list[tuple[Part, Callable[[Page], None]]] = [
    (LEADER, find_what_reaches_nothing),
    (LEAD, open_the_team),
    (MEMBER, follow_the_line),
    (VIEWER, read_and_change_nothing),
    (ADMIN, invite_somebody),
]


@pytest.mark.parametrize(("part", "deed"), DEEDS, ids=[part.role for part, _deed in DEEDS])
def test_door_shows_what_its_card_promised(part, deed, visitor):
    expect(visitor.locator(".persona").filter(has_text=part.name)).to_contain_text(part.sees)
    step_in(visitor, part)

    deed(visitor)
    step_over(visitor, MEMBER if part is not MEMBER else LEAD)

    expect(visitor.get_by_role("heading", level=1)).to_be_visible()


def test_path_is_walked_from_its_first_step_to_its_last(visitor, site):
    visitor.get_by_role("link", name="Take the path").click()
    expect(visitor.get_by_role("heading", level=1, name="The guided path")).to_be_visible()

    take(visitor, site, "Find the work that reaches nothing")
    expect(visitor.locator("#main")).to_contain_text("Loose")
    take(visitor, site, "Follow today’s work to the purpose")
    expect(visitor.locator(".line").first).to_contain_text("The plan")
    take(visitor, site, "Link a piece of work")
    visitor.get_by_role("radio", name=re.compile("^Growth")).check()
    visitor.get_by_label(re.compile("^How")).fill("Less waiting, more growth.")
    visitor.get_by_role("button", name="Link it").click()
    expect(visitor.locator(".messages")).to_contain_text("Linked to “Growth”.")
    take(visitor, site, "Answer what waits for you")
    expect(visitor.get_by_role("heading", name="Waiting for you", level=1)).to_be_visible()
    take(visitor, site, "Read Monday’s digest")
    expect(visitor.locator(".digest")).to_be_visible()
    take(visitor, site, "Say whether you share a belief")
    visitor.get_by_role("button", name="Endorse").click()
    expect(visitor.locator(".messages")).to_contain_text("is endorsed")
    take(visitor, site, "Publish a goal")
    expect(visitor.get_by_role("heading", name="What this would do")).to_be_visible()
    visitor.get_by_role("button", name="Set it active").click()
    expect(visitor.locator(".messages")).to_contain_text("The goal is active.")
    take(visitor, site, "See the company at a glance")
    take(visitor, site, "Look at a digest before it leaves")
    expect(visitor.get_by_role("complementary", name="Demo")).to_contain_text(ADMIN.name)

    assert Goal.objects.get(key="draft").status == "active"
    assert len(ticked(visitor, site)) == 8
    assert "Answer what waits for you" not in ticked(visitor, site)
    expect(visitor.get_by_role("complementary", name="Demo")).to_contain_text("Next: Answer what waits")


def test_demo_works_without_javascript(browser, site, company):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    step_in(page, LEADER)
    step_over(page, VIEWER)
    take(page, site, "Find the work that reaches nothing")
    expect(page.locator("summary").first).to_contain_text(LEADER.name)
    context.close()


def test_path_is_accessible_to_who_has_not_stepped_in(company, site, accessible):
    accessible(f"{site}/demo/")


def test_path_and_home_with_the_strip_are_accessible(visitor, site, accessible):
    """As one of the five: their homes without it are looked at in test_home.py."""
    step_in(visitor, LEADER)

    accessible(f"{site}/demo/", f"{site}/")


def test_entrance_and_design_page_are_accessible(company, site, accessible):
    accessible(f"{site}/accounts/login/", f"{site}/design/")


def test_strip_stays_in_one_line_and_off_paper(visitor, site):
    step_in(visitor, LEADER)
    strip = visitor.locator(".strip")
    for width in (390, 1440):
        visitor.set_viewport_size({"width": width, "height": 900})
        box = strip.bounding_box()
        assert box is not None
        assert (box["y"], box["height"]) == (0, 46.75)  # 2.75rem, as whatever is pressed

    visitor.emulate_media(media="print")
    expect(strip).to_be_hidden()


def test_design_page_draws_each_scheme_whatever_the_browser_prefers(visitor, site):
    colours = "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    seen = {}
    for scheme in ("light", "dark"):
        visitor.emulate_media(color_scheme=scheme)
        visitor.goto(f"{site}/design/")
        seen[scheme] = [
            visitor.locator(f".scheme--{each}.scheme").first.evaluate(colours) for each in ("light", "dark")
        ]
    assert seen["light"] == seen["dark"]
    assert seen["light"][0] != seen["light"][1]
    assert (
        visitor.locator('.scheme--dark rect[fill="url(#part-orphaned)"]').first.evaluate(
            "node => getComputedStyle(node).fill"
        )
        == 'url("#part-orphaned-dark")'
    )
