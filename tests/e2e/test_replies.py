"""From an address in the digest to its answer and back, and the digest's own pages, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from alignment.enums import LinkState
from alignment.models import Flag, Link
from alignment.refresh.recompute import recompute_alignment
from digest.replies import Action, reply_path, times_path, unsubscribe_path
from digest.services.subscriptions import stop_digests
from lib.services.dates import now
from strategy.models import Goal
from teams.enums import TeamRole
from teams.models import Support
from tests import factories as make
from tests.e2e.axe import WIDTHS
from tests.factories import PASSWORD
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=firm.member, role=TeamRole.LEAD)
    Goal.objects.filter(pk=firm.growth.pk).update(owner=firm.member, why="Whoever finds us **stays**.")
    make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="Two days.")
    judged = {"judged_by": firm.leader, "judged_on": now().date(), "note": "We would not see it."}
    make.LinkFactory(initiative=firm.work["lost"], goal=firm.growth, state=LinkState.DISPUTED, **judged)
    recompute_alignment(as_of=now().date(), at=now())
    return firm


def addresses(firm: Firm) -> dict[Action, str]:
    loose, faster = firm.work["loose"].pk, firm.work["faster"].pk
    link = Link.objects.get(initiative=faster, goal=firm.growth).pk
    about: dict[Action, tuple[int, ...]] = {
        Action.LINK: (loose, firm.growth.pk),
        Action.EXPLORE: (loose,),
        Action.SNOOZE: (Flag.objects.open().filter(initiative=loose).order_by("pk")[0].pk,),
        Action.ENDORSE: (link,),
        Action.CONFIRM: (link,),
        Action.CONTINUE: (faster,),
        Action.ANSWER: (Support.objects.get(team=firm.search).pk,),
        Action.CHANGE: (Link.objects.get(state=LinkState.DISPUTED).pk,),
    }
    return {action: reply_path(firm.member.pk, action, ids) for action, ids in about.items()}


@pytest.mark.parametrize("width", WIDTHS)
def test_address_leads_through_signing_in_to_the_answer_and_its_undo(firm, page: Page, live_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + addresses(firm)[Action.LINK])

    page.get_by_label("E-mail").fill(firm.member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Link “Loose” to “Growth”")).to_be_visible()
    expect(page.get_by_label("How does the work move the goal?")).to_be_focused()
    page.keyboard.type("What is found is bought.")
    page.get_by_role("button", name="Link it").click()

    expect(page).to_have_url(re.compile("/initiatives/loose/$"))
    expect(page.get_by_text("Linked to “Growth”.")).to_be_visible()
    assert Link.objects.filter(initiative=firm.work["loose"], goal=firm.growth).exists()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("is removed.")).to_be_visible()
    assert not Link.objects.filter(initiative=firm.work["loose"]).exists()


def test_address_without_fields_is_answered_with_one_key(firm, page: Page, live_server, sign_in):
    sign_in(firm.member)
    page.goto(live_server.url + addresses(firm)[Action.CONTINUE])

    expect(page.get_by_role("button", name="It is still going on")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Thank you: it is confirmed as of today.")).to_be_visible()


@pytest.mark.parametrize(
    ("width", "choice", "answer"), [(WIDTHS[0], "We will", "pledged"), (WIDTHS[1], "We cannot", "declined")]
)
def test_support_is_answered_from_the_digest_and_asked_about_no_more(
    firm, page: Page, live_server, sign_in, width, choice, answer
):
    sign_in(firm.member)
    page.set_viewport_size({"width": width, "height": 900})
    address = live_server.url + addresses(firm)[Action.ANSWER]
    page.goto(address)

    expect(page.get_by_text("Ops asks Search: Two days.")).to_be_visible()
    page.get_by_label(choice).check()
    page.get_by_label("In your words").fill("Not before Monday.")
    page.get_by_label("By when?").fill("2100-05-01")
    page.get_by_role("button", name="Answer").click()

    expect(page).to_have_url(re.compile("/initiatives/keep/"))
    expect(page.get_by_text(f"sees your answer: {answer}")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text(f"Search has answered already: {answer}.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_link_in_dispute_is_changed_from_the_digest(firm, page: Page, live_server, sign_in, width):
    sign_in(firm.member)
    page.set_viewport_size({"width": width, "height": 900})
    address = live_server.url + addresses(firm)[Action.CHANGE]
    page.goto(address)

    expect(page.get_by_text("We would not see it.")).to_be_visible()
    expect(page.get_by_label("How does the work move the goal?")).to_be_focused()
    page.get_by_label("How does the work move the goal?").fill("Who finds it comes back.")
    page.get_by_role("button", name="Save the link").click()

    expect(page).to_have_url(re.compile("/initiatives/lost/$"))
    expect(page.get_by_text("The link to “Growth” is saved.")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("whoever disputes it is asked to look again")).to_be_visible()


def test_digest_is_stopped_undone_and_moved_without_signing_in(firm, page: Page, live_server):
    page.goto(live_server.url + unsubscribe_path(firm.member.pk))
    page.get_by_role("button", name="Stop the weekly digest").click()
    expect(page.get_by_role("heading", name="The weekly digest is stopped")).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The weekly digest comes again.")).to_be_visible()
    page.get_by_label("Day").select_option(label="Thursday")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    firm.member.refresh_from_db()
    assert (firm.member.digests, firm.member.digest_weekday) == (True, 4)


def test_whoever_is_signed_in_can_sign_out_from_the_page_of_a_digest(firm, page: Page, live_server, sign_in):
    """Its header for what other pages are told keeps the origin, without which forms are refused."""
    sign_in(firm.member)
    page.goto(live_server.url + times_path(firm.member.pk))

    page.get_by_text("Account").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_pages_have_nothing_that_axe_finds(firm, live_server, sign_in, accessible):
    sign_in(firm.member)
    stopped = make.PersonFactory()
    stop_digests(stopped, actor=stopped, at=now())
    pages = (
        *addresses(firm).values(),
        unsubscribe_path(firm.member.pk),
        unsubscribe_path(stopped.pk),
        times_path(firm.member.pk),
    )
    accessible(*(live_server.url + path for path in pages))
