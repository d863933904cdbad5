"""Support in a browser: an ask goes from terms to thanks, and a team offers help that nobody had asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from lib.services.dates import now
from teams.models import Person, Support
from tests import factories as make
from tests.e2e.test_conversations import follow, press

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SOON = "2100-05-01"


@pytest.fixture
def people(live_server) -> tuple[Person, Person]:
    """Who leads Search, in the spotlight, and who leads Ops."""
    search = make.TeamFactory(key="search", name="Search", stance="spotlight", stance_reason="Now.")
    found = [make.PersonFactory(name=name, email=f"{name.split()[0].lower()}@example.com") for name in ("Si S", "Oz O")]
    for person, team in zip(found, (search, make.TeamFactory(key="ops", name="Ops")), strict=True):
        make.MembershipFactory(person=person, team=team, role="lead")
    make.InitiativeFactory(key="faster", title="Faster search", team=search, owner=found[0])
    return found[0], found[1]


def ask(page: Page, address: str) -> None:
    page.goto(f"{address}/initiatives/faster/")
    follow(page, "Ask another team")
    page.get_by_label("Which team?").select_option("ops")
    page.get_by_label("What do you ask of them?").fill("Two machines")
    page.get_by_label("By when do you need it?").fill(SOON)
    press(page, "Ask them")
    expect(page.get_by_role("status").first).to_contain_text("Ops is asked")


def answer_with_terms(page: Page, address: str) -> None:
    page.goto(f"{address}/waiting/")
    page.get_by_role("main").get_by_role("link", name="Promise or decline it").first.click()
    page.get_by_label("We can, on terms").check()
    press(page, "Answer")
    expect(page.get_by_text("Say what you can give")).to_be_visible()
    page.get_by_label("In your words").fill("One, if you set it up")
    page.get_by_label("By when?").fill(SOON)
    press(page, "Answer")


def support_to_thanks(page: Page, address: str, people: tuple[Person, Person], sign_in) -> None:
    asker, helper = people
    sign_in(asker)
    ask(page, address)
    sign_in(helper)
    answer_with_terms(page, address)
    sign_in(asker)
    page.goto(f"{address}/waiting/")
    expect(page.get_by_role("main")).to_contain_text("Ops has terms for its support of “Faster search”.")
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("status").first).to_contain_text("Accepted: Ops is told.")
    Support.objects.update(due_on=now().date() - dt.timedelta(days=2))
    sign_in(helper)
    page.goto(f"{address}/teams/search/support/")
    expect(page.get_by_role("heading", name="Late")).to_be_visible()
    page.get_by_role("button", name="It was delivered").click()
    expect(page.get_by_role("status").first).to_contain_text("Search is asked to confirm it.")
    sign_in(asker)
    page.goto(f"{address}/waiting/")
    page.get_by_role("link", name="Thank them").click()
    page.get_by_label("Your thanks").fill("You saved our week")
    press(page, "Thank them")
    page.goto(f"{address}/teams/ops/")
    expect(page.get_by_role("region", name="Support")).to_contain_text("Search thanked: You saved our week")
    page.get_by_role("main").get_by_role("link", name="Conversation").first.click()
    expect(page.get_by_role("main")).to_contain_text("One, if you set it up")


def test_support_goes_from_terms_to_thanks(page, people, live_server, sign_in, accessible):
    support_to_thanks(page, live_server.url, people, sign_in)
    row = Support.objects.get()
    assert (row.status, row.unconfirmed, row.thanks) == ("delivered", False, "You saved our week")
    make.SupportFactory(initiative=row.initiative, team=row.team, key="more", ask="More", status="pledged")
    paths = ("/teams/search/support/", f"/support/{row.pk}/thanks/", f"/support/{row.pk}/", "/initiatives/faster/")
    accessible(*(f"{live_server.url}{path}" for path in paths))


def test_help_is_offered_and_accepted(page, people, live_server, sign_in):
    asker, helper = people
    sign_in(helper)
    page.goto(f"{live_server.url}/teams/search/support/")
    page.get_by_role("link", name="Offer your help").click()
    page.get_by_label("What do you offer?").fill("Two of us")
    page.get_by_label("By when?").fill(SOON)
    press(page, "Offer it")
    sign_in(asker)
    page.goto(f"{live_server.url}/waiting/")
    expect(page.get_by_role("main")).to_contain_text("Ops offers to help with “Faster search”.")
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("status").first).to_contain_text("Accepted: Ops is told.")
    assert Support.objects.get().status == "pledged"
