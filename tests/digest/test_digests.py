"""Which digests there are to be, what they are built of, and what becomes of those that nobody sends.

NOW is Monday, 16 March 2026, 9:00 UTC; the company's digests are due on Mondays at 8:00 UTC.
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

from accounts.models import AddressChange
from accounts.services.addresses import confirm_address
from accounts.services.people import edit_person
from digest import writing
from digest.content import Content, Part, Section
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.schedule import LEAD, WEEK
from digest.selectors.standing import no_longer_right, standings
from digest.services import building as digests
from digest.services.building import batches_waiting, build_digests, resend_digest, resend_failed
from digest.services.claims import claim_for_building, claim_for_sending, to_build, to_send
from digest.services.now import send_now
from digest.services.plans import (
    digests_to_plan,
    drop_plans,
    drop_unwanted,
    miss_digests,
    plan_digests,
    rebuild_outdated,
)
from digest.services.running import resume_digest
from digest.services.sending import send_digests
from digest.services.subscriptions import allow_digests, choose_digests, start_digests_again, stop_digests
from lib.services.errors import RefusedError
from lib.text.spans import Line, Span
from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from strategy.services.goals import create_goal, edit_goal, move_goal
from teams.enums import Role, TeamRole
from teams.models import Company, Initiative, LogEntry, Membership, Person, Team
from teams.services.initiatives import edit_initiative
from teams.services.members import add_member, change_member, remove_member
from teams.services.people import change_role
from teams.services.teams import move_team
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

HOUR, ONE_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOMENT = dt.datetime(2026, 3, 16, 8, tzinfo=dt.UTC)
LONG_AGO = NOW - 10 * WEEK


def start(at: dt.datetime = LONG_AGO, planned_to: dt.datetime | None = None, **changes: Any) -> None:
    DigestSettings.objects.update(previewed_at=at, started_at=at, planned_to=planned_to, **changes)


def somebody(**values: Any) -> Person:
    return make.PersonFactory(**({"joined_at": LONG_AGO} | values))


def planned(person: Person) -> list[tuple[dt.date, dt.datetime, str]]:
    rows = Digest.objects.filter(person=person).order_by("week")
    return list(rows.values_list("week", "due_at", "state"))


def only() -> Digest:
    return Digest.objects.select_related("person").get()


def claimed(digest: Digest, *, ago: float = 0) -> None:
    """By another worker, by the database's clock."""
    Digest.objects.filter(pk=digest.pk).update(claim=uuid.uuid4(), claimed_at=Now() - dt.timedelta(seconds=ago))


def waits(**values: Any) -> Digest:
    """A digest of this week to somebody who wants it."""
    values.setdefault("person", None)
    person = values.pop("person") or somebody()
    return make.DigestFactory(person=person, **values)


def is_built(digest: Digest, at: dt.datetime = NOW) -> Digest:
    content = Content(digest.person.name, "Firm", "2026-W12", (HELLO,)).to_json()
    Digest.objects.filter(pk=digest.pk).update(state=DigestState.BUILT, content=content, built_at=at, subject="Hello")
    digest.standing = standings([digest])[digest.pk]
    digest.save(update_fields=["standing"])
    digest.refresh_from_db()
    return digest


HELLO = Part("own", "For you", "/", (Section("note", "News", (Line((Span("Hello."),)),), news="Hello"),))


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every digest says hello, but those to people who are called Nobody; what was asked for is in it."""
    asked: list[dict[str, Any]] = []

    def write(people: list[Person], **given: Any) -> list[Content]:
        asked.append({"people": people, **given})
        return [Content(each.name, "Firm", "2026-W12", () if each.name == "Nobody" else (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_digests", write)
    return asked


# Planning


def test_nothing_is_planned_before_the_digest_is_started():
    somebody()
    assert plan_digests(at=NOW) == 0
    assert not Digest.objects.exists()
    assert DigestSettings.objects.get().planned_to is None


def test_digest_is_planned_once_its_moment_is_within_the_lead():
    start(MOMENT - 2 * ONE_DAY)
    person = somebody()
    assert plan_digests(at=MOMENT - LEAD - HOUR) == 0
    assert plan_digests(at=MOMENT - LEAD) == 1
    assert plan_digests(at=NOW) == 0
    assert planned(person) == [(DAY, MOMENT, "due")]
    digest = only()
    assert (digest.not_before, digest.ends_at) == (MOMENT, dt.datetime(2026, 3, 23, tzinfo=dt.UTC))
    assert DigestSettings.objects.get().planned_to == NOW + LEAD


def test_planning_does_not_count_as_an_edit():
    start()
    plan_digests(at=NOW)
    before = DigestSettings.objects.get()
    plan_digests(at=NOW + HOUR)
    after = DigestSettings.objects.get()
    assert (after.version, after.planned_to) == (before.version, NOW + HOUR + LEAD)


def test_clock_that_was_far_ahead_keeps_nothing_from_being_planned():
    start()
    plan_digests(at=NOW + 3 * WEEK)
    late = somebody()
    plan_digests(at=NOW)
    assert Digest.objects.filter(person=late, week=DAY).exists()


@pytest.mark.parametrize(
    "who",
    [
        {"is_active": False},
        {"joined_at": None},
        {"digests": False},
        {"refused_at": LONG_AGO},
        {"joined_at": MOMENT + dt.timedelta(minutes=1)},
        {"digests_since": MOMENT + dt.timedelta(minutes=1)},
    ],
    ids=lambda who: next(iter(who)),
)
def test_who_is_not_entitled_gets_none(who):
    start(MOMENT - ONE_DAY)
    somebody(**who)
    assert plan_digests(at=NOW) == 0


def test_who_joined_or_wants_digests_up_to_the_moment_gets_one():
    start(MOMENT - ONE_DAY)
    somebody(joined_at=MOMENT)
    somebody(digests_since=MOMENT)
    assert plan_digests(at=NOW) == 2


def test_moment_before_the_start_gives_no_digest():
    start(MOMENT + dt.timedelta(minutes=1))
    person = somebody()
    late = somebody(digest_weekday=2)
    plan_digests(at=NOW + 2 * ONE_DAY)
    assert planned(person) == []
    assert planned(late) == [(DAY, MOMENT + ONE_DAY, "due")]


def test_moments_are_in_each_persons_own_zone():
    start(NOW - ONE_DAY)
    Company.objects.update(timezone="Europe/Paris")
    own = somebody(timezone="America/New_York", digest_weekday=1, digest_hour=6)
    company = somebody(digest_hour=15)
    plan_digests(at=NOW + ONE_DAY)
    assert planned(own) == [(DAY, dt.datetime(2026, 3, 16, 10, tzinfo=dt.UTC), "due")]
    assert planned(company) == [(DAY, dt.datetime(2026, 3, 16, 14, tzinfo=dt.UTC), "due")]
    assert Digest.objects.get(person=own).ends_at == dt.datetime(2026, 3, 23, 4, tzinfo=dt.UTC)


def test_company_chooses_for_those_who_chose_nothing():
    start(NOW - ONE_DAY, weekday=3, hour=7)
    person = somebody()
    plan_digests(at=NOW + 3 * ONE_DAY)
    assert planned(person) == [(DAY, dt.datetime(2026, 3, 18, 7, tzinfo=dt.UTC), "due")]


def test_weeks_that_ended_while_nobody_planned_are_missed():
    start(MOMENT - 2 * WEEK - ONE_DAY, planned_to=MOMENT - 2 * WEEK - ONE_DAY)
    person = somebody()
    assert plan_digests(at=NOW) == 3
    assert planned(person) == [
        (DAY - 2 * WEEK, MOMENT - 2 * WEEK, "missed"),
        (DAY - WEEK, MOMENT - WEEK, "missed"),
        (DAY, MOMENT, "due"),
    ]


def test_planning_does_not_go_back_further_than_a_year():
    start(NOW - 80 * WEEK)
    somebody(joined_at=NOW - 100 * WEEK)
    assert plan_digests(at=NOW) == 53


def test_who_joins_during_the_week_before_their_moment_gets_that_digest():
    """Also where the planning is in the week after it already."""
    sunday = dt.datetime(2026, 3, 22, 22, 30, tzinfo=dt.UTC)
    start(sunday - ONE_DAY)
    plan_digests(at=sunday)
    person = somebody(joined_at=sunday, digest_weekday=7, digest_hour=23)
    assert plan_digests(at=sunday + dt.timedelta(minutes=1)) == 1
    assert planned(person) == [(DAY, dt.datetime(2026, 3, 22, 23, tzinfo=dt.UTC), "due")]


def choose(person: Person, at: dt.datetime, **chosen: Any) -> None:
    values = {"digests": True, "digests_always": False, "digest_weekday": None, "digest_hour": None, "timezone": ""}
    choose_digests(person, actor=person, at=at, **(values | chosen))


def test_changed_to_a_day_that_has_passed_the_digest_comes_at_once(says):
    wednesday = NOW + 2 * ONE_DAY
    start(MOMENT - ONE_DAY)
    person = somebody(digest_weekday=5)
    plan_digests(at=wednesday)
    assert planned(person) == []
    choose(person, wednesday, digest_weekday=1)
    assert plan_digests(at=wednesday) == 1
    assert planned(person) == [(DAY, MOMENT, "due")]
    assert build_digests(at=wednesday) == 1
    assert to_send(wednesday).exists()


def test_changed_after_the_digest_of_the_week_there_is_no_second_one():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_digests(at=NOW)
    Digest.objects.update(state=DigestState.SENT, sent_at=NOW)
    choose(person, NOW, digest_weekday=5)
    plan_digests(at=NOW + 5 * ONE_DAY)
    assert planned(person) == [(DAY, MOMENT, "sent")]


def test_changed_to_a_later_day_the_digest_that_waits_is_planned_anew():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_digests(at=MOMENT - HOUR)
    choose(person, MOMENT - HOUR, digest_weekday=5)
    assert planned(person) == []
    plan_digests(at=NOW)
    assert planned(person) == []
    plan_digests(at=NOW + 4 * ONE_DAY)
    assert planned(person) == [(DAY, MOMENT + 4 * ONE_DAY, "due")]


def test_digests_turned_off_and_on_again_after_the_moment_come_next_week():
    start(MOMENT - ONE_DAY)
    person = somebody()
    plan_digests(at=MOMENT - HOUR)
    stop_digests(person, actor=person, at=MOMENT - HOUR)
    assert planned(person) == []
    start_digests_again(person, actor=person, at=NOW)
    plan_digests(at=NOW)
    assert planned(person) == []
    plan_digests(at=NOW + WEEK)
    assert planned(person) == [(DAY + WEEK, MOMENT + WEEK, "due")]


def test_planning_goes_on_while_paused():
    start(MOMENT - ONE_DAY, paused_at=NOW)
    somebody()
    assert plan_digests(at=NOW) == 1


def test_a_sweep_asks_few_queries_whatever_the_number_of_people():
    start(MOMENT - ONE_DAY)
    for hour in range(6):
        somebody(digest_hour=hour)
    with CaptureQueriesContext(connection) as queries:
        plan_digests(at=NOW)
    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) == 6  # the digest, the company twice, everybody's times, the rows, how far it went


@pytest.mark.django_db(transaction=True)
def test_second_planner_leaves_it_to_the_first():
    start(MOMENT - ONE_DAY)
    somebody()
    found: list[int] = []

    def plan() -> None:
        try:
            found.append(plan_digests(at=NOW))
        finally:
            connection.close()

    with transaction.atomic():
        DigestSettings.objects.select_for_update().get()
        second = threading.Thread(target=plan)
        second.start()
        second.join(10)
    assert found == [0]
    assert plan_digests(at=NOW) == 1


def test_digests_to_plan_are_those_whose_moment_has_come_whether_started_or_not():
    person, later = somebody(), somebody(digest_weekday=2)
    assert [(each.person_id, each.week, each.due_at) for each in digests_to_plan(at=NOW)] == [(person.pk, DAY, MOMENT)]
    assert not Digest.objects.exists()
    start(MOMENT - ONE_DAY)
    plan_digests(at=NOW)
    assert digests_to_plan(at=NOW) == []
    assert [each.person_id for each in digests_to_plan(at=NOW + ONE_DAY)] == [later.pk]


# Dropping and missing


def test_plans_are_dropped_unless_somebody_began_to_send_them():
    one, other = somebody(), somebody()
    dropped = waits(person=one)
    tried = waits(person=one, week=DAY - WEEK, attempts=1)
    done = waits(person=one, week=DAY - 2 * WEEK, state=DigestState.NOTHING)
    kept = waits(person=other)
    assert drop_plans(people=[one.pk]) == 1
    assert {*Digest.objects.all()} == {tried, done, kept}
    claimed(kept)
    assert drop_plans(people=None) == 0
    claimed(kept, ago=settings.DIGEST_LEASE_SECONDS + 1)
    assert drop_plans(people=None) == 1
    assert not Digest.objects.filter(pk=dropped.pk).exists()


def test_digests_of_people_who_get_none_any_more_are_dropped():
    gone = waits(person=somebody(is_active=False))
    tried = waits(person=somebody(digests=False), attempts=1)
    wanted = waits()
    assert drop_unwanted() == 1
    assert {*Digest.objects.all()} == {tried, wanted} != {gone}


def test_digests_are_missed_when_their_week_is_over():
    due, built = waits(), is_built(waits())
    failed = waits(state=DigestState.FAILED)
    assert miss_digests(at=due.ends_at - HOUR) == 0
    assert miss_digests(at=due.ends_at) == 2
    states = {row.pk: row.state for row in Digest.objects.all()}
    assert states == {due.pk: "missed", built.pk: "missed", failed.pk: "failed"}


def test_digest_that_a_worker_holds_is_not_missed_yet():
    digest = waits()
    claimed(digest, ago=settings.DIGEST_LEASE_SECONDS - 30)
    assert miss_digests(at=digest.ends_at) == 0
    claimed(digest, ago=settings.DIGEST_LEASE_SECONDS + 30)
    assert miss_digests(at=digest.ends_at) == 1
    assert only().claim is None


# Building


def test_digest_is_built_of_the_week_before_its_moment(says):
    start()
    person = waits().person
    assert build_digests(at=NOW) == 1
    assert says == [{"people": [person], "week": DAY, "since": MOMENT - WEEK - LEAD, "mark": None, "at": NOW}]
    digest = only()
    assert (digest.state, digest.built_at, digest.claim, digest.claimed_at) == ("built", NOW, None, None)
    assert digest.subject == "Hello · week 12"
    assert digest.content is not None
    assert digest.content == Content(person.name, "Firm", "2026-W12", (HELLO,)).to_json() | {
        "parts": digest.content["parts"]
    }
    assert digest.content["parts"][0]["title"] == "For you"
    assert build_digests(at=NOW) == 0


def test_nothing_to_say_is_no_digest_unless_it_is_wanted(says):
    start()
    silent = waits(person=somebody(name="Nobody"))
    always = waits(person=somebody(name="Nobody", digests_always=True))
    assert build_digests(at=NOW) == 2
    states = {row.pk: (row.state, row.content is None) for row in Digest.objects.all()}
    assert states == {silent.pk: ("nothing", True), always.pk: ("built", False)}


def test_digests_are_built_within_the_lead_and_not_after_their_week(says):
    start()
    digest = waits()
    assert build_digests(at=MOMENT - LEAD - HOUR) == 0
    assert build_digests(at=digest.ends_at) == 0
    assert build_digests(at=MOMENT - LEAD) == 1


def test_nothing_is_built_or_sent_before_the_start_or_while_paused(says):
    is_built(waits())
    waits()
    assert (build_digests(at=NOW), to_send(NOW).count()) == (0, 0)
    start(paused_at=NOW)
    assert (build_digests(at=NOW), to_send(NOW).count()) == (0, 0)
    DigestSettings.objects.update(paused_at=None)
    assert (build_digests(at=NOW), to_send(NOW).count()) == (1, 2)


def test_a_batch_is_of_one_moment_the_earliest_first(says):
    start()
    later, early, same = waits(not_before=NOW, due_at=NOW), waits(), waits()
    assert build_digests(at=NOW) == 2
    assert {*says[0]["people"]} == {early.person, same.person}
    assert build_digests(at=NOW, limit=1) == 1
    assert says[1]["people"] == [later.person]
    assert build_digests(at=NOW) == 0


def test_a_batch_of_two_weeks_is_written_by_week(says):
    """Monday in Auckland is Sunday in Honolulu."""
    start()
    one, other = waits(), waits(week=DAY - WEEK)
    assert build_digests(at=NOW) == 2
    assert {asked["week"]: asked["people"] for asked in says} == {DAY - WEEK: [other.person], DAY: [one.person]}


def test_digests_of_one_person_alone(says):
    start()
    one, _other = waits(), waits()
    assert build_digests(at=NOW, person=one.person) == 1
    assert Digest.objects.get(state=DigestState.BUILT) == one


def test_who_gets_none_any_more_is_not_written_to(says):
    start()
    waits(person=somebody(digests=False))
    is_built(waits(person=somebody(is_active=False)))
    assert build_digests(at=NOW) == 0
    assert not to_send(NOW).exists()


def test_digest_that_a_worker_holds_is_left_to_it_until_the_lease_is_over(says):
    """By the database's clock, whatever this machine's says."""
    start()
    digest = waits()
    claimed(digest, ago=settings.DIGEST_LEASE_SECONDS - 30)
    assert build_digests(at=NOW) == 0
    assert build_digests(at=NOW + HOUR) == 0
    claimed(digest, ago=settings.DIGEST_LEASE_SECONDS + 1)
    assert build_digests(at=NOW) == 1


def test_what_another_worker_has_taken_meanwhile_is_not_overwritten(monkeypatch):
    start()
    digest = waits()

    def write(people: list[Person], **_given: Any) -> list[Content]:
        claimed(digest)
        return [Content(each.name, "Firm", "2026-W12", (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_digests", write)
    assert build_digests(at=NOW) == 0
    assert only().state == "due"


def cannot_write(monkeypatch, name: str) -> None:
    """What is written to somebody of that name raises an error of ours."""

    def write(people: list[Person], **_given: Any) -> list[Content]:
        if any(each.name == name for each in people):
            raise ZeroDivisionError
        return [Content(each.name, "Firm", "2026-W12", (HELLO,)) for each in people]

    monkeypatch.setattr(writing, "write_digests", write)


def test_digest_that_cannot_be_written_keeps_no_other_waiting(monkeypatch):
    """Twenty together, then eighths of a batch of sixteen, then one by one."""
    start()
    for number in range(20):
        waits(person=make.PersonFactory(name=f"Somebody {number}"))
    cannot_write(monkeypatch, "Somebody 7")
    raised = 0
    for _ in range(40):
        try:
            build_digests(at=NOW, limit=16)
        except ZeroDivisionError:
            raised += 1
    states = dict(Digest.objects.values_list("person__name", "state"))
    assert raised == 3
    assert states.pop("Somebody 7") == "failed"
    assert set(states.values()) == {"built"}
    assert "log of the worker" in Digest.objects.get(person__name="Somebody 7").problem
    assert set(Digest.objects.exclude(state="failed").values_list("attempts", flat=True)) == {0}


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ([], WEEK + LEAD),
        ([(1, "sent")], WEEK),
        ([(1, "nothing"), (2, "sent")], WEEK),
        ([(1, "missed"), (2, "sent")], 2 * WEEK),
        ([(1, "failed"), (9, "sent")], 4 * WEEK + LEAD),
    ],
)
def test_digest_tells_what_happened_since_the_one_before(says, before, since):
    """Since that was built; of a first one a week, and never more than four."""
    start(LONG_AGO)
    digest = waits()
    for weeks, state in before:
        had(digest, weeks, state)
    assert build_digests(at=NOW) == 1
    assert [each["since"] for each in says] == [digest.due_at - since]


def had(digest: Digest, weeks: int = 1, state: str = "sent", told_to: int | None = 7, later: dt.timedelta = 0 * HOUR):
    """The same person's of so many weeks before, built so much later than it was due."""
    due = digest.due_at - weeks * WEEK
    return make.DigestFactory(
        person=digest.person,
        week=digest.week - weeks * WEEK,
        due_at=due,
        ends_at=due + WEEK,
        state=state,
        built_at=due + later,
        told_to=told_to,
        sent_at=due + later if state == "sent" else None,
    )


def test_digest_begins_after_what_the_one_before_told(says):
    """One that was built too long ago, or told nothing, gives no place to begin at."""
    start(LONG_AGO)
    first, second, third, late = waits(), waits(), waits(), waits()
    had(second, told_to=7)
    had(third, weeks=9, told_to=5)
    had(late, told_to=7, later=2 * ONE_DAY)
    assert build_digests(at=NOW) == 4
    due = first.due_at
    assert {tuple(each.pk for each in said["people"]): (said["since"], said["mark"]) for said in says} == {
        (first.person_id,): (due - WEEK - LEAD, None),
        (second.person_id,): (due - WEEK, 7),
        (third.person_id,): (due - 4 * WEEK - LEAD, None),
        (late.person_id,): (due - WEEK + 2 * ONE_DAY, 7),
    }


def test_people_who_were_told_as_far_are_planned_beside_each_other():
    """So that a batch of them is written together."""
    told = {somebody().pk: told_to for told_to in (3, 1, 2, 3, 1, 2)}
    for person, told_to in told.items():
        had(make.DigestFactory.build(person=Person(pk=person)), told_to=told_to)
    start(LONG_AGO, planned_to=NOW - HOUR)
    assert plan_digests(at=NOW) == 6
    planned = Digest.objects.filter(week=DAY).order_by("id").values_list("person", flat=True)
    assert [told[person] for person in planned] == [1, 1, 2, 2, 3, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("claim", "waiting", "state"),
    [(claim_for_building, to_build, DigestState.DUE), (claim_for_sending, to_send, DigestState.BUILT)],
)
def test_two_workers_never_hold_the_same_digest(claim: Any, waiting: Any, state: str):
    start()
    for _ in range(40):
        waits(state=state, content={}, built_at=NOW)
    found: list[int] = []
    ready = threading.Barrier(4)

    def work() -> None:
        try:
            ready.wait(10)
            for _ in range(5):
                found.extend(digest.pk for digest in claim(waiting(NOW), 3).digests)
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
    monkeypatch.setattr(digests, "BATCH", 2)
    monkeypatch.setattr(digests, "SENT_AT_ONCE", 1)
    for _ in range(3):
        waits()
        is_built(waits())
    assert batches_waiting(at=NOW, most=9) == (2, 3)
    assert batches_waiting(at=NOW, most=1) == (1, 1)


# Another standing since

By = dict[str, Any]


def to(digest: Digest, **values: Any) -> None:
    Person.objects.filter(pk=digest.person_id).update(**values)


def demoted(digest: Digest, by: By) -> None:
    person = digest.person
    change_role(person, role=Role.VIEWER, version=person.version, **by | {"actor": make.AdminFactory()})


def edited(digest: Digest, **values: Any) -> None:
    """As an administrator does it on the page of a person."""
    person = Person.objects.get(pk=digest.person_id)
    before: dict[str, Any] = {name: getattr(person, name) for name in ("name", "email", "role", "timezone", "version")}
    edit_person(person, actor=make.AdminFactory(), at=NOW, **before | values)


def renamed(digest: Digest, _by: By) -> None:
    edited(digest, name="Somebody Else")


def another_role(digest: Digest, _by: By) -> None:
    edited(digest, role="viewer")


def somebody_else_renamed(_digest: Digest, by: By) -> None:
    """Who may be named in it."""
    other = make.PersonFactory()
    values: dict[str, Any] = {"name": "Other", "email": other.email, "role": other.role, "timezone": ""}
    edit_person(other, version=other.version, **values, **by | {"actor": make.AdminFactory()})


def on_another_team(digest: Digest, by: By) -> None:
    """By the lead of a team above."""
    team = make.TeamFactory(parent=make.TeamFactory())
    lead = make.MembershipFactory(team=team.parent, role=TeamRole.LEAD).person
    add_member(team, person=digest.person, role=TeamRole.MEMBER, **by | {"actor": lead})


def taken_off(digest: Digest, by: By) -> None:
    remove_member(seat_of(digest), version=seat_of(digest).version, **by)


def no_lead(digest: Digest, by: By) -> None:
    change_member(seat_of(digest), role=TeamRole.MEMBER, version=seat_of(digest).version, **by)


def seat_of(digest: Digest) -> Membership:
    return Membership.objects.select_related("team").get(person=digest.person)


def team_moved(digest: Digest, by: By) -> None:
    """The team above the reader's."""
    above = Team.objects.get(pk=seat_of(digest).team.path[0])
    move_team(above, parent=make.TeamFactory(), version=above.version, **by)


def work_of(digest: Digest) -> Initiative:
    return Initiative.objects.get(team=seat_of(digest).team)


def work_handed_over(digest: Digest, by: By) -> None:
    work = work_of(digest)
    edit_initiative(work, owner=make.PersonFactory(), version=work.version, **by)


def goal_handed_over(digest: Digest, by: By) -> None:
    goal = Goal.objects.get(owner=digest.person)
    edit_goal(goal, owner=make.PersonFactory(), version=goal.version, **by)


def hidden(_digest: Digest, by: By) -> None:
    goal = Goal.objects.get(key="top")
    edit_goal(goal, visibility=Visibility.LEADERS, version=goal.version, **by)


def hidden_from_its_owner(_digest: Digest, by: By) -> None:
    goal = Goal.objects.get(key="marked")
    edit_goal(goal, owner=make.PersonFactory(), version=goal.version, **by)


def moved(_digest: Digest, by: By) -> None:
    goal = Goal.objects.get(key="top")
    move_goal(goal, parent=Goal.objects.get(key="marked"), version=goal.version, **by)


def unpublished(_digest: Digest, by: By) -> None:
    Strategy.objects.filter(goals__key="top").update(status=StrategyStatus.DRAFT)


CHANGES = [
    *(renamed, another_role, somebody_else_renamed, on_another_team),
    *(demoted, taken_off, no_lead, team_moved, work_handed_over, goal_handed_over),
    *(hidden, hidden_from_its_owner, moved, unpublished),
]


def of_a_lead() -> Digest:
    """Built, to somebody who leads a team with work of theirs, and owns a goal."""
    team = make.TeamFactory(parent=make.TeamFactory())
    person = make.MembershipFactory(team=team, role=TeamRole.LEAD).person
    make.InitiativeFactory(team=team, owner=person)
    make.GoalFactory(owner=person, parent=make.GoalFactory(key="top"))
    make.GoalFactory(key="marked", visibility=Visibility.LEADERS)
    return is_built(waits(person=person))


@pytest.mark.parametrize("changed", CHANGES)
def test_digest_whose_reader_has_another_standing_is_built_anew(says, changed: Callable[[Digest, By], None]):
    start(MOMENT - HOUR)
    digest = of_a_lead()
    changed(digest, {"actor": make.LeaderFactory(), "at": NOW})

    assert send_digests(at=NOW) == 0
    assert (only().state, only().content, only().subject, only().claim) == ("due", None, "", None)
    assert build_digests(at=NOW) == 1
    assert send_digests(at=NOW) == 1
    assert only().state == "sent"


def test_digest_goes_to_the_address_that_was_confirmed_meanwhile(says, smtp_sink):
    start(MOMENT - HOUR)
    digest = of_a_lead()
    edited(digest, email="other@example.com")
    confirm_address(AddressChange.objects.get(person=digest.person), at=NOW)

    assert send_digests(at=NOW) == 1
    assert [each.recipients for each in smtp_sink.received] == [("other@example.com",)]


def test_digest_goes_to_the_old_address_until_the_new_one_is_confirmed(says, smtp_sink):
    start(MOMENT - HOUR)
    digest = of_a_lead()
    edited(digest, email="other@example.com")

    assert send_digests(at=NOW) == 1
    assert [each.recipients for each in smtp_sink.received] == [(digest.person.email,)]


def test_digest_that_waits_leaves_at_the_moment_of_another_time_zone(says):
    start(MOMENT - HOUR)
    digest = of_a_lead()
    edited(digest, timezone="America/New_York")

    assert send_digests(at=NOW) == 0
    plan_digests(at=MOMENT + 5 * HOUR)
    assert only().due_at > digest.due_at


def test_digest_of_others_leaves_although_one_beside_it_is_built_anew(says):
    start(MOMENT - HOUR)
    digest, other = of_a_lead(), is_built(waits())
    demoted(digest, {"actor": make.LeaderFactory(), "at": NOW})
    assert send_digests(at=NOW) == 1
    assert dict(Digest.objects.values_list("pk", "state")) == {digest.pk: "due", other.pk: "sent"}


def test_digest_stays_as_it_is_where_other_things_change(says):
    """Among them a draft that is written meanwhile, which no digest knows."""
    start(MOMENT - HOUR)
    of_a_lead()
    by: By = {"actor": make.LeaderFactory(), "at": NOW}
    goal = Goal.objects.get(key="top")
    edit_goal(goal, version=goal.version, weight=2, **by)
    create_goal(title="Later", strategy=goal.strategy, **by)
    make.MembershipFactory()
    make.InitiativeFactory()
    assert send_digests(at=NOW) == 1


def test_digest_is_sent_by_hand_although_it_is_no_longer_right(says):
    start(MOMENT - HOUR)
    digest = of_a_lead()
    demoted(digest, {"actor": make.LeaderFactory(), "at": NOW})
    assert send_now(Person.objects.get(pk=digest.person_id), at=NOW).state == "sent"


def test_standing_takes_a_fixed_number_of_queries(django_assert_num_queries: Any):
    for number in (1, 6):
        for _ in range(number):
            waits()
        digests = list(Digest.objects.all())
        with django_assert_num_queries(2):
            standings(digests)
        with django_assert_num_queries(1):
            no_longer_right(digests)


# Once more


def test_digest_that_could_not_leave_for_hours_is_built_anew(says):
    start()
    digest = is_built(waits())
    Digest.objects.update(attempts=2)
    assert rebuild_outdated(at=NOW + LEAD) == 0
    assert rebuild_outdated(at=NOW + LEAD + 2 * HOUR) == 1
    assert (only().state, only().content, only().built_at, only().attempts) == ("due", None, None, 0)
    assert digest.state == "built"


def test_digest_that_a_worker_sends_just_now_is_not_built_anew():
    start()
    digest = is_built(waits())
    claimed(digest)
    assert rebuild_outdated(at=NOW + LEAD + 2 * HOUR) == 0
    assert (only().state, only().content) == ("built", digest.content)


def test_digests_that_waited_for_the_end_of_a_pause_are_built_anew():
    start(paused_at=NOW)
    is_built(waits())
    resume_digest(actor=make.AdminFactory(), at=NOW)
    assert only().state == "due"


def test_digest_that_failed_is_sent_anew(says):
    start()
    actor = make.AdminFactory()
    digest = is_built(waits(attempts=3, problem="550 No"))
    Digest.objects.update(state=DigestState.FAILED)
    row = resend_digest(digest, actor=actor, at=NOW)
    assert (row.state, row.content, row.attempts, row.not_before, row.problem) == ("due", None, 0, NOW, "")
    entry = LogEntry.objects.get(action="digest.resent")
    assert (entry.actor, entry.subject_id) == (actor, digest.pk)
    assert entry in LogEntry.objects.about("person", digest.person_id)
    assert build_digests(at=NOW) == 1
    assert to_send(NOW).exists()


def test_digest_that_was_sent_can_be_sent_again():
    digest = waits(state=DigestState.SENT, sent_at=NOW)
    row = resend_digest(digest, actor=make.AdminFactory(), at=NOW)
    assert (row.state, row.sent_at) == ("due", None)


@pytest.mark.parametrize(
    ("values", "at", "said"),
    [
        ({"state": DigestState.FAILED, "ends_at": NOW}, NOW, "That week is over"),
        ({}, NOW, "on its way already"),
        ({"state": DigestState.BUILT}, NOW, "on its way already"),
        ({"state": DigestState.NOTHING}, NOW, "nothing new"),
    ],
)
def test_digest_that_cannot_be_sent_again_says_why(values, at, said):
    digest = waits(**values)
    with pytest.raises(RefusedError, match=said):
        resend_digest(digest, actor=make.AdminFactory(), at=at)
    assert not LogEntry.objects.exists()


def test_digest_is_not_sent_again_to_an_address_that_is_refused():
    digest = waits(person=somebody(refused_at=NOW), state=DigestState.FAILED)
    with pytest.raises(RefusedError, match="Its person gets no digests"):
        resend_digest(digest, actor=make.AdminFactory(), at=NOW)
    allow_digests(digest.person, actor=make.AdminFactory(), at=NOW)
    assert resend_digest(digest, actor=make.AdminFactory(), at=NOW).state == "due"


def test_all_that_failed_within_their_week_are_sent_anew():
    actor = make.AdminFactory()
    failed = [waits(state=DigestState.FAILED) for _ in range(2)]
    others = [
        waits(state=DigestState.FAILED, person=somebody(refused_at=NOW)),
        waits(state=DigestState.FAILED, week=DAY - WEEK, due_at=MOMENT - WEEK, ends_at=MOMENT),
        waits(state=DigestState.SENT, sent_at=NOW),
    ]
    assert resend_failed(actor=actor, at=NOW) == 2
    assert {*Digest.objects.filter(state=DigestState.DUE)} == {*failed}
    assert {*Digest.objects.exclude(state=DigestState.DUE)} == {*others}
    assert LogEntry.objects.get().note == {"count": 2}
    with pytest.raises(RefusedError, match="None is left"):
        resend_failed(actor=actor, at=NOW)
    assert LogEntry.objects.count() == 1
