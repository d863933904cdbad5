"""Decisions and editions in a browser: a decision is written and superseded, an edition is read and printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from strategy.models import Decision
from tests import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SAYS = {"title": "The plan", "narrative": "We want **two** things.", "starts_on": None, "ends_on": None}


@pytest.fixture
def leader(live_server, sign_in):
    person = make.LeaderFactory(name="Lea Leader", email="lea@example.com")
    goal = make.GoalFactory(key="grow", title="Grow", strategy__key="plan")
    decision = make.DecidedFactory(key="own-sales", title="Own sales", context="It *was* so.", owner=person)
    make.DecisionGoalFactory(decision=decision, goal=goal)
    make.DecisionPersonFactory(decision=decision, person=person)
    make.EditionFactory(strategy=goal.strategy, says=SAYS)
    sign_in(person)
    return person


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def test_pages_have_nothing_that_axe_finds(leader, live_server, accessible):
    addresses = ("decisions/", "decisions/own-sales/", "decisions/new/", "decisions/own-sales/relations/")
    others = ("goals/?lacks=measure", "goals/grow/citations/", "strategies/plan/editions/1/", "context/?old=yes")
    accessible(*(f"{live_server.url}/{address}" for address in (*addresses, *others)))


def write_what_takes_its_place(page: Page, address: str) -> None:
    page.goto(f"{address}/decisions/own-sales/")
    follow(page, "Write what takes its place")
    page.get_by_label("Decision", exact=True).fill("Partners sell")
    page.get_by_role("textbox", name="Choice").fill("Partners only.")
    page.get_by_role("textbox", name="Reasons").fill("It *costs* less.")
    page.get_by_role("textbox", name="Decided by").fill("Nobody here")
    press(page, "Save the draft")
    expect(page.get_by_text("Nobody active here is")).to_be_visible()
    expect(page.get_by_role("textbox", name="Reasons")).to_have_value("It *costs* less.")
    page.get_by_role("textbox", name="Decided by").fill("Lea Leader")
    press(page, "Save the draft")
    press(page, "It is decided")
    expect(page.get_by_role("status").first).to_contain_text("“Partners sell” is decided.")
    expect(page.get_by_role("emphasis")).to_have_text("costs")
    follow(page, "Own sales")
    expect(page.get_by_role("main")).to_contain_text("It is superseded by Partners sell")
    follow(page, "Grow")
    expect(page.get_by_role("region", name="Decisions that touch it")).to_contain_text("Own sales")


def test_leader_writes_what_takes_the_place_of_a_decision(page, leader, live_server):
    write_what_takes_its_place(page, live_server.url)
    assert Decision.objects.get(title="Partners sell").key == "partners-sell"


def test_edition_is_printed_without_what_is_there_to_be_pressed(page, leader, live_server):
    page.goto(f"{live_server.url}/strategies/plan/editions/1/")
    expect(page.get_by_role("button", name="I have read it")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("two", exact=True)).to_be_visible()
    for unprinted in ("I have read it", "Who has read it", "The strategy as it is today", "How is this computed"):
        expect(page.get_by_text(unprinted, exact=True)).to_be_hidden()


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_leader_writes_what_takes_the_place_of_a_decision(self, page, leader, live_server):
        write_what_takes_its_place(page, live_server.url)
