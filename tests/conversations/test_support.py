"""Conversations about support: what teams do to an ask is said there, and whose turn it is follows from the ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from conversations.models import Thread
from conversations.services.support import write_about_support
from conversations.services.threads import reopen_thread, write_message
from lib.services.errors import RefusedError
from teams.models import Initiative, LogEntry, Person, Support, Team
from teams.services.offers import end_offer, offer_support
from teams.services.pledges import accept_terms, answer_support, confirm_support, deliver_support, thank_support
from teams.services.support import ask_again, ask_support, withdraw_support
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def helper() -> Person:
    return make.PersonFactory(name="Hal Helper")


@pytest.fixture
def asker() -> Person:
    return make.PersonFactory(name="Ada Asker")


@pytest.fixture
def helping(helper: Person) -> Team:
    return make.MembershipFactory(person=helper, role="lead").team


@pytest.fixture
def work(asker: Person) -> Initiative:
    return make.MembershipFactory(person=asker, role="lead").team.initiatives.create(
        key="work", title="Work", owner=asker, touched_on=DAY, status="active"
    )


@pytest.fixture
def ask(work: Initiative, helping: Team, asker: Person) -> Support:
    return ask_support(work, actor=asker, at=NOW, team=helping, ask="An index, @Hal Helper", size="small")


def do(service: Any, row: Support, actor: Person, **values: Any) -> Support:
    row.refresh_from_db()
    return service(row, actor=actor, at=LATER, version=row.version, **values)


def now() -> tuple[str, str]:
    row = Thread.objects.get()
    return row.turn, row.outcome


def said() -> list[tuple[str, str]]:
    rows = Thread.objects.get().messages.order_by("at", "id").values_list("author__name", "text")
    return [(name.split()[0], text.split("](")[0]) for name, text in rows]


def in_turn(*people: Person) -> list[bool]:
    return [Thread.objects.in_turn_of(each).exists() for each in people]


def test_ask_goes_from_terms_to_thanks(ask, asker, helper):
    """The helper was mentioned, and follows it as the asker does."""
    thread = Thread.objects.get()
    assert (thread.about_kind, thread.about_id, thread.asker) == ("support", ask.pk, asker)
    assert thread.due_on == DAY + dt.timedelta(days=7)
    assert {each.person for each in thread.following.all()} == {asker, helper}
    assert in_turn(asker, helper) == [False, True]

    do(answer_support, ask, helper, status="asked", answer="From May on", due_on=DAY)
    assert (now(), in_turn(asker, helper)) == (("asks", ""), [True, False])
    do(accept_terms, ask, asker)
    assert (now(), in_turn(asker, helper)) == (("", ""), [False, False])
    do(deliver_support, ask, helper)
    assert now() == ("asks", "")
    do(confirm_support, ask, asker)
    assert now() == ("", "delivered")
    do(thank_support, ask, asker, thanks="You saved our week")
    assert now() == ("", "delivered")
    assert said() == [("Ada", "An index, [@Hal Helper"), ("Hal", "From May on"), ("Ada", "You saved our week")]


def test_messages_are_remarks_and_the_turn_follows_the_ask(ask, asker, helper):
    thread = Thread.objects.get()
    write_message(thread, actor=helper, at=LATER, text="Which one?")
    assert now() == ("answers", "")
    do(ask_again, ask, asker, ask="The big one", size="small")
    assert now() == ("answers", "")
    do(answer_support, ask, helper, status="declined", answer="No room")
    assert now() == ("", "declined")
    with pytest.raises(RefusedError, match="ask again there"):
        reopen_thread(Thread.objects.get(), actor=asker, at=LATER, version=Thread.objects.get().version)
    ask = do(ask_again, ask, asker, ask="Half of it", size="small")
    assert now() == ("answers", "")
    undo(ask, actor=asker, at=LATER, version=ask.version)
    assert now() == ("", "declined")
    assert [text for _name, text in said()[1:]] == ["Which one?", "The big one", "No room", "Half of it"]


def test_conversation_of_a_withdrawn_ask_stays_with_the_work(ask, asker, work):
    do(withdraw_support, ask, asker)
    thread = Thread.objects.get()
    assert (thread.outcome, thread.about_kind, thread.about_id) == ("withdrawn", "initiative", work.pk)


def test_offer_waits_for_the_side_of_the_work_and_ends_with_thanks(work, helping, asker, helper):
    values: dict[str, Any] = {"answer": "Two of us", "size": "small", "due_on": DAY}
    offer = offer_support(helping, actor=helper, at=NOW, initiative=work, **values)
    assert (now(), in_turn(asker, helper)) == (("asks", ""), [True, False])
    do(end_offer, offer, asker, reason="We manage, thank you")
    assert now() == ("", "offer_ended")
    assert said() == [("Hal", "Two of us"), ("Ada", "We manage, thank you")]


def test_ask_of_before_there_were_conversations_gets_one_with_the_next_word(work, helping, asker, helper):
    old = make.SupportFactory(initiative=work, team=helping, ask="An index", asked_on=DAY)
    make.LogEntryFactory(action="support.asked", subject_kind="support", subject_id=old.pk, actor=asker, at=NOW)
    do(deliver_support, old, helper)
    assert not Thread.objects.exists()
    write_about_support(old, actor=helper, at=LATER, text="Is it there?")
    assert said() == [("Ada", "An index"), ("Hal", "Is it there?")]
    assert (now(), in_turn(asker, helper)) == (("asks", ""), [True, False])
    write_about_support(old, actor=asker, at=LATER, text="It is")
    assert len(said()) == 3


def test_imported_ask_begins_with_whoever_says_something(work, helping, asker, helper):
    old = make.SupportFactory(initiative=work, team=helping, ask="An index", asked_on=DAY)
    do(answer_support, old, helper, status="pledged", answer="By then", due_on=DAY)
    assert (said(), now()) == ([("Hal", "By then")], ("", ""))
    assert Thread.objects.get().asker == helper


def test_texts_of_an_offer_that_ended_and_thanks_are_in_the_log_of_the_ask_only(ask, asker, helper):
    do(answer_support, ask, helper, status="pledged", answer="By then", due_on=DAY)
    entries = LogEntry.objects.filter(subject_kind="thread")
    assert not any("By then" in str(entry.changes) for entry in entries)
