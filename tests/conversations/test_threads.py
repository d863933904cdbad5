"""Threads: who is asked, whose turn it is, how they end, who sees them, and what the log keeps of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from conversations.enums import Side
from conversations.models import Following, Mention, Message, Thread
from conversations.narrative import about_words, turn_words
from conversations.selectors.parties import LEADERS, party_of
from conversations.selectors.threads import news, threads, threads_about
from conversations.services.following import set_following
from conversations.services.messages import EDITED_WITHIN, TAKEN_AWAY, TOO_LATE, edit_message, remove_text
from conversations.services.threads import (
    ENDED,
    OTHERS,
    OWN,
    end_thread,
    open_thread,
    pin_answer,
    remind_side,
    reopen_thread,
    write_message,
)
from lib.services.dates import working_days_after
from lib.services.errors import RefusedError, StaleError
from lib.text.spans import words_of
from strategy.enums import GoalStatus, Visibility
from strategy.models import Goal
from teams.enums import Role, TeamRole
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import NOW
from web.threads.subjects import conversations_about

pytestmark = pytest.mark.django_db


def ask(actor: Person, row: Any, text: str = "Why this goal?", **values: Any) -> Thread:
    about = (row._meta.model_name, row.pk)
    return open_thread(actor=actor, at=NOW, **{"kind": "question", "about": about, "text": text, **values})


def write(thread: Thread, actor: Person, text: str = "Because.", at: dt.datetime = NOW) -> Message:
    return write_message(thread, actor=actor, at=at, text=text)


def fresh(thread: Thread) -> Thread:
    thread.refresh_from_db()
    return thread


@pytest.fixture
def owner() -> Person:
    return make.PersonFactory(name="Olga Owner")


@pytest.fixture
def asker() -> Person:
    return make.PersonFactory(name="Ali Asker")


@pytest.fixture
def goal(owner: Person) -> Goal:
    return make.GoalFactory(key="more", title="Sell more", owner=owner)


def test_the_turn_goes_back_and_forth_until_the_asker_has_an_answer(goal, owner, asker):
    thread = ask(asker, goal)
    assert (thread.turn, thread.due_on) == (Side.ANSWERS, dt.date(2026, 3, 23))  # Monday to Monday
    assert list(Thread.objects.in_turn_of(owner)) == [thread]
    assert list(Thread.objects.in_turn_of(asker)) == []
    write(thread, make.PersonFactory(), "A remark of somebody else.")
    assert fresh(thread).turn == Side.ANSWERS
    write(thread, owner)
    assert (fresh(thread).turn, thread.due_on) == (Side.ASKS, None)
    assert list(Thread.objects.in_turn_of(asker)) == [thread]
    write(thread, asker, "And why now?", at=NOW + dt.timedelta(days=7))
    assert (fresh(thread).turn, thread.due_on) == (Side.ANSWERS, dt.date(2026, 3, 30))
    ended = end_thread(thread, actor=asker, at=NOW, version=thread.version, outcome="answered")
    assert (ended.outcome, ended.turn, ended.due_on, ended.closed_at) == ("answered", "", None, NOW)
    with pytest.raises(RefusedError, match=ENDED):
        write(thread, owner)
    again = reopen_thread(ended, actor=asker, at=NOW, version=ended.version)
    assert (again.outcome, again.turn, again.closed_at) == ("", Side.ANSWERS, None)


def test_a_question_is_late_from_the_day_after_its_last_working_day(goal, asker):
    thread = ask(asker, goal)
    assert not Thread.objects.late(dt.date(2026, 3, 23))
    assert list(Thread.objects.late(dt.date(2026, 3, 24))) == [thread]


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [("2026-03-13", 5, "2026-03-20"), ("2026-03-14", 1, "2026-03-16"), ("2026-03-16", 5, "2026-03-23")],
)
def test_working_days_leave_weekends_out(day, count, after):
    assert working_days_after(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(after)


def test_the_owner_answers_else_the_leads_of_the_team_else_leaders(asker):
    leader, lead, member = make.LeaderFactory(), make.PersonFactory(), make.PersonFactory()
    viewer, gone = make.PersonFactory(role=Role.VIEWER), make.PersonFactory(is_active=False)
    team, leaderless = make.TeamFactory(name="Search"), make.TeamFactory(name="Ops")
    make.MembershipFactory(team=team, person=lead, role=TeamRole.LEAD)
    make.MembershipFactory(team=team, person=member)
    everybody = {"leader": leader, "lead": lead, "member": member, "viewer": viewer, "gone": gone}

    def asked(row: Any) -> set[str]:
        thread = ask(asker, row)
        return {name for name, person in everybody.items() if thread in Thread.objects.in_turn_of(person)}

    assert asked(make.GoalFactory(owner=None)) == {"leader"}
    assert asked(make.GoalFactory(owner=member)) == {"member"}
    assert asked(make.GoalFactory(owner=viewer)) == {"leader"}
    assert asked(make.GoalFactory(owner=None, strategy=None, team=team)) == {"lead"}
    assert asked(make.GoalFactory(owner=gone, strategy=None, team=leaderless)) == {"leader"}
    assert asked(make.InitiativeFactory(team=team, owner=member)) == {"member"}
    assert asked(make.InitiativeFactory(team=team, owner=gone)) == {"lead"}
    assert asked(team) == {"lead"}
    assert asked(leaderless) == {"leader"}
    assert asked(make.LinkFactory(initiative=make.InitiativeFactory(team=team, owner=None))) == {"lead"}
    assert asked(make.StrategyFactory(owner=None)) == {"leader"}
    assert asked(make.ContextPageFactory(owner=member)) == {"member"}
    assert party_of("team", team.pk).team == team
    assert party_of("goal", make.GoalFactory(owner=gone).pk) == LEADERS


def test_whoever_answers_for_it_is_not_asked_by_themselves(goal, owner):
    with pytest.raises(RefusedError, match=OWN):
        ask(owner, goal)


def test_a_new_owner_has_the_turn_that_the_former_had(goal, owner, asker):
    thread, heir = ask(asker, goal), make.PersonFactory()
    Goal.objects.filter(pk=goal.pk).update(owner=heir)
    assert list(Thread.objects.in_turn_of(heir)) == [thread]
    assert list(Thread.objects.in_turn_of(owner)) == []


def test_a_thread_is_seen_by_those_who_see_what_it_is_about(asker):
    leader, other = make.LeaderFactory(), make.PersonFactory()
    secret = make.GoalFactory(visibility=Visibility.LEADERS, owner=asker)
    draft = make.GoalFactory(status=GoalStatus.DRAFT)
    link = make.LinkFactory(goal=secret)
    for row in (secret, draft, link):
        thread = ask(leader, row)
        assert thread in Thread.objects.visible_to(leader)
        assert thread not in Thread.objects.visible_to(other)
        assert thread not in threads(other)
        assert not Message.objects.visible_to(other).filter(thread=thread)
        with pytest.raises(PermissionDenied):
            write(thread, other)
    with pytest.raises(RefusedError):
        ask(other, secret)


def test_whoever_no_longer_sees_it_is_not_asked(goal, owner, asker):
    thread = ask(asker, goal)
    write(thread, owner)
    Goal.objects.filter(pk=goal.pk).update(visibility=Visibility.LEADERS, hidden_by=[goal.pk])
    assert list(Thread.objects.in_turn_of(asker)) == []


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_viewers_read_and_do_not_write(goal, asker, role):
    viewer, thread = make.PersonFactory(role=role), ask(asker, goal)
    assert thread in Thread.objects.visible_to(viewer)
    for step in (lambda: write(thread, viewer), lambda: ask(viewer, goal)):
        with pytest.raises(PermissionDenied):
            step()


def test_nothing_is_asked_without_a_text_or_about_what_is_unknown(goal, asker):
    with pytest.raises(ValidationError):
        ask(asker, goal, " \n ")
    with pytest.raises(ValidationError):
        ask(asker, goal, aspect="orphan")  # a flag of work
    assert ask(asker, goal, aspect="uncovered").aspect == "uncovered"
    assert not Thread.objects.filter(messages=None)


def test_only_the_asker_ends_it_and_once_they_have_left_whoever_answers(goal, owner, asker):
    thread = ask(asker, goal)
    with pytest.raises(PermissionDenied):
        end_thread(thread, actor=make.LeaderFactory(), at=NOW, version=thread.version, outcome="answered")
    for person, outcome in ((owner, "answered"), (asker, "endorsed")):
        with pytest.raises(RefusedError):
            end_thread(thread, actor=person, at=NOW, version=thread.version, outcome=outcome)
    with pytest.raises(StaleError):
        end_thread(thread, actor=asker, at=NOW, version=thread.version + 1, outcome="answered")
    Person.objects.filter(pk=asker.pk).update(is_active=False)
    thread = Thread.objects.get()
    assert end_thread(thread, actor=owner, at=NOW, version=thread.version, outcome="answered").outcome == "answered"


def test_names_behind_an_at_become_addresses_and_are_told(goal, owner, asker):
    team = make.TeamFactory(key="search", name="Search")
    thread = ask(asker, goal, "Does @olga owner know, and @Search? Write to me@example.org, or @Nobody Here.")
    text = Message.objects.get().text
    assert f"[@Olga Owner](/people/{owner.pk}/)" in text
    assert "[@Search](/teams/search/)?" in text
    assert "me@example.org, or @Nobody Here." in text
    assert set(Mention.objects.values_list("kind", "object_id")) == {("person", owner.pk), ("team", team.pk)}
    assert {row.person_id for row in Following.objects.filter(thread=thread)} == {asker.pk, owner.pk}


def test_a_name_of_several_is_asked_about(goal, asker):
    first, _second = make.PersonFactory(name="Kim", email="kim@example.org"), make.PersonFactory(name="Kim")
    with pytest.raises(ValidationError, match="may be 2"):
        ask(asker, goal, "Ask @Kim.")
    ask(asker, goal, "Ask @kim@example.org.")
    assert Mention.objects.get().object_id == first.pk


def test_a_message_is_edited_for_a_quarter_of_an_hour(goal, owner, asker):
    message = write(ask(asker, goal), owner, "Becuase.")
    edited = edit_message(message, actor=owner, at=NOW + EDITED_WITHIN, version=message.version, text="Because.")
    assert (edited.text, edited.edited_at) == ("Because.", NOW + EDITED_WITHIN)
    late = NOW + EDITED_WITHIN + dt.timedelta(seconds=1)
    with pytest.raises(RefusedError, match=TOO_LATE):
        edit_message(edited, actor=owner, at=late, version=edited.version, text="Another.")
    with pytest.raises(PermissionDenied):
        edit_message(edited, actor=asker, at=NOW, version=edited.version, text="Mine.")


def test_an_administrator_takes_a_text_away_and_a_mark_stays(goal, owner, asker):
    admin, thread = make.AdminFactory(), ask(asker, goal)
    message = write(thread, owner, "The password is @Olga Owner.")
    pin_answer(thread, message, actor=owner, at=NOW, version=fresh(thread).version)
    other = ask(asker, goal, "Another question?")
    kept = write(other, owner)
    pin_answer(other, kept, actor=owner, at=NOW, version=fresh(other).version)
    gone = remove_text(message, actor=admin, at=NOW, version=message.version)
    assert (gone.text, gone.removed_by) == ("", admin)
    assert fresh(thread).pinned is None
    assert not Mention.objects.all()
    assert "password" not in str(list(LogEntry.objects.values_list("changes", "note")))
    assert fresh(other).pinned == kept
    with pytest.raises(RefusedError, match=TAKEN_AWAY):
        remove_text(gone, actor=admin, at=NOW, version=gone.version)
    with pytest.raises(RefusedError, match=TAKEN_AWAY):
        edit_message(gone, actor=owner, at=NOW, version=gone.version, text="It is back.")
    with pytest.raises(RefusedError):
        pin_answer(thread, gone, actor=owner, at=NOW, version=fresh(thread).version)
    with pytest.raises(PermissionDenied):
        remove_text(gone, actor=owner, at=NOW, version=gone.version)


def test_a_good_answer_is_pinned_by_either_side_or_a_leader(goal, owner, asker):
    thread = ask(asker, goal)
    message = write(thread, owner, "Because customers ask for it.")
    for person in (owner, asker, make.LeaderFactory()):
        assert pin_answer(thread, message, actor=person, at=NOW, version=fresh(thread).version).pinned == message
        pin_answer(thread, None, actor=person, at=NOW, version=fresh(thread).version)
    with pytest.raises(PermissionDenied):
        pin_answer(thread, message, actor=make.PersonFactory(), at=NOW, version=fresh(thread).version)
    elsewhere = write(ask(asker, make.GoalFactory()), make.PersonFactory())
    with pytest.raises(RefusedError):
        pin_answer(thread, elsewhere, actor=owner, at=NOW, version=fresh(thread).version)


def test_whoever_writes_follows_and_whoever_mutes_is_told_nothing(goal, owner, asker):
    thread = ask(asker, goal)
    later = NOW + dt.timedelta(hours=1)
    write(thread, owner, at=later)
    assert list(news(asker, since=NOW)) == [thread]
    assert list(news(owner, since=NOW)) == []  # nobody else wrote
    set_following(thread, actor=asker, at=later, follows=False)
    write(thread, owner, "More.", at=later)
    assert list(news(asker, since=NOW)) == []
    set_following(thread, actor=asker, at=later, follows=True)
    assert list(news(asker, since=NOW)) == [thread]
    assert list(news(asker, since=later)) == []


def test_the_log_refers_to_what_it_is_about_and_has_no_words(goal, asker, owner):
    thread = ask(asker, goal, "A secret question")
    write(thread, owner, "A secret answer")
    entries = LogEntry.objects.about("goal", goal.pk)
    assert [entry.action for entry in entries.order_by("id")] == ["thread.opened", "thread.answered"]
    assert "secret" not in str(list(LogEntry.objects.values_list("changes", "note")))
    assert entries.first().changes["turn"] == ["answers", "asks"]


def test_a_list_says_what_each_is_about_and_whose_turn_it_is(goal, asker, owner):
    ask(asker, goal, "Why?", aspect="uncovered")
    link = make.LinkFactory(goal=goal, initiative=make.InitiativeFactory(title="Search", owner=owner))
    answered = ask(asker, link, "How?")
    write(answered, owner, at=NOW + dt.timedelta(hours=1))
    first, second = threads(asker).order_by("-last_at", "-id")
    assert words_of(about_words(first)) == "the link “Search → Sell more”"
    assert words_of(turn_words(first)) == "Answered; waits for Ali Asker"
    assert words_of(about_words(second)) == "“Nobody works on it” of the goal “Sell more”"
    assert words_of(turn_words(second)) == "Waits for Olga Owner, until 23 March 2026"
    assert about_words(second)[-1].path == "/goals/more/"
    assert about_words(first)[-1].path == f"/initiatives/{link.initiative.key}/#link-{link.pk}"
    assert [row.question for row in threads_about(asker, ("goal", goal.pk))] == ["Why?"]
    assert [row.question for row in threads(asker, state="mine")] == ["How?"]
    assert [row.question for row in threads(asker, state="late", on=dt.date(2026, 4, 1))] == ["Why?"]


def test_what_a_conversation_cannot_do_is_refused_in_words(goal, owner, asker):
    thread, other = ask(asker, goal), ask(asker, goal, "Another?")
    elsewhere = write(other, owner)

    def said(service: Any, *given: Any, actor: Person = asker, **values: Any) -> str:
        with pytest.raises((RefusedError, ValidationError)) as refused:
            service(*given, actor=actor, at=NOW, version=fresh(thread).version, **values)
        error = refused.value
        return error.messages[0] if isinstance(error, ValidationError) else str(error)

    assert said(end_thread, thread, outcome="accepted") == "A conversation of this kind does not end so."
    assert said(end_thread, thread, actor=owner, outcome="withdrawn") == OTHERS
    for day in (NOW.date(), NOW.date() - dt.timedelta(days=1)):
        assert said(end_thread, thread, outcome="answered", again_on=day) == "Choose a day that is still to come."
    assert said(reopen_thread, thread) == "This conversation is open."
    assert said(pin_answer, thread, elsewhere) == "That message is not there to be pinned."
    end_thread(thread, actor=asker, at=NOW, outcome="withdrawn", version=fresh(thread).version)
    assert said(end_thread, thread, outcome="answered") == ENDED
    assert said(reopen_thread, thread, actor=owner) == OTHERS

    goal.delete()
    with pytest.raises(RefusedError, match="not there any more"):
        ask(asker, goal)


def test_each_filter_of_the_list_leaves_the_others_out(goal, asker, owner):
    waits, answered = ask(asker, goal, "Waits?"), ask(asker, goal, "Answered?")
    write(answered, owner)
    ended = ask(asker, goal, "Ended?")
    end_thread(ended, actor=asker, at=NOW, outcome="withdrawn", version=fresh(ended).version)
    counter = make.ThreadFactory(kind="counter", about_kind="goal", about_id=goal.pk, asker=asker)

    def listed(person: Person, **asked: Any) -> set[int]:
        return {row.pk for row in threads(person, **asked)}

    assert listed(asker) == {waits.pk, answered.pk, ended.pk, counter.pk}
    assert listed(asker, state="open") == {waits.pk, answered.pk, counter.pk}
    assert listed(asker, state="ended") == {ended.pk}
    assert listed(asker, state="mine") == {answered.pk}
    assert listed(owner, state="mine", kind="question") == {waits.pk}
    assert listed(asker, state="late", on=dt.date(2026, 3, 23)) == set()
    assert listed(asker, state="late", on=dt.date(2026, 3, 24)) >= {waits.pk}
    assert listed(asker, kind="counter") == {counter.pk}
    assert listed(asker, kind="question", state="open") == {waits.pk, answered.pk}


def test_a_thread_about_what_is_gone_says_so(asker, owner):
    page = make.ContextPageFactory(owner=owner)
    ask(asker, page)
    page.delete()
    assert not threads(asker)


def test_lists_take_as_many_queries_with_many_threads(goal, asker, owner, django_assert_num_queries):
    for at in range(6):
        row = goal if at % 2 else make.InitiativeFactory(owner=owner)
        write(ask(asker, row), owner)
    with django_assert_num_queries(1):
        [(about_words(row), turn_words(row)) for row in threads(asker)]


def test_what_is_pinned_or_open_stays_on_the_page_behind_many_that_ended(goal, asker, owner):
    pinned, still_open = ask(asker, goal, "Pinned?"), ask(asker, goal, "Open?")
    pin_answer(pinned, write(pinned, owner), actor=owner, at=NOW, version=fresh(pinned).version)
    end_thread(pinned, actor=asker, at=NOW, version=fresh(pinned).version, outcome="answered")
    for number in range(60):
        later = make.ThreadFactory(
            about_id=goal.pk,
            asker=asker,
            turn="",
            outcome="answered",
            closed_at=NOW,
            last_at=NOW + dt.timedelta(days=1),
        )
        make.MessageFactory(thread=later, text=f"Ended {number}?")
    shown = conversations_about(asker, "/", ("goal", goal.pk))
    assert [line.question for line in shown.pinned] == ["Pinned?"]
    assert [line.question for line in shown.open] == ["Open?"]
    assert shown.more
    assert fresh(still_open).outcome == ""


# Reminding whoever is in turn

REMIND = "conversations.remind_side"
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def remind(thread: Thread, actor: Person, at: dt.datetime = NOW + DAY) -> Thread:
    return remind_side(thread, actor=actor, at=at, version=fresh(thread).version)


def test_whoever_waits_reminds_after_a_day_and_again_after_seven(goal, owner, asker):
    """NOW is Monday, 16 March 2026, 9:00."""
    thread, version = ask(asker, goal), 1
    with pytest.raises(RefusedError, match="from 17 March 2026, 09:00, on: a day after it became their turn"):
        remind(thread, asker, NOW + DAY - MINUTE)
    tuesday = remind(thread, asker)
    assert (tuesday.reminded_at, tuesday.version) == (NOW + DAY, version + 1)
    assert (tuesday.turned_at, tuesday.last_at, tuesday.due_on) == (NOW, NOW, dt.date(2026, 3, 23))
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.actor, [*entry.changes]) == ("thread.reminded", asker, ["reminded_at"])
    with pytest.raises(RefusedError, match=r"on 17 March 2026\. .* again from 24 March 2026, 09:00, on\."):
        remind(thread, asker, NOW + 8 * DAY - MINUTE)
    assert remind(thread, asker, NOW + 8 * DAY).reminded_at == NOW + 8 * DAY
    write(thread, owner, at=NOW + 9 * DAY)
    assert not fresh(thread).is_reminded, "that was of the turn before"
    with pytest.raises(
        RefusedError, match=r"from 31 March 2026, 09:00, on\. Somebody was reminded in this conversation on 24 March"
    ):
        remind(thread, owner, NOW + 15 * DAY - MINUTE)
    assert remind(thread, owner, NOW + 15 * DAY).is_reminded


def test_reminding_is_for_those_who_wait(goal, owner, asker):
    thread, leader = ask(asker, goal), make.PersonFactory(role=Role.LEADER)
    stale = fresh(thread).version
    may = {person for person in (asker, owner, leader, make.PersonFactory()) if person.has_perm(REMIND, thread)}
    assert may == {asker}
    set_following(thread, actor=leader, at=NOW, follows=True)
    set_following(thread, actor=owner, at=NOW, follows=True)
    assert (leader.has_perm(REMIND, thread), owner.has_perm(REMIND, thread)) == (True, False)
    remind(thread, leader)
    with pytest.raises(StaleError):
        remind_side(thread, actor=asker, at=NOW + 8 * DAY, version=stale)
    end_thread(thread, actor=asker, at=NOW + 8 * DAY, version=fresh(thread).version, outcome="answered")
    assert not asker.has_perm(REMIND, fresh(thread))
    ours = ask(asker, make.GoalFactory(owner=None))
    set_following(ours, actor=leader, at=NOW, follows=True)
    assert not leader.has_perm(REMIND, ours), "leaders are the ones to answer"
