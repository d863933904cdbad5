"""Measures checked in by who owns the goal, with and without scripts; Django's admin under our own policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from strategy.models import CheckIn, Goal, Measure
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LOOKED_AT = (
    "/admin/",
    "/admin/teams/",
    "/admin/teams/person/",
    "/admin/teams/initiative/?q=lost",
    "/admin/teams/initiative/?status=active",
    "/admin/alignment/link/",
    "/admin/teams/logentry/",
)


@pytest.fixture
def owner(page: Page, sign_in) -> Page:
    """A member who owns Growth, which is to go from 1,000 to 2,000 customers."""
    firm = build_firm()
    Goal.objects.filter(pk=firm.growth.pk).update(owner=firm.member)
    measure = make.MeasureFactory(
        goal=firm.growth, key="customers", title="Customers", unit="a month", baseline=1000, current=1250, target=2000
    )
    CheckIn.objects.create(
        measure=measure, at=make.NOW, person=firm.leader, value=Decimal(1250), note="The first spring."
    )
    make.MeasureFactory(goal=firm.growth, title="Days to the first order", baseline=9, current=9, target=2)
    sign_in(firm.member)
    return page


@pytest.fixture
def plain(owner: Page, browser: Browser) -> Iterator[Page]:
    """The same person, without scripts."""
    context = browser.new_context(java_script_enabled=False, storage_state=owner.context.storage_state())
    yield context.new_page()
    context.close()


@pytest.fixture
def strict(page: Page, browser: Browser, sign_in) -> Iterator[tuple[Page, list[str]]]:
    """An administrator under our own policy, and what the console, scripts and requests complain of."""
    build_firm()
    sign_in(make.AdminFactory(name="Ada Admin"))
    context = browser.new_context(storage_state=page.context.storage_state())
    strict = context.new_page()
    found: list[str] = []
    strict.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    strict.on("pageerror", lambda error: found.append(str(error)))
    strict.on("requestfailed", lambda request: found.append(f"{request.url}: {request.failure}"))
    yield strict, found
    context.close()


def check_in_and_undo(page: Page, address: str) -> None:
    page.goto(f"{address}/goals/growth/")
    page.get_by_role("link", name="Check in: Customers").click()
    expect(page.get_by_label("Value now")).to_have_value("1250")

    page.get_by_label("Value now").fill("lots")
    page.get_by_label("Note").fill("The spring campaign.")
    page.get_by_label("At risk").check()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_text("Give a number, written like 1250.5.")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("The spring campaign.")
    expect(page.get_by_label("At risk")).to_be_checked()

    page.get_by_label("Value now").fill("1 500")
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("img", name=re.compile(r"50\.0\s% of the way from 1\s000 to 2\s000"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("The spring campaign"))).to_contain_text("Mia Member")
    assert Measure.objects.get(key="customers").current == 1500

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(re.compile(r"“Customers” stands at 1\s250 again"))).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    assert Measure.objects.get(key="customers").current == 1250


def test_owner_checks_a_measure_in_and_takes_it_back(owner, live_server):
    check_in_and_undo(owner, live_server.url)


def test_owner_checks_a_measure_in_without_scripts(plain, live_server):
    check_in_and_undo(plain, live_server.url)


def test_owner_adds_edits_and_removes_a_measure_without_scripts(plain, live_server):
    plain.goto(f"{live_server.url}/goals/growth/")
    plain.get_by_role("link", name="Add a measure").first.click()
    plain.get_by_label("What is measured").fill("Returns")
    plain.get_by_label("From").fill("12.5")
    plain.get_by_label("To", exact=True).fill("5")
    why = plain.get_by_label("What changed, and why")
    why.fill("Returns tell us most.")
    plain.get_by_role("button", name="Add the measure").click()
    expect(plain.get_by_role("row", name=re.compile("Returns"))).to_contain_text("12.5")

    plain.get_by_role("link", name="Edit: Returns").click()
    plain.get_by_label("To", exact=True).fill("4")
    why.fill("Five was too much.")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_text("“Returns” is saved.")).to_be_visible()

    plain.get_by_role("link", name="Remove: Returns").click()
    expect(plain.get_by_text("no link names it")).to_be_visible()
    why.fill("Nobody looked at it.")
    plain.get_by_role("button", name="Remove the measure").click()
    expect(plain.get_by_role("row", name=re.compile("Returns"))).to_have_count(0)


def test_pages_have_nothing_that_axe_finds(owner, live_server, accessible):
    pages = (
        *("goals/growth/", "goals/growth/measures/new/", "measures/customers/edit/"),
        *("measures/customers/check-ins/", "check-ins/"),
    )
    accessible(*(f"{live_server.url}/{path}" for path in pages))


@pytest.mark.parametrize("path", LOOKED_AT)
def test_admin_keeps_to_the_policy(strict, live_server, path):
    page, complaints = strict
    response = page.goto(live_server.url + path, wait_until="networkidle")

    assert response.ok
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert complaints == []


def test_administrator_finds_a_row_and_the_way_back(strict, live_server):
    page, complaints = strict
    page.goto(live_server.url)
    page.get_by_text("Account").click()
    page.get_by_role("link", name="Look at the data").click()
    page.get_by_role("link", name="Initiatives", exact=True).click()
    page.get_by_role("textbox", name="Search").fill("faster")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 initiative", exact=True)).to_be_visible()
    page.get_by_role("link", name="Faster").click()
    expect(page.get_by_role("button", name=re.compile("Save|Delete"))).to_have_count(0)
    page.get_by_role("link", name="Search", exact=True).first.click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Search")

    page.get_by_role("link", name="Back to Throughline").click()
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()
    assert complaints == []
