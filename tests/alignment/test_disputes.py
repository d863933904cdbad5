"""Disputes: the goal's owner doubts a link, its team answers, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from alignment.services.links import (
    dispute_link,
    edit_link,
    endorse_link,
    remove_link,
    restore_link,
    withdraw_judgement,
)
from conversations.enums import Side
from conversations.models import Message, Thread
from conversations.services.threads import end_thread, open_thread, write_message
from strategy.models import Goal
from teams.models import Person
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge() -> Person:
    return make.PersonFactory(name="Jo Judge")


@pytest.fixture
def worker() -> Person:
    return make.PersonFactory(name="Wim Worker")


@pytest.fixture
def link(judge: Person, worker: Person) -> Link:
    goal = make.GoalFactory(key="more", owner=judge)
    made = make.LinkFactory(goal=goal, initiative=make.InitiativeFactory(owner=worker), rationale="It helps.")
    recompute_alignment(as_of=DAY, at=NOW)
    return made


def do(service: Any, link: Link, actor: Person, **values: Any) -> Link:
    link.refresh_from_db()
    return service(link, actor=actor, at=NOW, version=link.version, **values)


def disputed(link: Link, judge: Person, note: str = "How would it?") -> Thread:
    do(dispute_link, link, judge, note=note)
    return Thread.objects.get()


def now(thread: Thread) -> tuple[str, str]:
    thread.refresh_from_db()
    return thread.turn, thread.outcome


def test_a_dispute_is_a_conversation_until_the_link_is_endorsed(link, judge, worker):
    thread = disputed(link, judge)
    assert (thread.kind, thread.about_kind, thread.about_id) == ("dispute", "link", link.pk)
    assert Message.objects.get().text == "How would it?"
    assert list(Thread.objects.in_turn_of(worker)) == [thread]
    assert list(Thread.objects.in_turn_of(judge)) == []
    write_message(thread, actor=worker, at=NOW, text="By half the clicks.")
    assert list(Thread.objects.in_turn_of(judge)) == [thread]
    do(endorse_link, link, judge)
    assert now(thread) == ("", "endorsed")


def test_a_team_that_rewrites_the_link_has_answered(link, judge, worker):
    thread = disputed(link, judge)
    do(edit_link, link, worker, rationale="It helps.")  # as it was
    assert now(thread) == (Side.ANSWERS, "")
    do(edit_link, link, worker, rationale="It halves the clicks.")
    assert now(thread) == (Side.ASKS, "")
    do(dispute_link, link, judge, note="Half of few.")  # judged again, with other words: the same dispute
    assert Thread.objects.count() == 1


def test_the_next_owner_of_the_goal_has_the_turn_and_ends_it(link, judge, worker):
    thread, heir = disputed(link, judge), make.PersonFactory()
    write_message(thread, actor=worker, at=NOW, text="By half the clicks.")
    Goal.objects.update(owner=heir)
    assert list(Thread.objects.in_turn_of(heir)) == [thread]
    assert list(Thread.objects.in_turn_of(judge)) == []
    thread.refresh_from_db()
    end_thread(thread, actor=heir, at=NOW, version=thread.version, outcome="differ")
    link.refresh_from_db()
    assert (now(thread), link.state) == (("", "differ"), "disputed")


def test_a_withdrawn_or_undone_dispute_ends(link, judge):
    first = disputed(link, judge)
    do(withdraw_judgement, link, judge)
    assert now(first) == ("", "withdrawn")
    do(dispute_link, link, judge, note="Still.")
    second = Thread.objects.exclude(pk=first.pk).get()
    do(undo, link, judge)
    assert now(second) == ("", "withdrawn")


def test_what_was_said_about_a_link_that_is_removed_is_about_its_work(link, judge, worker):
    thread = disputed(link, judge)
    question = open_thread(actor=make.PersonFactory(), at=NOW, kind="question", about=("link", link.pk), text="How so?")
    entry = remove_link(link, actor=worker, at=NOW)
    assert now(thread) == ("", "removed")
    for row in (thread, question):
        row.refresh_from_db()
        assert (row.about_kind, row.about_id) == ("initiative", link.initiative_id)
    assert list(Thread.objects.in_turn_of(worker)) == [question]
    assert restore_link(entry, actor=worker, at=NOW).state == "disputed"


def test_nobody_has_a_dispute_with_themselves(judge):
    own = make.LinkFactory(goal__owner=judge, initiative=make.InitiativeFactory(owner=judge))
    recompute_alignment(as_of=DAY, at=NOW)
    do(dispute_link, own, judge, note="I doubt it myself.")
    assert not Thread.objects.exists()
