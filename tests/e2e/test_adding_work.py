"""Work that is added from any page, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from lib.services.dates import now
from tests import factories as make
from tests.e2e.axe import problems
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_member_adds_work_by_keyboard_in_three_interactions(page, live_server, sign_in):
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=firm.member)
    make.InitiativeFactory(title="Ranking by intention", team=firm.ops)
    recompute_alignment(as_of=now().date(), at=now())
    sign_in(firm.member)
    page.goto(f"{live_server.url}/people/")

    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/initiatives/new/quick/$"))
    title = page.get_by_label("Title")
    expect(title).to_be_focused()
    page.keyboard.type("Ranking by intent, n")
    expect(page.locator("#similar")).to_contain_text("Ranking by intention")
    expect(page.get_by_label("Team")).to_have_value("search")
    assert list(problems(page)) == []

    page.get_by_role("radio", name=re.compile("^Growth")).press("Space")
    page.get_by_label("Because").press_sequentially("People stay.")
    page.get_by_role("button", name="Add it").press("Enter")

    expect(page.get_by_text("is there, and linked to “Growth”.")).to_be_visible()
    assert Link.objects.get(rationale="People stay.").goal == firm.growth
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone:")).to_be_visible()

    page.goto(f"{live_server.url}/initiatives/new/quick/")
    page.get_by_role("button", name="Turn it off").click()
    page.goto(f"{live_server.url}/people/")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/people/$"))
