"""The mail of the day: who is told that it is their turn in a conversation, when, of what, and once.

NOW is Monday, 16 March 2026, 9:00 UTC, the company's zone is UTC, and its hour is 8.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import Thread
from conversations.selectors.turns import turns
from conversations.services.following import set_following
from conversations.services.messages import remove_text
from conversations.services.threads import end_thread, open_thread, remind_side, write_message
from digest import tasks
from digest.enums import DigestState
from digest.models import DigestSettings, TurnMail
from digest.services import turn_mails as turnmails
from digest.services.turn_mails import plan_turn_mails, send_turn_mails
from strategy.enums import Visibility
from strategy.models import Goal
from teams.enums import Role, TeamRole
from teams.models import Company, LogEntry, Person, Team
from teams.services.pledges import answer_support
from teams.services.support import ask_support
from tests import factories as make
from tests.factories import NOW
from tests.html import links_named, parsed
from tests.smtp import CLOSE, Sink, Step

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
MOMENT = NOW + DAY - HOUR
"""Tuesday at 8:00, when what was asked on Monday is told."""
PLANNED = NOW - 2 * HOUR


@pytest.fixture(autouse=True)
def running() -> None:
    DigestSettings.objects.update(previewed_at=PLANNED, started_at=PLANNED, turns_planned_to=NOW)


@pytest.fixture
def owner() -> Person:
    return make.PersonFactory(name="Olga Owner", email="olga@example.org")


@pytest.fixture
def asker() -> Person:
    return make.PersonFactory(name="Ali Asker", email="ali@example.org")


@pytest.fixture
def goal(owner: Person) -> Goal:
    return make.GoalFactory(key="more", title="Sell more", owner=owner)


def ask(actor: Person, row: Any, text: str = "Why **this** goal?", at: dt.datetime = NOW, **values: Any) -> Thread:
    about = (row._meta.model_name, row.pk)
    return open_thread(actor=actor, at=at, **{"kind": "question", "about": about, "text": text, **values})


def sweep(at: dt.datetime = MOMENT) -> int:
    plan_turn_mails(at=at)
    return send_turn_mails(at=at)


def taken(sink: Sink) -> list[tuple[str, str]]:
    return [(each.recipients[0], str(each.message["Subject"]).strip()) for each in sink.received]


def text_of(sink: Sink, place: int = -1) -> str:
    part = sink.received[place].message.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


# What it says


def test_one_question_is_told_in_a_sentence_with_its_address(goal, asker, smtp_sink: Sink):
    thread = ask(asker, goal)
    assert sweep() == 1
    assert taken(smtp_sink) == [("olga@example.org", "Ali Asker waits for your answer about the goal “Sell more”")]
    address = f"http://localhost:8000/threads/{thread.key}/"
    told = text_of(smtp_sink)
    assert told.startswith(
        "Hello Olga Owner,\n\nAli Asker waits for your answer to a question about the goal “Sell\n"
        f"more”, until 23 March 2026.\n“Why this goal?”\n{address}\n"
    )
    message = smtp_sink.received[0].message
    html = message.get_body(("html",))
    assert html is not None
    page = parsed(html.get_content())
    assert links_named(page, "Read and answer") == [address]
    assert message["Message-ID"] == f"<turns.2026-03-17.{goal.owner_id}@localhost>"
    stop = str(message["List-Unsubscribe"]).strip(" <>")
    assert stop in told.splitlines()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_all_turns_are_in_one_mail_the_most_urgent_first(goal, owner, asker, smtp_sink: Sink):
    ours = ask(owner, make.GoalFactory(title="Spend less", owner=asker), "And this?")
    first = ask(asker, goal, "Late?", at=NOW - HOUR)
    second = ask(make.PersonFactory(name="Ann Other"), goal, "Soon?")
    Thread.objects.filter(pk=second.pk).update(due_on=dt.date(2026, 3, 18))
    write_message(ours, actor=asker, at=NOW, text="Because.")
    assert sweep() == 1
    assert taken(smtp_sink) == [("olga@example.org", "3 conversations wait for you")]
    places = [text_of(smtp_sink).index(thread.key) for thread in (second, first, ours)]
    assert places == sorted(places)
    assert "Somebody answered in your question about the goal “Spend less”." in text_of(smtp_sink)


def test_more_than_it_shows_are_counted(goal, asker, smtp_sink: Sink):
    for number in range(10):
        ask(asker, goal, f"Question {number}?")
    assert sweep() == 1
    told = text_of(smtp_sink)
    assert "Question 7?" in told
    assert "Question 8?" not in told
    assert "And 2 more wait for you:\nhttp://localhost:8000/threads/?state=mine" in told
    assert sweep(MOMENT + DAY) == 0, "those that were counted are told too"


# Reminders


def remind(thread: Thread, actor: Person, at: dt.datetime) -> None:
    thread.refresh_from_db()
    remind_side(thread, actor=actor, at=at, version=thread.version)


def test_reminder_is_told_once_more_by_whoever_reminds(goal, owner, asker, smtp_sink: Sink):
    thread = ask(asker, goal)
    assert sweep() == 1
    remind(thread, asker, NOW + DAY)
    assert sweep(MOMENT + DAY) == 1
    assert taken(smtp_sink)[1:] == [
        ("olga@example.org", "Ali Asker reminds you of the question about the goal “Sell more”")
    ]
    told = text_of(smtp_sink)
    assert "Ali Asker reminds you: the question about the goal “Sell more” waits for\nyou, " in told
    assert "until 23 March 2026.\n“Why this goal?”" in told
    assert sweep(MOMENT + 2 * DAY) == 0
    late = NOW + 40 * DAY
    DigestSettings.objects.update(turns_planned_to=late)
    remind(thread, asker, late)
    assert sweep(late + DAY - HOUR) == 1, "however old the turn is"


def test_reminder_of_a_late_promise_is_told_to_whoever_promised(owner, asker, smtp_sink: Sink):
    helping = make.MembershipFactory(person=owner, role=TeamRole.LEAD).team
    work = make.InitiativeFactory(title="Search", owner=asker)
    support = ask_support(work, actor=asker, at=NOW, team=helping, ask="An index", size="small")
    promised: dict[str, Any] = {"status": "pledged", "answer": "By Wednesday", "due_on": dt.date(2026, 3, 18)}
    answer_support(support, actor=owner, at=NOW + HOUR, version=support.version, **promised)
    remind(Thread.objects.get(), asker, NOW + 3 * DAY)
    DigestSettings.objects.update(turns_planned_to=NOW + 3 * DAY)
    assert sweep(MOMENT + 3 * DAY) == 1
    assert taken(smtp_sink) == [
        ("olga@example.org", "Ali Asker reminds you of the conversation about support of “Search”")
    ]
    assert "waits\nfor what was promised.\n“An index”" in text_of(smtp_sink)
    assert sweep(MOMENT + 4 * DAY) == 0


def test_reminder_is_not_told_of_a_turn_that_is_over_or_muted(goal, owner, asker, smtp_sink: Sink):
    answered, muted = ask(asker, goal), ask(asker, goal, "And this?")
    assert sweep() == 1
    for thread in (answered, muted):
        remind(thread, asker, NOW + DAY)
    set_following(muted, actor=owner, at=NOW + DAY, follows=False)
    write_message(answered, actor=owner, at=NOW + DAY + MINUTE, text="Because.")
    assert sweep(MOMENT + DAY) == 2
    assert taken(smtp_sink)[1:] == [
        ("ali@example.org", "Somebody answered in your question about the goal “Sell more”")
    ]


# Who is told


def people_in_turn() -> dict[int, set[int]]:
    return {person: {turn.thread for turn in of} for person, of in turns(Thread.objects.all()).items()}


def one_by_one() -> dict[int, set[int]]:
    found = {one.pk: {*Thread.objects.in_turn_of(one).values_list("pk", flat=True)} for one in Person.objects.all()}
    return {person: threads for person, threads in found.items() if threads}


def test_who_is_in_turn_is_the_same_for_many_as_for_each(owner, asker):
    """Nothing is hidden here, so that whoever answers also sees it."""
    lead, reads, left = make.PersonFactory(), make.PersonFactory(role=Role.VIEWER), make.PersonFactory(is_active=False)
    make.LeaderFactory()
    admin = make.AdminFactory()
    team = make.TeamFactory()
    for person in (lead, reads, left):
        make.MembershipFactory(team=team, person=person, role=TeamRole.LEAD)
    archived: Team = make.TeamFactory(archived_on=NOW.date())
    make.MembershipFactory(team=archived, person=lead, role=TeamRole.LEAD)
    goals = [
        *(make.GoalFactory(owner=one) for one in (owner, None, left, reads)),
        *(make.GoalFactory(strategy=None, team=one, owner=None) for one in (team, archived, make.TeamFactory())),
    ]
    work = [make.InitiativeFactory(team=team, owner=one) for one in (None, owner, left)]
    for row in (*goals, *work, team, archived, make.StrategyFactory(owner=owner), Company.objects.get()):
        ask(asker, row)
    answered = ask(asker, goals[0])
    write_message(answered, actor=owner, at=NOW, text="So.")
    ended = ask(asker, goals[0])
    end_thread(ended, actor=asker, at=NOW, version=ended.version, outcome="withdrawn")
    for work_owner, goal in ((owner, goals[1]), (lead, goals[4])):
        link = make.LinkFactory(initiative=make.InitiativeFactory(team=team, owner=work_owner), goal=goal)
        for side in ("asks", "answers"):
            row = ask(asker, link, kind="dispute")
            Thread.objects.filter(pk=row.pk).update(turn=side, due_on=None)
    found = one_by_one()
    assert {owner.pk, lead.pk, asker.pk, admin.pk} <= found.keys()
    assert people_in_turn() == found


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"joined_at": None},
        {"turn_mails": False},
        {"refused_at": NOW, "refusal": "550 Nobody"},
    ],
)
@pytest.mark.parametrize("when", ["before it is planned", "after"])
def test_who_is_not_here_or_wants_none_is_not_told(goal, owner, asker, smtp_sink: Sink, change, when):
    ask(asker, goal)
    if when == "after":
        plan_turn_mails(at=MOMENT)
    Person.objects.filter(pk=owner.pk).update(**change)
    assert sweep() == 0
    assert smtp_sink.received == []


def test_whose_digests_are_off_is_told_all_the_same(goal, owner, asker, smtp_sink: Sink):
    Person.objects.filter(pk=owner.pk).update(digests=False)
    ask(asker, goal)
    assert sweep() == 1


@pytest.mark.parametrize("change", [{"started_at": None}, {"paused_at": NOW}])
def test_nothing_leaves_while_digests_do_not(goal, asker, smtp_sink: Sink, change):
    ask(asker, goal)
    DigestSettings.objects.update(**change)
    assert sweep() == 0
    DigestSettings.objects.update(started_at=PLANNED, paused_at=None)
    assert sweep(MOMENT + HOUR) == 1, "and later what waited does, on its day"


def test_questions_from_before_digests_were_started_are_not_told(goal, asker, smtp_sink: Sink):
    ask(asker, goal, at=PLANNED - MINUTE)
    assert sweep() == 0


def test_nothing_is_told_of_what_was_answered_ended_or_hidden_meanwhile(goal, owner, asker, smtp_sink: Sink):
    lead = make.PersonFactory(email="lead@example.org")
    secret = make.GoalFactory(title="Secret", owner=None, strategy=None, team=make.TeamFactory())
    make.MembershipFactory(team=secret.team, person=lead, role=TeamRole.LEAD)
    answered, ended, _hidden, stays = ask(asker, goal), ask(asker, goal), ask(asker, secret), ask(asker, goal, "Stays?")
    plan_turn_mails(at=MOMENT)
    write_message(answered, actor=owner, at=NOW + HOUR, text="So.")
    end_thread(ended, actor=asker, at=NOW + HOUR, version=ended.version, outcome="withdrawn")
    Goal.objects.filter(pk=secret.pk).update(visibility=Visibility.LEADERS)
    sweep()
    assert {to for to, _subject in taken(smtp_sink)} == {"olga@example.org"}, "and the lead gets no empty mail"
    assert stays.key in text_of(smtp_sink)
    assert answered.key not in text_of(smtp_sink)
    assert dict(TurnMail.objects.values_list("person__email", "state"))["lead@example.org"] == DigestState.NOTHING


def test_what_was_muted_is_not_told(goal, owner, asker, smtp_sink: Sink):
    set_following(ask(asker, goal), actor=owner, at=NOW, follows=False)
    sweep()
    assert smtp_sink.received == []


def test_a_text_that_was_taken_away_is_not_told(goal, asker, smtp_sink: Sink):
    thread = ask(asker, goal, "The password is hunter2.")
    message = thread.messages.get()
    remove_text(message, actor=make.AdminFactory(), at=NOW, version=message.version)
    assert sweep() == 1
    assert "hunter2" not in text_of(smtp_sink)


# When


def test_it_leaves_at_the_hour_of_each_in_their_zone(goal, owner, asker, smtp_sink: Sink):
    Person.objects.filter(pk=owner.pk).update(timezone="America/New_York", digest_hour=6)
    ask(asker, goal)
    at = dt.datetime(2026, 3, 17, 10, tzinfo=dt.UTC)  # 6:00 in New York, four hours behind
    assert sweep(at - MINUTE) == 0
    assert sweep(at) == 1
    assert TurnMail.objects.get().day == dt.date(2026, 3, 17)


def test_at_weekends_too(goal, asker, smtp_sink: Sink):
    saturday = MOMENT + 4 * DAY
    DigestSettings.objects.update(turns_planned_to=saturday - HOUR)
    ask(asker, goal, at=saturday - HOUR)
    assert sweep(saturday) == 1


def test_each_turn_is_told_once_and_at_most_one_mail_leaves_a_day(goal, owner, asker, smtp_sink: Sink):
    thread = ask(asker, goal)
    assert sweep() == 1
    assert sweep() == 0
    assert sweep(MOMENT + DAY) == 0, "told already"
    write_message(thread, actor=owner, at=MOMENT + DAY, text="So.")
    write_message(thread, actor=asker, at=MOMENT + DAY + HOUR, text="And?")
    assert sweep(MOMENT + DAY + 2 * HOUR) == 0, "Ali is told on the next day, and Olga too"
    assert sweep(MOMENT + 2 * DAY) == 1
    assert [to for to, _subject in taken(smtp_sink)] == ["olga@example.org"] * 2


def test_a_turn_that_was_told_does_not_hide_one_that_was_not(goal, asker, smtp_sink: Sink):
    ask(asker, goal)
    assert sweep() == 1
    ask(asker, goal, at=MOMENT + HOUR)
    assert sweep(MOMENT + DAY) == 1


def test_new_owners_are_told_of_what_waits_for_them_now(goal, asker, smtp_sink: Sink):
    ask(asker, goal)
    assert sweep() == 1
    goal.owner = make.PersonFactory(email="new@example.org")
    goal.save()
    assert sweep(MOMENT + DAY) == 1
    assert taken(smtp_sink)[-1][0] == "new@example.org"


def test_a_day_on_which_nothing_ran_is_made_up_for_on_the_next(goal, asker, smtp_sink: Sink):
    ask(asker, goal)
    assert sweep(MOMENT + DAY + HOUR) == 1
    assert TurnMail.objects.get().day == dt.date(2026, 3, 18)


# Beside the digest


def monday(state: DigestState, owner: Person, built_at: dt.datetime) -> dt.datetime:
    """The next Monday at 8:00, with a digest of `owner`."""
    due = MOMENT + 6 * DAY
    times = {"week": due.date(), "due_at": due, "ends_at": due + 7 * DAY, "built_at": built_at, "sent_at": due}
    make.DigestFactory(person=owner, state=state, **times)
    DigestSettings.objects.update(turns_planned_to=due - HOUR)
    return due


def test_what_the_digest_of_the_day_told_is_not_told_again(goal, owner, asker, smtp_sink: Sink):
    due = monday(DigestState.SENT, owner, built_at=MOMENT + 6 * DAY - 2 * HOUR)
    ask(asker, goal, "Told?", at=due - 3 * HOUR)
    later = ask(asker, goal, "Later?", at=due - HOUR)
    assert sweep(due) == 1
    assert taken(smtp_sink) == [("olga@example.org", "Ali Asker waits for your answer about the goal “Sell more”")]
    assert later.key in text_of(smtp_sink)
    assert sweep(due + DAY) == 0


def test_it_waits_for_the_digest_of_the_day(goal, owner, asker, smtp_sink: Sink):
    due = monday(DigestState.BUILT, owner, built_at=MOMENT + 6 * DAY - 2 * HOUR)
    ask(asker, goal, at=due - 3 * HOUR)
    sweep(due)
    assert TurnMail.objects.get().not_before == due + 5 * MINUTE
    owner.digests_of_weeks.update(state=DigestState.SENT)
    sweep(due + 5 * MINUTE)
    assert smtp_sink.received == []
    assert TurnMail.objects.get().state == DigestState.NOTHING


# Once, whatever happens


def test_a_server_that_says_later_is_asked_again(goal, asker, smtp_sink: Sink):
    ask(asker, goal)
    smtp_sink.answer(Step.RCPT, "451 4.7.1 Later", to="olga@example.org", times=1)
    sweep()
    row = TurnMail.objects.get()
    assert (row.state, row.attempts, row.claim, row.not_before) == ("due", 1, None, MOMENT + MINUTE)
    assert send_turn_mails(at=MOMENT + MINUTE) == 1
    assert len(smtp_sink.received) == 1


def test_a_server_that_is_away_puts_it_off_and_the_next_day_tells_it(goal, asker, smtp_sink: Sink):
    ask(asker, goal)
    smtp_sink.answer(Step.GREETING, CLOSE, times=1)
    assert sweep() == 0
    assert TurnMail.objects.get().state == DigestState.DUE
    assert sweep(MOMENT + DAY) == 1
    states = dict(TurnMail.objects.values_list("day", "state"))
    assert states == {dt.date(2026, 3, 17): "missed", dt.date(2026, 3, 18): "sent"}


def test_an_address_refused_for_good_gets_no_more(goal, owner, asker, smtp_sink: Sink):
    ask(asker, goal)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 nobody here", to="olga@example.org")
    sweep()
    owner.refresh_from_db()
    assert owner.refused_at == MOMENT
    assert LogEntry.objects.filter(action="person.mail_refused", subject_id=owner.pk).count() == 1
    assert TurnMail.objects.get().state == DigestState.FAILED


def test_a_worker_that_was_killed_is_followed_after_the_lease_and_not_before(goal, asker, smtp_sink, monkeypatch):
    ask(asker, goal)
    plan_turn_mails(at=MOMENT)
    killed = turnmails._claim(MOMENT)
    assert killed is not None
    assert send_turn_mails(at=MOMENT) == 0
    TurnMail.objects.update(claimed_at=MOMENT - DAY)
    assert send_turn_mails(at=MOMENT) == 1
    assert len(smtp_sink.received) == 1
    assert turnmails._ours(killed).count() == 0


def test_sweeps_at_the_same_time_make_one_row(goal, asker):
    ask(asker, goal)
    for _sweep in range(2):
        DigestSettings.objects.update(turns_planned_to=NOW)
        plan_turn_mails(at=MOMENT)
    assert TurnMail.objects.count() == 1


def test_the_tasks_plan_and_send(goal, asker, smtp_sink: Sink, time_machine, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(tasks.send_turn_mails, "apply_async", lambda **_options: asked.append("send"))
    ask(asker, goal)
    time_machine.move_to(MOMENT, tick=False)
    assert tasks.send_due_turn_mails.apply().get() == 1
    assert asked == ["send"]
    assert tasks.send_turn_mails.apply().get() == 1
    assert len(smtp_sink.received) == 1


def test_planning_takes_as_many_queries_for_many_as_for_one(goal, asker):
    def queries(at: dt.datetime) -> int:
        with CaptureQueriesContext(connection) as seen:
            plan_turn_mails(at=at)
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    ask(asker, goal)
    one = queries(MOMENT)
    for number in range(5):
        ask(asker, make.GoalFactory(owner=make.PersonFactory(email=f"{number}@example.org")), at=MOMENT + HOUR)
    assert queries(MOMENT + DAY) == one
    assert TurnMail.objects.count() == 7, "nothing was sent, so that Olga has one on each of the days"
