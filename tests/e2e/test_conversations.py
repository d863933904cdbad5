"""Conversations in a browser, with and without scripts: a question until its answer is pinned, a counter-proposal until
it is disagreed with and committed to.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alignment.refresh.recompute import recompute_alignment
from conversations.models import Thread
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server) -> tuple[Person, Person]:
    """Who owns the goal, and a member of a team."""
    owner = make.LeaderFactory(name="Lea Leader", email="lea@example.com")
    asker = make.PersonFactory(name="Mo Member", email="mo@example.com")
    make.GoalFactory(key="grow", title="Grow", strategy__key="plan", strategy__status="published", owner=owner)
    make.TeamFactory(key="search", name="Search")
    recompute_alignment(as_of=DAY, at=NOW)
    return owner, asker


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def question_to_pinned_answer(page: Page, address: str, people: tuple[Person, Person], sign_in) -> None:
    owner, asker = people
    sign_in(asker)
    page.goto(f"{address}/goals/grow/")
    follow(page, "Ask about it")
    press(page, "Ask")
    expect(page.get_by_text("Say what you would like to know.")).to_be_visible()
    page.get_by_role("textbox", name="What would you like to know?").fill("Why *grow*, @Search?")
    press(page, "Ask")
    expect(page.get_by_role("status").first).to_contain_text("Your question is with Lea Leader.")
    expect(page.get_by_role("link", name="@Search")).to_have_attribute("href", "/teams/search/")
    where = page.url
    sign_in(owner)
    page.goto(where)
    expect(page.get_by_text("It is your turn")).to_be_visible()
    page.get_by_role("textbox", name="Your message").fill("Because **customers** ask for it.")
    press(page, "Send")
    sign_in(asker)
    page.goto(where)
    press(page, "Pin as the answer")
    press(page, "It is answered")
    expect(page.get_by_role("status").first).to_contain_text("It is answered.")
    page.goto(f"{address}/goals/grow/")
    talk = page.get_by_role("region", name="Conversations")
    expect(talk).to_contain_text("Answer: Because customers ask for it.")


def test_question_is_answered_and_its_answer_pinned(page, people, live_server, sign_in):
    question_to_pinned_answer(page, live_server.url, people, sign_in)
    assert Thread.objects.get().outcome == "answered"


def test_goal_is_countered_and_committed_to(page, people, live_server, sign_in):
    sign_in(people[1])
    page.goto(f"{live_server.url}/goals/grow/")
    follow(page, "Propose something else")
    page.get_by_label("What instead").fill("Grow slower.")
    page.get_by_label("What speaks for it").fill("Half of the new ones leave.")
    press(page, "Propose it")
    follow(page, "I disagree and commit")
    page.get_by_label("What you still see differently").fill("It is too fast.")
    page.get_by_label("Look at it again on").fill("2030-01-01")
    press(page, "I disagree and commit")
    expect(page.get_by_text("Disagreed and committed, to be looked at again on 1 January 2030")).to_be_visible()


def test_pages_have_nothing_that_axe_finds(people, live_server, accessible, sign_in):
    goal = make.GoalFactory(key="more", owner=people[0])
    thread = make.ThreadFactory(key="question-why", about_id=goal.pk, asker=people[1])
    make.MessageFactory(thread=thread)
    brief = make.ThreadFactory(
        kind="back_brief",
        about_kind="strategy",
        about_id=goal.strategy_id,
        aspect="edition-1",
        answers_kind="team",
        answers_id=make.TeamFactory().pk,
        asker=people[0],
    )
    make.MessageFactory(thread=brief)
    make.EditionFactory(strategy=goal.strategy)
    sign_in(people[1])
    addresses = ("threads/", "threads/question-why/", "threads/new/?goal=more", "threads/new/?goal=more&kind=counter")
    others = (f"strategies/{goal.strategy.key}/editions/1/back-briefs/", f"threads/{brief.key}/")
    accessible(*(f"{live_server.url}/{address}" for address in (*addresses, *others)))


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_question_is_answered_and_its_answer_pinned(self, page, people, live_server, sign_in):
        question_to_pinned_answer(page, live_server.url, people, sign_in)
