"""Somebody leaves, comes back and is erased, as an administrator does it, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from digest.enums import DigestState
from strategy.models import Goal
from teams.models import Person
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    """Of a firm whose member owns Growth, and has a digest that is built and waits."""
    firm = build_firm()
    Goal.objects.filter(pk=firm.growth.pk).update(owner=firm.member)
    make.DigestFactory(person=firm.member, state=DigestState.BUILT, content={})
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def leave_return_and_erase(page: Page, address: str) -> None:
    page.goto(f"{address}/people/")
    page.get_by_role("link", name="Mia Member").click()
    page.get_by_role("link", name="End their access").click()
    expect(page.get_by_role("heading", name="1 goal")).to_be_visible()
    page.get_by_role("button", name="End their access").click()
    expect(page.get_by_text("Say who gets this").first).to_be_visible()

    page.get_by_label("Everything goes to").fill("Leo Leader")
    page.get_by_role("button", name="End their access").click()
    expect(page.get_by_text("Leo Leader has 1 goal of theirs now.")).to_be_visible()
    mia = Person.objects.get(name="Mia Member")
    assert (mia.is_active, Goal.objects.get(key="growth").owner.name) == (False, "Leo Leader")
    assert not mia.digests_of_weeks.exists()

    page.goto(f"{address}/people/?state=left")
    page.get_by_role("link", name="Mia Member").click()
    page.get_by_role("button", name="Let them back in").click()
    expect(page.get_by_text("Mia Member can come back")).to_be_visible()
    assert Person.objects.get(pk=mia.pk).is_active

    page.get_by_role("link", name="End their access").click()
    page.get_by_role("button", name="End their access").click()
    page.get_by_role("link", name="Erase them").click()
    page.get_by_label("Their e-mail address, typed once more").fill(mia.email)
    page.get_by_role("button", name="Erase them for good").click()
    expect(page.get_by_role("heading", name="A former colleague")).to_be_visible()


def test_administrator_ends_access_and_gives_it_back(administrator, live_server):
    leave_return_and_erase(administrator, live_server.url)


def test_administrator_ends_access_without_scripts_on_a_phone(plain, live_server):
    leave_return_and_erase(plain, live_server.url)


def test_pages_have_nothing_that_axe_finds(administrator, live_server, accessible):
    mia = Person.objects.get(name="Mia Member")
    gone = make.PersonFactory(name="Gil Gone", is_active=False)
    paths = (f"people/{mia.pk}/leaving/", "people/?state=left", f"people/{gone.pk}/erasure/")
    accessible(*(f"{live_server.url}/{path}" for path in paths))
