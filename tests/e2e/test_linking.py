"""Linking work to a goal in a browser: the team's side and the goal owner's, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from lib.services.dates import now
from strategy.models import Goal
from teams.enums import TeamRole
from tests import factories as make
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ORPHAN = "is linked to no goal"


@pytest.fixture
def firm() -> Firm:
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=firm.member, role=TeamRole.LEAD)
    Goal.objects.filter(pk=firm.growth.pk).update(owner=make.PersonFactory(name="Olga Owner"))
    firm.growth.refresh_from_db()
    recompute_alignment(as_of=now().date(), at=now())
    return firm


@pytest.fixture(params=["with scripts", "without scripts"])
def either(request, browser, page, live_server) -> Iterator[Page]:
    if request.param == "with scripts":
        yield page
        return
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in_as(page, sign_in):
    def signed(other: Page, person) -> None:
        sign_in(person)
        cookies = page.context.cookies()
        if other is not page:
            other.context.clear_cookies()
            other.context.add_cookies(cookies)

    return signed


def test_member_links_work_in_three_interactions_and_the_owner_disputes_it(firm, either, live_server, sign_in_as):
    sign_in_as(either, firm.member)
    either.goto(f"{live_server.url}/initiatives/loose/")
    expect(either.get_by_text(ORPHAN)).to_be_visible()

    either.get_by_role("link", name="Link to a goal").click()
    either.get_by_role("radio", name=re.compile("^Growth")).check()
    either.get_by_label("How does the work move the goal?").fill("What is found is bought.")
    either.get_by_role("button", name="Link it").click()

    expect(either).to_have_url(re.compile("/initiatives/loose/$"))
    expect(either.get_by_text("Linked to “Growth”.")).to_be_visible()
    expect(either.get_by_text(ORPHAN)).to_have_count(0)
    expect(either.get_by_text("What is found is bought.")).to_be_visible()

    sign_in_as(either, firm.growth.owner)
    either.goto(f"{live_server.url}/goals/growth/")
    either.get_by_role("row", name="Loose").get_by_role("link", name="Dispute").click()
    expect(either.get_by_text("What is found is bought.")).to_be_visible()
    either.get_by_label("Why do you doubt it?").fill("Who would buy it?")
    either.get_by_role("button", name="Dispute").click()
    expect(either.get_by_text("The link of “Loose” is disputed.")).to_be_visible()

    sign_in_as(either, firm.member)
    either.goto(f"{live_server.url}/initiatives/loose/")
    expect(either.get_by_text("Who would buy it?").first).to_be_visible()
    expect(either.get_by_role("region", name="Conversations")).to_contain_text("Who would buy it?")
    expect(either.get_by_text(re.compile("Disputed by Olga Owner"))).to_be_visible()
    expect(either.get_by_text("This link does not count.")).to_be_visible()


def test_removed_link_comes_back_with_undo(firm, either, live_server, sign_in_as):
    sign_in_as(either, firm.member)
    either.goto(f"{live_server.url}/initiatives/faster/")
    line = either.get_by_role("article", name="The line to Retention")
    line.get_by_role("link", name="Remove").click()
    expect(either.get_by_role("heading", name="What this would do")).to_be_visible()
    either.get_by_role("button", name="Remove the link").click()
    expect(either.get_by_text("The link to “Retention” is removed.")).to_be_visible()
    expect(line).to_have_count(0)

    either.get_by_role("button", name="Undo").click()

    expect(either.get_by_text("Linked to “Retention” again.")).to_be_visible()
    expect(line).to_contain_text("Speed keeps people.")
    assert str(Link.objects.get(initiative=firm.work["faster"], goal=firm.retention).share) == "0.750000"


def test_search_keeps_what_was_typed(firm, page, live_server, sign_in):
    sign_in(firm.member)
    page.goto(f"{live_server.url}/initiatives/loose/links/new/")
    page.get_by_label("How does the work move the goal?").fill("What is found is bought.")
    page.get_by_role("radio", name=re.compile("^Growth")).check()
    page.get_by_role("searchbox").press_sequentially("retent")

    expect(page.get_by_label("Retention")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Growth"))).to_be_checked()
    page.get_by_label("Retention").check()
    page.get_by_role("button", name="Link it").click()

    expect(page.get_by_text("Linked to “Retention”.")).to_be_visible()


def test_pages_have_nothing_that_axe_finds(firm, live_server, sign_in, accessible):
    sign_in(firm.leader)
    link = Link.objects.get(initiative=firm.work["faster"], goal=firm.retention)
    Link.objects.filter(pk=link.pk).update(
        state="disputed", note="Who would notice?", judged_by=firm.growth.owner, judged_on="2026-03-16", evidence="More"
    )
    pages = (
        "/initiatives/loose/links/new/",
        "/initiatives/loose/links/new/?q=nothing+like+it",
        "/goals/growth/links/new/",
        "/initiatives/faster/",
        "/initiatives/faster/shares/",
        "/goals/retention/",
        *(f"/links/{link.pk}/{name}/" for name in ("edit", "outcome", "endorsement", "dispute")),
    )
    accessible(*(live_server.url + path for path in pages))
