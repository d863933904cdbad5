"""What digests tell of conversations: whose turn it is, what came of those that one follows, and who mentions one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Flag, Link
from conversations.models import Thread
from conversations.services.following import set_following
from conversations.services.threads import end_thread, open_thread, pin_answer, write_message
from digest.content import Section
from digest.registry import Kind
from digest.selectors.conversations import seen_by_many, works_of_links
from digest.writing import write_digests
from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal
from strategy.selectors.seen import confidential
from teams.models import Initiative, LogEntry, Person
from tests import factories as make
from tests.digest.digests import sections
from tests.digest.reading import (
    AT,
    LATER,
    SINCE,
    compute,
    digest,
    lead_of,
    member_of,
    old_firm,
    part,
    replies,
    said,
    section,
)
from tests.factories import DAY
from tests.firm import Firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return old_firm()


@pytest.fixture
def owner() -> Person:
    return make.PersonFactory(name="Olga Owner")


@pytest.fixture
def asker() -> Person:
    return make.PersonFactory(name="Ali Asker")


@pytest.fixture
def goal(firm: Firm, owner: Person) -> Goal:
    return make.GoalFactory(title="Sell more", owner=owner)


def ask(actor: Person, row: Any, text: str = "Why this goal?", **values: Any) -> Thread:
    about = (row._meta.model_name, row.pk)
    return open_thread(actor=actor, at=LATER, **{"kind": "question", "about": about, "text": text, **values})


def write(thread: Thread, actor: Person, text: str = "Because.") -> Any:
    return write_message(thread, actor=actor, at=LATER, text=text)


def end(thread: Thread, actor: Person) -> None:
    thread.refresh_from_db()
    end_thread(thread, actor=actor, at=LATER, version=thread.version, outcome="answered")


def conversations(person: Person, kind: Kind = Kind.OWN) -> Section | None:
    return section(person, kind, "conversations")


def test_what_waits_for_somebody_keeps_their_digest_alive(goal, owner, asker):
    ask(asker, goal)
    found = part(digest(owner), Kind.OWN)
    assert found is not None
    [told] = [each for each in found.sections if each.name == "conversations"]
    line = "Ali Asker waits for your answer to a question about the goal “Sell more”, until 25 March 2026."
    assert said(told) == [(line, "“Why this goal?”")]
    assert (told.news, told.quiet) == ("1 conversation waits for you", False)
    assert conversations(asker) is None, "their own words are no news"


def test_it_stands_once_in_the_digest_of_each_kind_of_reader(firm, goal, asker):
    lead = lead_of(firm.search)
    for person in (firm.leader, lead):
        ask(asker, make.GoalFactory(owner=person))
    assert conversations(firm.leader, Kind.COMPANY) is not None
    assert conversations(lead, Kind.TEAM) is not None


def test_an_end_tells_the_pinned_answer_to_who_follows_and_not_to_who_ended_it(goal, owner, asker):
    follower, muted = make.PersonFactory(), make.PersonFactory()
    thread = ask(asker, goal)
    set_following(thread, actor=follower, at=LATER, follows=True)
    set_following(thread, actor=muted, at=LATER, follows=False)
    message = write(thread, owner, "It **pays** for the rest.")
    thread.refresh_from_db()
    pin_answer(thread, message, actor=owner, at=LATER, version=thread.version)
    end(thread, asker)
    line = ("The question about the goal “Sell more” has ended: answered.", "“It pays for the rest.”")
    assert said(conversations(follower)) == [line]
    assert said(conversations(owner)) == [line]
    assert conversations(muted) is None
    assert said(conversations(asker)) == [
        ("Olga Owner wrote in the question about the goal “Sell more”.", "“It pays for the rest.”")
    ]


def test_what_others_wrote_is_told_and_counted_where_it_is_much(goal, owner, asker):
    thread = ask(asker, goal)
    write(thread, owner)
    write(thread, owner, "And more.")
    follower = make.PersonFactory()
    set_following(thread, actor=follower, at=LATER, follows=True)
    line = "3 messages came, the last by Olga Owner, in the question about the goal “Sell more”."
    assert said(conversations(follower)) == [(line, "“And more.”")]
    for number in range(5):
        other = ask(asker, make.GoalFactory(title=f"Goal {number}"))
        set_following(other, actor=follower, at=LATER, follows=True)
    told = said(conversations(follower))
    assert (len(told), told[-1]) == (5, ("There is news in 2 more conversations.", ""))


def test_more_turns_than_it_shows_are_counted(goal, owner, asker):
    for number in range(6):
        ask(asker, goal, f"Question {number}?")
    told = conversations(owner)
    assert told is not None
    assert said(told)[-1] == ("And 2 more wait for you.", "")
    assert told.news == "6 conversations wait for you"


def test_who_is_mentioned_is_told_and_so_are_their_teams(firm, goal, owner, asker):
    mia, worker = firm.member, member_of(firm.search)
    thread = ask(asker, goal)
    write(thread, owner, f"Ask @Mia Member, or @{firm.search.name}.")
    where = "in the question about the goal “Sell more”."
    assert said(conversations(mia))[0][0] == f"Olga Owner mentioned you {where}"
    assert said(conversations(worker))[0][0] == f"Olga Owner mentioned {firm.search.name} {where}"


def test_each_is_told_once(goal, owner, asker):
    thread = ask(asker, goal)
    write(thread, owner)
    end(thread, asker)
    owner.digests_always = True
    [content] = write_digests([owner], week=DAY, since=LATER, at=AT)
    assert all(each.name != "conversations" for each in sections(content))


def test_nothing_is_told_of_what_is_hidden_from_its_reader(firm, goal, owner, asker):
    """A goal becomes one for leaders after people asked and answered about it."""
    follower = make.PersonFactory()
    thread = ask(asker, goal, "Is Sell more secret?")
    write(thread, make.PersonFactory(), "Psst.")
    link = make.LinkFactory(goal=goal)
    of_link = ask(asker, link, "Secret too?")
    for each in (thread, of_link):
        set_following(each, actor=follower, at=LATER, follows=True)
        set_following(each, actor=firm.leader, at=LATER, follows=True)
    goal.owner = None
    goal.visibility = Visibility.LEADERS
    goal.save()
    for person in (owner, asker, follower, link.initiative.owner or follower, member_of(firm.search)):
        assert conversations(person) is None
    assert "Sell more" in str(said(conversations(firm.leader, Kind.COMPANY)))


def test_many_see_what_each_one_sees(firm, owner, asker):
    strategy = make.StrategyFactory(status=StrategyStatus.DRAFT, owner=owner)
    secret = make.GoalFactory(visibility=Visibility.LEADERS, owner=owner)
    drafts = [make.GoalFactory(strategy=strategy, status="draft"), make.GoalFactory(team=firm.search, status="draft")]
    decided = {"decided_on": DAY}
    rows = [
        *(strategy, make.StrategyFactory(), secret, make.GoalFactory(parent=secret), make.GoalFactory(), *drafts),
        *(make.LinkFactory(goal=secret), make.LinkFactory(goal=drafts[1]), make.LinkFactory()),
        *(firm.search, make.InitiativeFactory(), make.ContextPageFactory()),
        *(make.DecisionFactory(owner=owner, status="draft"), make.DecisionFactory(status="decided", **decided)),
        make.DecisionFactory(owner=asker, status="decided", visibility=Visibility.LEADERS, **decided),
    ]
    threads = [make.ThreadFactory(about_kind=row._meta.model_name, about_id=row.pk) for row in rows]
    abouts = {(one.about_kind, one.about_id) for one in threads}
    sees = seen_by_many(abouts, works_of_links(pk for kind, pk in abouts if kind == "link"), confidential())
    readers = [owner, asker, firm.leader, make.AdminFactory(), lead_of(firm.search), member_of(firm.search)]
    for person in (*readers, make.PersonFactory(role="viewer")):
        each = {*Thread.objects.visible_to(person).values_list("pk", flat=True)}
        assert {one.pk for one in threads if sees(person, (one.about_kind, one.about_id))} == each, person.name


def test_a_batch_asks_as_many_queries_for_many_as_for_one(firm, goal, owner, asker):
    follower = make.PersonFactory()
    people = [firm.leader, owner, asker, follower]
    for row in (
        goal,
        make.LinkFactory(),
        make.StrategyFactory(),
        make.DecisionFactory(status="decided", decided_on=DAY),
    ):
        thread = ask(asker, row)
        write(thread, follower, "@Olga Owner knows.")

    def queries(readers: list[Person]) -> int:
        with CaptureQueriesContext(connection) as seen:
            write_digests(readers, week=DAY, since=SINCE, at=AT)
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    one = queries(people)
    others = make.PersonFactory.create_batch(5)
    for person in others:
        write(ask(person, goal), owner)
        write(ask(asker, make.GoalFactory(owner=person)), follower)
    assert queries([*people, *others]) == one


def told(person: Person, weeks_ago: int) -> None:
    due = AT - dt.timedelta(weeks=weeks_ago)
    week = DAY - dt.timedelta(weeks=weeks_ago)
    last = LogEntry.objects.order_by("-pk")[0].pk
    made = {"state": "sent", "built_at": due, "sent_at": due, "told_to": last}
    make.DigestFactory(person=person, week=week, due_at=due, ends_at=due + dt.timedelta(days=7), **made)


def test_what_is_told_a_third_time_is_one_line(goal, owner, asker):
    ask(asker, goal)
    ask(asker, goal)
    Thread.objects.update(turned_at=AT - dt.timedelta(weeks=3))
    told(owner, 1)
    assert len(said(conversations(owner))) == 2, "told once"
    told(owner, 2)
    found = conversations(owner)
    assert said(found) == [("2 older conversations still wait for you.", "")]
    assert found is not None
    assert (found.asks, found.quiet) == (2, False)
    ask(asker, goal, "New?")
    assert [detail for _line, detail in said(conversations(owner))] == ["“New?”", ""]


def test_flags_that_are_told_a_third_time_are_one_line(firm):
    person = make.PersonFactory()
    Initiative.objects.filter(key="half").update(owner=person)
    before = section(person, Kind.OWN, "waiting")
    told(person, 1)
    assert said(section(person, Kind.OWN, "waiting")) == said(before), "told once"
    told(person, 2)
    after = section(person, Kind.OWN, "waiting")
    assert said(after) == [("1 older flag on your work is still open.", "")]
    assert after is not None
    assert after.asks == 1


def test_both_answers_to_a_bet_whose_day_has_come_are_offered(firm):
    person, link = make.PersonFactory(), firm.work["half"].links.get()
    Initiative.objects.filter(key="half").update(owner=person)
    Link.objects.filter(pk=link.pk).update(review_on=DAY - dt.timedelta(days=1))
    compute()
    Flag.objects.exclude(code="review_due").delete()
    offered = replies(section(person, Kind.OWN, "waiting"))
    assert offered[0][:2] == [("The bet held", "held", (link.pk,)), ("The bet failed", "failed", (link.pk,))]


def test_both_judgements_of_a_link_are_offered(firm, owner):
    Goal.objects.filter(pk=firm.growth.pk).update(owner=owner)
    link = firm.work["faster"].links.get(goal=firm.growth)
    offered = replies(section(owner, Kind.OWN, "judgements"))
    assert [("Endorse", "endorse", (link.pk,)), ("Dispute", "dispute", (link.pk,))] in offered
