"""An administrator changes a person, who confirms a new address; the lead of a team is replaced."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AddressChange
from accounts.services import addresses
from accounts.services.addresses import address_link
from lib.services.dates import now
from teams.enums import TeamRole
from teams.models import Membership, Person
from tests import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "wake", lambda _task: None)


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def change_and_confirm(page: Page, address: str) -> None:
    person = make.PersonFactory(name="Mia Member", email="mia@example.com")
    page.goto(f"{address}/people/{person.pk}/edit/")
    page.get_by_label("Name").fill("Mia Other")
    page.get_by_label("E-mail").fill("other@example.com")
    page.get_by_label("Role").select_option("Leader")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("button", name="Save").click()
    expect(
        page.get_by_text(re.compile("A mail asks them to confirm other@example.com; until then mia@"))
    ).to_be_visible()

    link = address_link(AddressChange.objects.get()).partition("/accounts/")[2]
    page.goto(f"{address}/accounts/{link}")
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_text("Your address is confirmed")).to_be_visible()
    person.refresh_from_db()
    assert (person.name, person.email, person.role, person.timezone) == (
        *("Mia Other", "other@example.com", "leader"),
        "Asia/Tokyo",
    )


def test_person_is_changed_and_confirms_the_address(administrator, live_server):
    change_and_confirm(administrator, live_server.url)


def test_person_is_changed_and_confirms_the_address_without_scripts(plain, live_server):
    change_and_confirm(plain, live_server.url)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts on a phone"])
def test_lead_is_replaced(scripts, page, browser, live_server, sign_in):
    """By the lead of the team above; who was the lead has the way to the team's settings no more."""
    above = make.TeamFactory(name="Fleet")
    crew = make.TeamFactory(name="Crew", key="crew", parent=above)
    head = make.MembershipFactory(team=above, role=TeamRole.LEAD).person
    before = make.MembershipFactory(team=crew, role=TeamRole.LEAD, person__name="Lea Before").person
    after = make.MembershipFactory(team=crew, person__name="Noa After").person
    sign_in(head)
    kept = page.context.storage_state()
    plain = browser.new_context(
        java_script_enabled=False, storage_state=kept, viewport={"width": 390, "height": 844}
    ).new_page()
    used = page if scripts else plain

    used.goto(f"{live_server.url}/teams/crew/members/")
    for name, role in (("Noa After", "Lead"), ("Lea Before", "Member")):
        row = used.get_by_role("row", name=re.compile(name))
        row.get_by_role("combobox").select_option(role)
        row.get_by_role("button", name=re.compile("Save")).click()
        expect(used.get_by_text(f"{name} is on the team as {role.lower()}.")).to_be_visible()

    seats = dict(Membership.objects.filter(team=crew).values_list("person", "role"))
    assert seats == {before.pk: "member", after.pk: "lead"}
    plain.context.close()
    sees_the_members(page, live_server.url, sign_in, after, 200)
    sees_the_members(page, live_server.url, sign_in, before, 403)


def sees_the_members(page: Page, address: str, sign_in, person: Person, status: int) -> None:
    sign_in(person)
    response = page.goto(f"{address}/teams/crew/members/")
    assert response is not None
    assert response.status == status


def test_pages_have_nothing_that_axe_finds(administrator, live_server, accessible):
    person = make.PersonFactory()
    change = AddressChange.objects.create(person=person, actor=person, email="other@example.com", asked_at=now())
    confirm = address_link(change).partition("/accounts/")[2]

    pages = (f"people/{person.pk}/edit/", f"accounts/{confirm}", "accounts/address/nonsense/")
    accessible(*(f"{live_server.url}/{path}" for path in pages))
