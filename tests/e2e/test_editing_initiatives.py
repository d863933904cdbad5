"""Initiatives and support written in a browser: by a member of Search, and by whoever leads Ops."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from lib.services.dates import now
from teams.enums import TeamRole
from teams.models import Initiative, Person, Support
from tests import factories as make
from tests.e2e.axe import WIDTHS
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

QUESTION = "Do people look for more than one thing at a time?"


@pytest.fixture
def firm(live_server: Any) -> Firm:
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=firm.member)
    make.MembershipFactory(team=firm.ops, person=make.PersonFactory(name="Olga Ops"), role=TeamRole.LEAD)
    return firm


def soon() -> str:
    return (now().date() + dt.timedelta(days=30)).isoformat()


def said(page: Page, text: str) -> None:
    expect(page.locator(".messages")).to_contain_text(text)


def make_initiative(page: Page, address: str) -> None:
    page.goto(f"{address}/initiatives/")
    page.get_by_role("link", name="New initiative").click()
    page.get_by_label("Title").fill("Two searches at once")
    page.get_by_label("The problem it solves").fill("People **give up**.")
    page.get_by_label("Active", exact=False).check()
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two searches at once")
    said(page, "Say next which goal it moves.")


def declare_exploration(page: Page) -> None:
    """First without its question, which keeps what was typed."""
    page.get_by_role("link", name="What kind of work is it?").click()
    page.get_by_role("radio", name="Exploration").check()
    page.get_by_label("The exploration ends on").fill(soon())
    page.get_by_role("button", name="Declare it").click()
    expect(page.get_by_text("Say which question it explores")).to_be_visible()
    expect(page.get_by_role("radio", name="Exploration")).to_be_checked()
    expect(page.get_by_label("The exploration ends on")).to_have_value(soon())

    page.get_by_label("The question it explores").fill(QUESTION)
    page.get_by_role("button", name="Declare it").click()
    said(page, "It is declared: exploration.")
    expect(page.get_by_role("region", name="The question it explores")).to_contain_text(QUESTION)


def pause_and_undo(page: Page) -> None:
    page.get_by_role("link", name="Pause, finish or drop it").click()
    page.get_by_role("radio", name="Paused").check()
    page.get_by_role("button", name="Save").click()
    said(page, "is paused now.")
    expect(page.get_by_text("Only active work is counted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone.")
    expect(page.get_by_role("region", name="Where its effort goes")).to_contain_text("exploring")


def ask_for_support(page: Page) -> None:
    page.get_by_role("link", name="Ask another team").click()
    page.get_by_label("Which team?").select_option("ops")
    page.get_by_label("What do you ask of them?").fill("A machine until June")
    page.get_by_role("button", name="Ask them").click()
    said(page, "Ops is asked")


def pledge(page: Page, address: str) -> None:
    page.goto(f"{address}/teams/ops/")
    page.get_by_role("link", name=re.compile("^Answer")).click()
    page.get_by_role("radio", name="We cannot").check()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Say why not")).to_be_visible()
    page.get_by_role("radio", name="We will").check()
    page.get_by_label("In your words").fill("From May on")
    page.get_by_label("By when?").fill("2100-05-01")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("region", name="Support it asks for")).to_contain_text("Ops answered: From May on")


def walk(page: Page, address: str, firm: Firm, sign_in: Callable[..., None]) -> None:
    sign_in(firm.member)
    make_initiative(page, address)
    declare_exploration(page)
    pause_and_undo(page)
    ask_for_support(page)
    sign_in(firm.ops.people.get())
    pledge(page, address)

    row = Initiative.objects.get(key="two-searches-at-once")
    assert (row.kind, row.declaration, row.status, row.owner) == ("explore", QUESTION, "active", firm.member)
    assert Support.objects.get(initiative=row).status == "pledged"


def test_initiative_is_made_declared_paused_and_supported(page, live_server, sign_in, firm):
    walk(page, live_server.url, firm, sign_in)


@pytest.mark.parametrize("width", WIDTHS)
def test_all_of_it_works_without_scripts(browser, live_server, firm, width):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()

    walk(page, live_server.url, firm, lambda person: signed_in(page, live_server.url, person))
    context.close()


def signed_in(page: Page, address: str, person: Person) -> None:
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


def test_pages_have_nothing_that_axe_finds(live_server, sign_in, firm, accessible):
    ask = make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, ask="A machine", answer="In May")
    sign_in(firm.leader)

    pages = (
        *("/initiatives/new/", "/teams/search/initiatives/new/", "/teams/ops/"),
        *(f"/initiatives/faster/{form}" for form in ("", "edit/", "kind/", "status/", "support/new/")),
        *(f"/support/{ask.pk}/{form}/" for form in ("edit", "answer")),
    )
    accessible(*(live_server.url + path for path in pages))


def test_stale_edit_shows_both_texts(page, live_server, sign_in, firm):
    sign_in(firm.member)
    page.goto(f"{live_server.url}/initiatives/faster/edit/")
    Initiative.objects.filter(key="faster").update(title="Theirs")
    page.get_by_label("Title").fill("Ours")
    page.get_by_role("button", name="Save").click()

    both = page.get_by_role("region", name="Both texts")
    expect(both).to_contain_text(re.compile(r"Theirs\s*Ours"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ours")
