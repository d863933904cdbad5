"""What happened and what was learned, in a browser: from a bet's outcome to the address of its entry."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alignment.services.links import record_outcome
from strategy.services.goals import edit_goal
from tests import factories as make
from tests.factories import NOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leader(live_server, sign_in):
    person = make.LeaderFactory(name="Lea Leader")
    make.PersonFactory(name="Mia Member")
    link = make.LinkFactory(goal__key="grow", goal__title="Grow", initiative__key="faster", initiative__title="Faster")
    make.InitiativeFactory(title="Robots", kind="explore", ends_on=NOW.date(), learned="They need rails.")
    edit_goal(
        link.goal,
        why="Word " * 120,
        meaning_changed=False,
        version=link.goal.version,
        because="So.",
        actor=person,
        at=NOW,
    )
    record_outcome(link, outcome="failed", note="Nobody stayed.", actor=person, at=NOW)
    sign_in(person)
    return person


def test_outcome_of_a_bet_is_found_filtered_and_shared(leader, live_server, page: Page, accessible):
    address = live_server.url
    page.goto(f"{address}/initiatives/faster/")
    page.get_by_role("link", name="The whole history").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("History of")
    page.goto(f"{address}/history/")
    page.get_by_label("About").select_option("Outcomes and lessons")
    rows = page.locator(".timeline__row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("said how the bet that “Faster” moves “Grow” turned out: failed.")
    page.get_by_label("Who").fill("Mia Member")
    expect(page.get_by_text("Nothing like this happened.")).to_be_visible()
    page.goto(f"{address}/history/?kind=outcomes")
    rows.get_by_role("link", name="The address of this entry").click()
    page.wait_for_url("**entry=*#entry-*")
    expect(page.locator(".timeline__row:target")).to_contain_text("Nobody stayed.")

    page.goto(f"{address}/learnings/")
    page.get_by_label("What", exact=True).select_option("Bets: failed")
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry")).to_contain_text("Nobody stayed.")
    accessible(f"{address}/history/", f"{address}/learnings/", f"{address}/goals/grow/history/")
