"""An administrator sees who is here, marks a team as not here yet and takes it back, and reminds who is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Invitation
from accounts.services import rounds
from alignment.models import Flag
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "wake", lambda _task: None)


@pytest.fixture
def administrator(page: Page, sign_in) -> Page:
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=make.PersonFactory(name="Ivo Invited", invited=True))
    make.MembershipFactory(team=firm.search, person=make.PersonFactory(name="Ines Imported", imported=True))
    make.MembershipFactory(team=firm.product, person=firm.member)
    sign_in(make.AdminFactory(name="Ada Admin"))
    return page


def bring_in(page: Page, address: str) -> None:
    page.goto(f"{address}/people/")
    page.get_by_role("link", name="See who is here").click()
    expect(page.get_by_text("4 of 4 teams are here, ")).to_be_visible()

    page.get_by_role("button", name=re.compile("Mark as not here yet.*Search")).click()
    expect(
        page.get_by_text("Search is not here yet: nothing is asked of it and of the teams below it.")
    ).to_be_visible()
    expect(page.get_by_text("3 of 4 teams are here, ")).to_be_visible()
    assert not Flag.objects.open().filter(initiative__team__key="search").exists()
    page.goto(f"{address}/strategy/")
    expect(page.get_by_text("3 of 4 teams are here.")).to_be_visible()

    page.goto(f"{address}/people/rollout/")
    page.get_by_role("button", name=re.compile("Mark as here.*Search")).click()
    expect(page.get_by_text("4 of 4 teams are here, ")).to_be_visible()
    assert Flag.objects.open().filter(initiative__team__key="search").exists()

    page.get_by_label("Invitations").select_option("An invitation has expired")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("row", name=re.compile("Ivo Invited"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Remind 1.*Search")).click()
    expect(page.get_by_role("heading", name=re.compile("1 invitation, not sent yet"))).to_be_visible()
    page.get_by_role("button", name="Send 1 invitation").click()
    expect(page.get_by_text("1 invitation still to be sent.")).to_be_visible()
    assert [each.person.name for each in Invitation.objects.select_related("person")] == ["Ivo Invited"]


def test_company_is_brought_in(administrator, live_server):
    bring_in(administrator, live_server.url)


def test_company_is_brought_in_without_scripts(plain, live_server):
    bring_in(plain, live_server.url)


SIDES = """
node => {
  const words = document.createRange();
  words.selectNodeContents(node.firstChild);
  const [inner, outer] = [words.getBoundingClientRect(), node.getBoundingClientRect()];
  return [inner.left - outer.left, outer.right - inner.right];
}
"""


def test_button_is_no_wider_for_what_only_screen_readers_are_told(administrator, live_server):
    administrator.goto(f"{live_server.url}/people/rollout/")

    left, right = administrator.get_by_role("button", name=re.compile("Mark as not here yet.*Search")).evaluate(SIDES)

    assert abs(left - right) < 1


def test_filters_keep_away_from_the_buttons_above_them(administrator, live_server):
    administrator.goto(f"{live_server.url}/people/")

    above = administrator.get_by_role("link", name="See who is here").bounding_box()
    below = administrator.get_by_role("search").bounding_box()

    assert above is not None
    assert below is not None
    assert below["y"] - above["y"] - above["height"] >= 16


def test_page_has_nothing_that_axe_finds(administrator, live_server, accessible):
    make.TeamFactory(key="far-away", name="Far away", is_here=False)

    accessible(
        *(
            f"{live_server.url}/{path}"
            for path in ("people/rollout/", "people/rollout/?answer=waiting", "teams/far-away/")
        )
    )
