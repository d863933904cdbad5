"""Which letters there are to be, what they are built of, and what becomes of those that nobody sends.

NOW is Monday, 16 March 2026, 9:00 UTC; the company's letters are due on Mondays at 8:00 UTC.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.services.invitations import make_admin
from digest import writing
from digest.content import Content, Part, Section
from digest.enums import LetterState
from digest.models import Digest, Letter
from digest.schedule import LEAD, WEEK
from digest.services import building as letters
from digest.services.building import batches_waiting, build_letters, resend_failed, resend_letter
from digest.services.claims import claim_for_building, claim_for_sending, to_build, to_send
from digest.services.plans import (
    drop_plans,
    drop_unwanted,
    letters_to_plan,
    miss_letters,
    plan_letters,
    put_in_order,
    rebuild_outdated,
)
from digest.services.running import resume_digest
from digest.services.subscriptions import allow_letters, choose_letters, start_letters_again, stop_letters
from lib.services.errors import RefusedError
from lib.text.spans import Line, Span
from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.services.goals import edit_goal, move_goal
from strategy.services.strategies import publish_strategy, unpublish_strategy
from teams.enums import Role
from teams.models import Company, LogEntry, Person
from teams.services.people import change_role
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

HOUR, ONE_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOMENT = dt.datetime(2026, 3, 16, 8, tzinfo=dt.UTC)
LONG_AGO = NOW - 10 * WEEK


def start(at: dt.datetime = LONG_AGO, planned_to: dt.datetime | None = None, **changes: Any) -> None:
    Digest.objects.update(previewed_at=at, started_at=at, planned_to=planned_to, **changes)


def somebody(**values: Any) -> Person:
    return make.PersonFactory(**({"joined_at": LONG_AGO} | values))


def planned(person: Person) -> list[tuple[dt.date, dt.datetime, str]]:
    rows = Letter.objects.filter(person=person).order_by("week")
    return list(rows.values_list("week", "due_at", "state"))


def only() -> Letter:
    return Letter.objects.select_related("person").get()


def claimed(letter: Letter, *, ago: float = 0) -> None:
    """By another worker, by the database's clock."""
    Letter.objects.filter(pk=letter.pk).update(claim=uuid.uuid4(), claimed_at=Now() - dt.timedelta(seconds=ago))


def waits(**values: Any) -> Letter:
    """A letter of this week to somebody who wants it."""
    values.setdefault("person", None)
    person = values.pop("person") or somebody()
    return make.LetterFactory(person=person, **values)


def is_built(letter: Letter, at: dt.datetime = NOW) -> Letter:
    content = Content(letter.person.name, "Firm", "2026-W12", (HELLO,)).to_json()
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.BUILT, content=content, built_at=at, subject="Hello")
    letter.refresh_from_db()
    return letter


HELLO = Part("own", "For you", "/", (Section("note", "News", (Line((Span("Hello."),)),), news="Hello"),))


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every letter says hello, but those to people who are called Nobody; what was asked for is in it."""
    asked: list[dict[str, Any]] = []

    def write(people: list[Person], **given: Any) -> list[Content]:
        asked.append({"people": people, **given})
        return [Content(each.name, "Firm", "2026-W12", () if each.name == "Nobody" else (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_letters", write)
    return asked


# Planning


def test_nothing_is_planned_before_the_digest_is_started():
    somebody()
    assert plan_letters(at=NOW) == 0
    assert not Letter.objects.exists()
    assert Digest.objects.get().planned_to is None


def test_letter_is_planned_once_its_moment_is_within_the_lead():
    start(MOMENT - 2 * ONE_DAY)
    person = somebody()
    assert plan_letters(at=MOMENT - LEAD - HOUR) == 0
    assert plan_letters(at=MOMENT - LEAD) == 1
    assert plan_letters(at=NOW) == 0
    assert planned(person) == [(DAY, MOMENT, "due")]
    letter = only()
    assert (letter.not_before, letter.ends_at) == (MOMENT, dt.datetime(2026, 3, 23, tzinfo=dt.UTC))
    assert Digest.objects.get().planned_to == NOW + LEAD


def test_planning_does_not_count_as_an_edit():
    start()
    plan_letters(at=NOW)
    before = Digest.objects.get()
    plan_letters(at=NOW + HOUR)
    after = Digest.objects.get()
    assert (after.version, after.planned_to) == (before.version, NOW + HOUR + LEAD)


def test_clock_that_was_far_ahead_keeps_nothing_from_being_planned():
    start()
    plan_letters(at=NOW + 3 * WEEK)
    late = somebody()
    plan_letters(at=NOW)
    assert Letter.objects.filter(person=late, week=DAY).exists()


@pytest.mark.parametrize(
    "who",
    [
        {"is_active": False},
        {"joined_at": None},
        {"letters": False},
        {"refused_at": LONG_AGO},
        {"joined_at": MOMENT + dt.timedelta(minutes=1)},
        {"letters_since": MOMENT + dt.timedelta(minutes=1)},
    ],
    ids=lambda who: next(iter(who)),
)
def test_who_is_not_entitled_gets_none(who):
    start(MOMENT - ONE_DAY)
    somebody(**who)
    assert plan_letters(at=NOW) == 0


def test_who_joined_or_wants_letters_up_to_the_moment_gets_one():
    start(MOMENT - ONE_DAY)
    somebody(joined_at=MOMENT)
    somebody(letters_since=MOMENT)
    assert plan_letters(at=NOW) == 2


def test_moment_before_the_start_gives_no_letter():
    start(MOMENT + dt.timedelta(minutes=1))
    person = somebody()
    late = somebody(letter_weekday=2)
    plan_letters(at=NOW + 2 * ONE_DAY)
    assert planned(person) == []
    assert planned(late) == [(DAY, MOMENT + ONE_DAY, "due")]


def test_moments_are_in_each_persons_own_zone():
    start(NOW - ONE_DAY)
    Company.objects.update(timezone="Europe/Paris")
    own = somebody(timezone="America/New_York", letter_weekday=1, letter_hour=6)
    company = somebody(letter_hour=15)
    plan_letters(at=NOW + ONE_DAY)
    assert planned(own) == [(DAY, dt.datetime(2026, 3, 16, 10, tzinfo=dt.UTC), "due")]
    assert planned(company) == [(DAY, dt.datetime(2026, 3, 16, 14, tzinfo=dt.UTC), "due")]
    assert Letter.objects.get(person=own).ends_at == dt.datetime(2026, 3, 23, 4, tzinfo=dt.UTC)


def test_company_chooses_for_those_who_chose_nothing():
    start(NOW - ONE_DAY, weekday=3, hour=7)
    person = somebody()
    plan_letters(at=NOW + 3 * ONE_DAY)
    assert planned(person) == [(DAY, dt.datetime(2026, 3, 18, 7, tzinfo=dt.UTC), "due")]


def test_weeks_that_ended_while_nobody_planned_are_missed():
    start(MOMENT - 2 * WEEK - ONE_DAY, planned_to=MOMENT - 2 * WEEK - ONE_DAY)
    person = somebody()
    assert plan_letters(at=NOW) == 3
    assert planned(person) == [
        (DAY - 2 * WEEK, MOMENT - 2 * WEEK, "missed"),
        (DAY - WEEK, MOMENT - WEEK, "missed"),
        (DAY, MOMENT, "due"),
    ]


def test_planning_does_not_go_back_further_than_a_year():
    start(NOW - 80 * WEEK)
    somebody(joined_at=NOW - 100 * WEEK)
    assert plan_letters(at=NOW) == 53


def test_who_joins_during_the_week_before_their_moment_gets_that_letter():
    """Also where the planning is in the week after it already."""
    sunday = dt.datetime(2026, 3, 22, 22, 30, tzinfo=dt.UTC)
    start(sunday - ONE_DAY)
    plan_letters(at=sunday)
    person = somebody(joined_at=sunday, letter_weekday=7, letter_hour=23)
    assert plan_letters(at=sunday + dt.timedelta(minutes=1)) == 1
    assert planned(person) == [(DAY, dt.datetime(2026, 3, 22, 23, tzinfo=dt.UTC), "due")]


def choose(person: Person, at: dt.datetime, **chosen: Any) -> None:
    values = {"letters": True, "letters_always": False, "letter_weekday": None, "letter_hour": None, "timezone": ""}
    choose_letters(person, actor=person, at=at, **(values | chosen))


def test_changed_to_a_day_that_has_passed_the_letter_comes_at_once(says):
    wednesday = NOW + 2 * ONE_DAY
    start(MOMENT - ONE_DAY)
    person = somebody(letter_weekday=5)
    plan_letters(at=wednesday)
    assert planned(person) == []
    choose(person, wednesday, letter_weekday=1)
    assert plan_letters(at=wednesday) == 1
    assert planned(person) == [(DAY, MOMENT, "due")]
    assert build_letters(at=wednesday) == 1
    assert to_send(wednesday).exists()


def test_changed_after_the_letter_of_the_week_there_is_no_second_one():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_letters(at=NOW)
    Letter.objects.update(state=LetterState.SENT, sent_at=NOW)
    choose(person, NOW, letter_weekday=5)
    plan_letters(at=NOW + 5 * ONE_DAY)
    assert planned(person) == [(DAY, MOMENT, "sent")]


def test_changed_to_a_later_day_the_letter_that_waits_is_planned_anew():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_letters(at=MOMENT - HOUR)
    choose(person, MOMENT - HOUR, letter_weekday=5)
    assert planned(person) == []
    plan_letters(at=NOW)
    assert planned(person) == []
    plan_letters(at=NOW + 4 * ONE_DAY)
    assert planned(person) == [(DAY, MOMENT + 4 * ONE_DAY, "due")]


def test_letters_turned_off_and_on_again_after_the_moment_come_next_week():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_letters(at=MOMENT - HOUR)
    stop_letters(person, actor=person, at=MOMENT - HOUR)
    assert planned(person) == []
    start_letters_again(person, actor=person, at=NOW)
    plan_letters(at=NOW)
    assert planned(person) == []
    plan_letters(at=NOW + WEEK)
    assert planned(person) == [(DAY + WEEK, MOMENT + WEEK, "due")]


def test_planning_goes_on_while_paused():
    start(MOMENT - ONE_DAY, paused_at=NOW)
    somebody()
    assert plan_letters(at=NOW) == 1


def test_a_sweep_asks_few_queries_whatever_the_number_of_people():
    start(MOMENT - ONE_DAY)
    for hour in range(6):
        somebody(letter_hour=hour)
    with CaptureQueriesContext(connection) as queries:
        plan_letters(at=NOW)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) == 6  # the digest, the company twice, everybody's times, the rows, how far it went


@pytest.mark.django_db(transaction=True)
def test_second_planner_leaves_it_to_the_first():
    start(MOMENT - ONE_DAY)
    somebody()
    found: list[int] = []

    def plan() -> None:
        try:
            found.append(plan_letters(at=NOW))
        finally:
            connection.close()

    with transaction.atomic():
        Digest.objects.select_for_update().get()
        second = threading.Thread(target=plan)
        second.start()
        second.join(10)
    assert found == [0]
    assert plan_letters(at=NOW) == 1


def test_letters_to_plan_are_those_whose_moment_has_come_whether_started_or_not():
    person, later = somebody(), somebody(letter_weekday=2)
    assert [(each.person_id, each.week, each.due_at) for each in letters_to_plan(at=NOW)] == [(person.pk, DAY, MOMENT)]
    assert not Letter.objects.exists()
    start(MOMENT - ONE_DAY)
    plan_letters(at=NOW)
    assert letters_to_plan(at=NOW) == []
    assert [each.person_id for each in letters_to_plan(at=NOW + ONE_DAY)] == [later.pk]


# Dropping and missing


def test_plans_are_dropped_unless_somebody_began_to_send_them():
    one, other = somebody(), somebody()
    dropped = waits(person=one)
    tried = waits(person=one, week=DAY - WEEK, attempts=1)
    done = waits(person=one, week=DAY - 2 * WEEK, state=LetterState.NOTHING)
    kept = waits(person=other)
    assert drop_plans(people=[one.pk]) == 1
    assert {*Letter.objects.all()} == {tried, done, kept}
    claimed(kept)
    assert drop_plans(people=None) == 0
    claimed(kept, ago=settings.LETTER_LEASE_SECONDS + 1)
    assert drop_plans(people=None) == 1
    assert not Letter.objects.filter(pk=dropped.pk).exists()


def test_letters_of_people_who_get_none_any_more_are_dropped():
    gone = waits(person=somebody(is_active=False))
    tried = waits(person=somebody(letters=False), attempts=1)
    wanted = waits()
    assert drop_unwanted() == 1
    assert {*Letter.objects.all()} == {tried, wanted} != {gone}


def test_letters_are_missed_when_their_week_is_over():
    due, built = waits(), is_built(waits())
    failed = waits(state=LetterState.FAILED)
    assert miss_letters(at=due.ends_at - HOUR) == 0
    assert miss_letters(at=due.ends_at) == 2
    states = {row.pk: row.state for row in Letter.objects.all()}
    assert states == {due.pk: "missed", built.pk: "missed", failed.pk: "failed"}


def test_letter_that_a_worker_holds_is_not_missed_yet():
    letter = waits()
    claimed(letter, ago=settings.LETTER_LEASE_SECONDS - 30)
    assert miss_letters(at=letter.ends_at) == 0
    claimed(letter, ago=settings.LETTER_LEASE_SECONDS + 30)
    assert miss_letters(at=letter.ends_at) == 1
    assert only().claim is None


# Building


def test_letter_is_built_of_the_week_before_its_moment(says):
    start()
    person = waits().person
    assert build_letters(at=NOW) == 1
    assert says == [{"people": [person], "week": DAY, "since": MOMENT - WEEK - LEAD, "at": NOW}]
    letter = only()
    assert (letter.state, letter.built_at, letter.claim, letter.claimed_at) == ("built", NOW, None, None)
    assert letter.subject == "Hello · week 12"
    assert letter.content is not None
    assert letter.content == Content(person.name, "Firm", "2026-W12", (HELLO,)).to_json() | {
        "parts": letter.content["parts"]
    }
    assert letter.content["parts"][0]["title"] == "For you"
    assert build_letters(at=NOW) == 0


def test_nothing_to_say_is_no_letter_unless_it_is_wanted(says):
    start()
    silent = waits(person=somebody(name="Nobody"))
    always = waits(person=somebody(name="Nobody", letters_always=True))
    assert build_letters(at=NOW) == 2
    states = {row.pk: (row.state, row.content is None) for row in Letter.objects.all()}
    assert states == {silent.pk: ("nothing", True), always.pk: ("built", False)}


def test_letters_are_built_within_the_lead_and_not_after_their_week(says):
    start()
    letter = waits()
    assert build_letters(at=MOMENT - LEAD - HOUR) == 0
    assert build_letters(at=letter.ends_at) == 0
    assert build_letters(at=MOMENT - LEAD) == 1


def test_nothing_is_built_or_sent_before_the_start_or_while_paused(says):
    is_built(waits())
    waits()
    assert (build_letters(at=NOW), to_send(NOW).count()) == (0, 0)
    start(paused_at=NOW)
    assert (build_letters(at=NOW), to_send(NOW).count()) == (0, 0)
    Digest.objects.update(paused_at=None)
    assert (build_letters(at=NOW), to_send(NOW).count()) == (1, 2)


def test_a_batch_is_of_one_moment_the_earliest_first(says):
    start()
    later, early, same = waits(not_before=NOW, due_at=NOW), waits(), waits()
    assert build_letters(at=NOW) == 2
    assert {*says[0]["people"]} == {early.person, same.person}
    assert build_letters(at=NOW, limit=1) == 1
    assert says[1]["people"] == [later.person]
    assert build_letters(at=NOW) == 0


def test_a_batch_of_two_weeks_is_written_by_week(says):
    """Monday in Auckland is Sunday in Honolulu."""
    start()
    one, other = waits(), waits(week=DAY - WEEK)
    assert build_letters(at=NOW) == 2
    assert {asked["week"]: asked["people"] for asked in says} == {DAY - WEEK: [other.person], DAY: [one.person]}


def test_letters_of_one_person_alone(says):
    start()
    one, _other = waits(), waits()
    assert build_letters(at=NOW, person=one.person) == 1
    assert Letter.objects.get(state=LetterState.BUILT) == one


def test_who_gets_none_any_more_is_not_written_to(says):
    start()
    waits(person=somebody(letters=False))
    is_built(waits(person=somebody(is_active=False)))
    assert build_letters(at=NOW) == 0
    assert not to_send(NOW).exists()


def test_letter_that_a_worker_holds_is_left_to_it_until_the_lease_is_over(says):
    """By the database's clock, whatever this machine's says."""
    start()
    letter = waits()
    claimed(letter, ago=settings.LETTER_LEASE_SECONDS - 30)
    assert build_letters(at=NOW) == 0
    assert build_letters(at=NOW + HOUR) == 0
    claimed(letter, ago=settings.LETTER_LEASE_SECONDS + 1)
    assert build_letters(at=NOW) == 1


def test_what_another_worker_has_taken_meanwhile_is_not_overwritten(monkeypatch):
    start()
    letter = waits()

    def write(people: list[Person], **_given: Any) -> list[Content]:
        claimed(letter)
        return [Content(each.name, "Firm", "2026-W12", (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_letters", write)
    assert build_letters(at=NOW) == 0
    assert only().state == "due"


def cannot_write(monkeypatch, name: str) -> None:
    """What is written to somebody of that name raises an error of ours."""

    def write(people: list[Person], **_given: Any) -> list[Content]:
        if any(each.name == name for each in people):
            raise ZeroDivisionError
        return [Content(each.name, "Firm", "2026-W12", (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_letters", write)


def test_letter_that_cannot_be_written_keeps_no_other_waiting(monkeypatch):
    """Twenty together, then eighths of a batch of sixteen, then one by one."""
    start()
    for number in range(20):
        waits(person=make.PersonFactory(name=f"Somebody {number}"))
    cannot_write(monkeypatch, "Somebody 7")
    raised = 0
    for _ in range(40):
        try:
            build_letters(at=NOW, limit=16)
        except ZeroDivisionError:
            raised += 1
    states = dict(Letter.objects.values_list("person__name", "state"))
    assert raised == 3
    assert states.pop("Somebody 7") == "failed"
    assert set(states.values()) == {"built"}
    assert "log of the worker" in Letter.objects.get(person__name="Somebody 7").problem
    assert set(Letter.objects.exclude(state="failed").values_list("attempts", flat=True)) == {0}


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ([], dt.timedelta(days=7)),
        ([(1, "sent")], dt.timedelta(days=7)),
        ([(1, "nothing"), (2, "sent")], dt.timedelta(days=7)),
        ([(1, "missed"), (2, "sent")], dt.timedelta(days=14)),
        ([(1, "failed"), (9, "sent")], dt.timedelta(days=28)),
    ],
)
def test_letter_tells_what_happened_since_the_one_before(says, before, since):
    """Since that began to be built, three hours before it was due; of a first one a week, and never more than four."""
    start(LONG_AGO)
    letter = waits()
    for weeks, state in before:
        due = letter.due_at - weeks * WEEK
        make.LetterFactory(
            person=letter.person,
            week=letter.week - weeks * WEEK,
            due_at=due,
            ends_at=due + WEEK,
            state=state,
            sent_at=due if state == "sent" else None,
        )
    assert build_letters(at=NOW) == 1
    assert [each["since"] for each in says] == [letter.due_at - since - LEAD]


def test_letter_after_a_late_one_tells_nothing_twice(says):
    start(LONG_AGO)
    letter = waits()
    due, late = letter.due_at - WEEK, letter.due_at - WEEK + 2 * ONE_DAY
    of_before = {"week": letter.week - WEEK, "due_at": due, "ends_at": due + WEEK, "state": LetterState.SENT}
    make.LetterFactory(person=letter.person, **of_before, built_at=late, sent_at=late)
    assert build_letters(at=NOW) == 1
    assert [each["since"] for each in says] == [late]


def test_letters_that_tell_of_different_times_are_written_apart(says):
    start(LONG_AGO)
    first, second = waits(), waits()
    earlier = second.due_at - 4 * ONE_DAY - WEEK
    make.LetterFactory(
        person=second.person,
        week=second.week - WEEK,
        due_at=earlier,
        ends_at=earlier + WEEK,
        state="sent",
        sent_at=earlier,
    )
    assert build_letters(at=NOW) == 2
    assert {each["since"]: [person.pk for person in each["people"]] for each in says} == {
        first.due_at - WEEK - LEAD: [first.person_id],
        earlier - LEAD: [second.person_id],
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("claim", "waiting", "state"),
    [(claim_for_building, to_build, LetterState.DUE), (claim_for_sending, to_send, LetterState.BUILT)],
)
def test_two_workers_never_hold_the_same_letter(claim: Any, waiting: Any, state: str):
    start()
    for _ in range(40):
        waits(state=state, content={}, built_at=NOW)
    found: list[int] = []
    ready = threading.Barrier(4)

    def work() -> None:
        try:
            ready.wait(10)
            for _ in range(5):
                found.extend(letter.pk for letter in claim(waiting(NOW), 3).letters)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(found) == len({*found}) == 40


def test_batches_that_wait_are_counted_up_to_a_limit(monkeypatch):
    start()
    monkeypatch.setattr(letters, "BATCH", 2)
    monkeypatch.setattr(letters, "SENT_AT_ONCE", 1)
    for _ in range(3):
        waits()
        is_built(waits())
    assert batches_waiting(at=NOW, most=9) == (2, 3)
    assert batches_waiting(at=NOW, most=1) == (1, 1)


# Other rights since


def demoted(letter: Letter, at: dt.datetime) -> None:
    person = letter.person
    person.refresh_from_db()
    role = Role.VIEWER if person.role == Role.MEMBER else Role.MEMBER
    change_role(person, actor=make.AdminFactory(), role=role, version=person.version, at=at)


def promoted(letter: Letter, at: dt.datetime) -> None:
    make_admin(email=letter.person.email, at=at)


def imported(_letter: Letter, at: dt.datetime) -> None:
    make.LogEntryFactory(action="company.imported", at=at)


def hidden(_letter: Letter, at: dt.datetime) -> None:
    goal = make.GoalFactory()
    edit_goal(goal, actor=make.LeaderFactory(), at=at, version=goal.version, visibility=Visibility.LEADERS)


def handed_over(_letter: Letter, at: dt.datetime) -> None:
    goal, owner = make.GoalFactory(visibility=Visibility.LEADERS), make.PersonFactory()
    edit_goal(goal, actor=make.LeaderFactory(), at=at, version=goal.version, owner=owner)


def moved(_letter: Letter, at: dt.datetime) -> None:
    goal = make.GoalFactory()
    parent = make.GoalFactory(strategy=goal.strategy, visibility=Visibility.LEADERS)
    move_goal(goal, actor=make.LeaderFactory(), at=at, version=goal.version, parent=parent)


def unpublished(_letter: Letter, at: dt.datetime) -> None:
    goal = make.GoalFactory(status=GoalStatus.DRAFT, strategy__status=StrategyStatus.DRAFT)
    strategy, leader = goal.strategy, make.LeaderFactory()
    assert strategy is not None
    published = publish_strategy(strategy, actor=leader, at=at, version=strategy.version)
    unpublish_strategy(published, actor=leader, at=at)


@pytest.mark.parametrize("changed", [demoted, promoted, imported, hidden, handed_over, moved, unpublished])
def test_letter_built_before_a_change_of_rights_is_built_anew(says, changed: Callable[[Letter, dt.datetime], None]):
    start(MOMENT - HOUR)
    letter = is_built(waits(), at=NOW)
    changed(letter, NOW - HOUR)
    assert to_send(NOW).exists()
    changed(letter, NOW + HOUR)
    assert not to_send(NOW + HOUR).exists()
    put_in_order(at=NOW + HOUR)
    assert (only().state, only().content, only().subject) == ("due", None, "")
    assert build_letters(at=NOW + 2 * HOUR) == 1
    assert rebuild_outdated(at=NOW + 2 * HOUR) == 0
    assert to_send(NOW + 2 * HOUR).exists()


def test_letter_stays_as_it_is_where_other_things_of_a_goal_change(says):
    start(MOMENT - HOUR)
    is_built(waits(), at=NOW)
    goal = make.GoalFactory(status=GoalStatus.DRAFT)
    edit_goal(goal, actor=make.LeaderFactory(), at=NOW + HOUR, version=goal.version, why="Because.", weight=2)
    assert to_send(NOW + HOUR).exists()


# Once more


def test_letter_that_could_not_leave_for_hours_is_built_anew(says):
    start()
    letter = is_built(waits())
    Letter.objects.update(attempts=2)
    assert rebuild_outdated(at=NOW + LEAD) == 0
    assert rebuild_outdated(at=NOW + LEAD + 2 * HOUR) == 1
    assert (only().state, only().content, only().built_at, only().attempts) == ("due", None, None, 0)
    assert letter.state == "built"


def test_letter_that_a_worker_sends_just_now_is_not_built_anew():
    start()
    letter = is_built(waits())
    claimed(letter)
    assert rebuild_outdated(at=NOW + LEAD + 2 * HOUR) == 0
    assert (only().state, only().content) == ("built", letter.content)


def test_letters_that_waited_for_the_end_of_a_pause_are_built_anew():
    start(paused_at=NOW)
    is_built(waits())
    resume_digest(actor=make.AdminFactory(), at=NOW)
    assert only().state == "due"


def test_letter_that_failed_is_sent_anew(says):
    start()
    actor = make.AdminFactory()
    letter = is_built(waits(attempts=3, problem="550 No"))
    Letter.objects.update(state=LetterState.FAILED)
    row = resend_letter(letter, actor=actor, at=NOW)
    assert (row.state, row.content, row.attempts, row.not_before, row.problem) == ("due", None, 0, NOW, "")
    entry = LogEntry.objects.get(action="letter.resent")
    assert (entry.actor, entry.subject_id) == (actor, letter.pk)
    assert entry in LogEntry.objects.about("person", letter.person_id)
    assert build_letters(at=NOW) == 1
    assert to_send(NOW).exists()


def test_letter_that_was_sent_can_be_sent_again():
    letter = waits(state=LetterState.SENT, sent_at=NOW)
    row = resend_letter(letter, actor=make.AdminFactory(), at=NOW)
    assert (row.state, row.sent_at) == ("due", None)


@pytest.mark.parametrize(
    ("values", "at", "said"),
    [
        ({"state": LetterState.FAILED}, NOW + WEEK, "That week is over"),
        ({}, NOW, "on its way already"),
        ({"state": LetterState.BUILT}, NOW, "on its way already"),
        ({"state": LetterState.NOTHING}, NOW, "nothing to say"),
    ],
)
def test_letter_that_cannot_be_sent_again_says_why(values, at, said):
    letter = waits(**values)
    with pytest.raises(RefusedError, match=said):
        resend_letter(letter, actor=make.AdminFactory(), at=at)
    assert not LogEntry.objects.exists()


def test_letter_is_not_sent_again_to_an_address_that_is_refused():
    letter = waits(person=somebody(refused_at=NOW), state=LetterState.FAILED)
    with pytest.raises(RefusedError, match="Its person gets no letters"):
        resend_letter(letter, actor=make.AdminFactory(), at=NOW)
    allow_letters(letter.person, actor=make.AdminFactory(), at=NOW)
    assert resend_letter(letter, actor=make.AdminFactory(), at=NOW).state == "due"


def test_all_that_failed_within_their_week_are_sent_anew():
    actor = make.AdminFactory()
    failed = [waits(state=LetterState.FAILED) for _ in range(2)]
    others = [
        waits(state=LetterState.FAILED, person=somebody(refused_at=NOW)),
        waits(state=LetterState.FAILED, week=DAY - WEEK, due_at=MOMENT - WEEK, ends_at=MOMENT),
        waits(state=LetterState.SENT, sent_at=NOW),
    ]
    assert resend_failed(actor=actor, at=NOW) == 2
    assert {*Letter.objects.filter(state=LetterState.DUE)} == {*failed}
    assert {*Letter.objects.exclude(state=LetterState.DUE)} == {*others}
    assert LogEntry.objects.get().note == {"count": 2}
    assert resend_failed(actor=actor, at=NOW) == 0
    assert LogEntry.objects.count() == 1
