"""Counter-proposals: accepted, decided, or disagreed with and committed to, which comes back on its day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from alignment.refresh.nightly import recompute_when_stale
from conversations.enums import Side
from conversations.models import Message, Thread
from conversations.services.threads import end_thread, look_again, open_thread, write_message
from lib.services.errors import RefusedError
from strategy.counters import COUNTER
from strategy.models import Goal
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_named, page_text
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
NEXT = DAY + dt.timedelta(days=30)


@pytest.fixture
def owner() -> Person:
    return make.LeaderFactory(name="Olga Owner")


@pytest.fixture
def asker() -> Person:
    return make.PersonFactory(name="Ali Asker")


@pytest.fixture
def goal(owner: Person) -> Goal:
    return make.GoalFactory(key="more", title="Sell more", owner=owner, strategy__status="published")


@pytest.fixture
def thread(goal: Goal, asker: Person) -> Thread:
    return open_thread(actor=asker, at=NOW, kind=COUNTER, about=("goal", goal.pk), text="Sell better, not more.")


def end(thread: Thread, actor: Person, outcome: str, **values: Any) -> Thread:
    thread.refresh_from_db()
    return end_thread(thread, actor=actor, at=NOW, version=thread.version, outcome=outcome, **values)


@pytest.mark.parametrize("outcome", ["accepted", "decided"])
def test_whoever_answers_for_the_goal_decides_and_says_why(thread, owner, asker, outcome):
    with pytest.raises(RefusedError):
        end(thread, asker, outcome, text="So.")
    with pytest.raises(ValidationError):
        end(thread, owner, outcome, text=" ")
    assert Message.objects.count() == 1
    assert end(thread, owner, outcome, text="Because.").outcome == outcome
    assert Message.objects.latest("id").text == "Because."


def test_whoever_disagrees_and_commits_is_asked_again_on_their_day(thread, owner, asker, goal):
    write_message(thread, actor=owner, at=NOW, text="More, for now.")
    with pytest.raises(RefusedError):
        end(thread, owner, "committed", text="I do not.")
    with pytest.raises(ValidationError):
        end(thread, asker, "committed", text="I would still sell better.", again_on=DAY)
    ended = end(thread, asker, "committed", text="I would still sell better.", again_on=NEXT)
    assert (ended.outcome, ended.due_on) == ("committed", NEXT)
    page = page_text(signed_in(make.PersonFactory()).get("/goals/more/"))
    assert "Disagreed and committed, to be looked at again on 15 April 2026" in page
    assert look_again(on=NEXT - dt.timedelta(days=1), at=NOW) == 0
    recompute_when_stale(at=dt.datetime.combine(NEXT, dt.time(1), dt.UTC))
    thread.refresh_from_db()
    assert (thread.outcome, thread.turn, thread.due_on, thread.closed_at) == ("", Side.ASKS, None, None)
    assert list(Thread.objects.in_turn_of(asker)) == [thread]
    assert LogEntry.objects.filter(action="thread.reopened", actor=None).count() == 1
    assert look_again(on=NEXT, at=NOW) == 0


def test_what_ended_without_a_day_does_not_come_back(thread, asker):
    assert end(thread, asker, "convinced").due_on is None
    assert look_again(on=NEXT, at=NOW) == 0


def test_a_goal_offers_it_where_it_counts_and_to_whoever_writes(goal, owner):
    member, viewer = signed_in(make.PersonFactory()), signed_in(make.ViewerFactory())
    address = "/threads/new/?goal=more&kind=counter"
    assert links_named(member.get("/goals/more/"), "Propose something else") == [address]
    assert not links_named(viewer.get("/goals/more/"), "Propose something else")
    Goal.objects.update(status="achieved")
    assert not links_named(member.get("/goals/more/"), "Propose something else")
    assert member.get("/threads/new/?kind=counter").status_code == 404
    assert member.get("/threads/new/?goal=more&kind=dispute").status_code == 404


def test_it_is_proposed_accepted_and_edited(goal, owner, asker, django_assert_max_num_queries):
    member, leader = signed_in(asker), signed_in(owner)
    said = {"instead": "Sell better.", "evidence": "Half return it.", "gain": ""}
    made: Any = member.post("/threads/new/?goal=more&kind=counter", said)
    thread = Thread.objects.get()
    assert made.url == f"/threads/{thread.key}/"
    assert Message.objects.get().text == "**What instead**\n\nSell better.\n\n**What speaks for it**\n\nHalf return it."
    with django_assert_max_num_queries(12):
        page = leader.get(made.url)
    assert links_named(page, "Accept it") == [f"{made.url}outcomes/accepted/"]
    assert not links_named(page, "I disagree and commit")
    assert "What changes with it" in page_text(leader.get(f"{made.url}outcomes/accepted/"))
    done: Any = leader.post(f"{made.url}outcomes/accepted/", {"version": thread.version, "text": "The target."})
    assert done.url == "/goals/more/edit/"
    assert leader.get(f"{made.url}outcomes/nonsense/").status_code == 404
    assert leader.get(f"{made.url}outcomes/convinced/").status_code == 405
