"""An administrator invites many people: a look first, then progress, what failed, and those again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Invitation, InvitationRound
from accounts.services import rounds
from accounts.services.mailing import send_invitations
from lib.services.dates import now
from tests import factories as make
from tests.smtp import Step

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test is the worker."""
    monkeypatch.setattr(rounds, "wake", lambda _task: None)


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def invite_five_hundred(page: Page, address: str) -> None:
    """To the button that sends those again that failed."""
    page.goto(f"{address}/people/")
    page.get_by_role("link", name="Invite several").click()
    page.get_by_role("button", name="See who gets one").click()
    expect(page.get_by_role("heading", name=re.compile("500 invitations, not sent yet"))).to_be_visible()
    expect(page.get_by_text("and 400 more")).to_be_visible()
    page.get_by_text("The mail itself", exact=True).click()
    expect(page.get_by_text("Ada Admin invites you to Throughline at Our company")).to_be_visible()
    page.get_by_role("button", name="Send 500 invitations").click()
    expect(page.get_by_text("500 invitations still to be sent.")).to_be_visible()


def send_all() -> None:
    while send_invitations(at=now()):
        pass


@pytest.fixture
def five_hundred(smtp_sink):
    for number in range(500):
        make.PersonFactory(name=f"Person {number:03}", email=f"p{number}@example.com", imported=True)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="p7@example.com", times=1)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="p99@example.com")
    return smtp_sink


def test_five_hundred_are_invited_and_two_fail(administrator, live_server, five_hundred):
    invite_five_hundred(administrator, live_server.url)
    send_all()

    expect(administrator.get_by_text("All done, but for those below.")).to_be_visible(timeout=15_000)
    expect(administrator.get_by_role("row", name=re.compile("Nobody here"))).to_have_count(2)
    assert len(five_hundred.received) == 498

    administrator.get_by_role("button", name="Send these again").click()
    expect(administrator.get_by_text("2 invitations are on the way again.")).to_be_visible()
    send_all()
    expect(administrator.get_by_role("row", name=re.compile("Nobody here"))).to_have_count(1, timeout=15_000)
    assert len(five_hundred.received) == 499
    assert len({each.id for each in five_hundred.received}) == 499


def test_five_hundred_are_invited_without_scripts(plain, live_server, five_hundred):
    invite_five_hundred(plain, live_server.url)
    send_all()

    plain.get_by_role("link", name="Look again now").click()
    expect(plain.get_by_role("row", name=re.compile("Nobody here"))).to_have_count(2)
    plain.get_by_role("button", name="Send these again").click()
    expect(plain.get_by_text("2 invitations still to be sent.")).to_be_visible()
    send_all()
    plain.get_by_role("link", name="Look again now").click()
    expect(plain.get_by_role("row", name=re.compile("Nobody here"))).to_have_count(1)


def paste_a_list(page: Page, address: str) -> None:
    make.PersonFactory(name="Mia Member", email="mia@example.com")
    page.goto(f"{address}/people/invite/")
    page.get_by_role("radio", name=re.compile("A list of addresses")).check()
    page.get_by_role("textbox", name="Addresses").fill('"Doe, Jane" <jane@example.com>; bob@example\nmia@example.com')
    page.get_by_role("button", name="See who gets one").click()
    expect(page.get_by_text("What stands behind the @ is not whole.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Doe, Jane"))).to_contain_text("New")

    corrected = '"Doe, Jane" <jane@example.com>; bob@example.com\nmia@example.com'
    page.get_by_role("textbox", name="Addresses").fill(corrected)
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Send 2 invitations").click()
    expect(page.get_by_text("2 invitations still to be sent.")).to_be_visible()
    found = Invitation.objects.values_list("person__email", flat=True)
    assert {*found} == {"jane@example.com", "bob@example.com"}


def test_pasted_list_is_corrected_and_sent(administrator, live_server):
    paste_a_list(administrator, live_server.url)


def test_pasted_list_is_corrected_and_sent_without_scripts(plain, live_server):
    paste_a_list(plain, live_server.url)


def test_pages_have_nothing_that_axe_finds(administrator, live_server, accessible):
    admin = make.AdminFactory()
    sent = InvitationRound.objects.create(actor=admin, at=make.NOW)
    for state in ("waiting", "failed"):
        person = make.PersonFactory(imported=True)
        sent.invitations.create(person=person, asked_at=make.NOW, due_at=make.NOW, state=state, problem="550 No")

    accessible(f"{live_server.url}/people/invite/", f"{live_server.url}/people/invite/{sent.pk}/")
