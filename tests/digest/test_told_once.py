"""Each change is told by one digest, whenever it was made and whenever it was committed."""

from __future__ import annotations

import datetime as dt
import threading
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.models import Dirty
from digest.models import Digest, DigestSettings
from digest.selectors import marks
from digest.selectors.marks import marked_snapshot
from digest.services.building import build_digests
from digest.services.now import send_now
from digest.services.plans import put_in_order
from digest.services.sending import send_digests
from lib.db.locks import company_locked
from lib.services.errors import RefusedError
from strategy.services.goals import close_goal
from teams.models import LogEntry, Person
from tests import factories as make
from tests.examples import examples

LONG_AGO = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
"""On which digests are due at 8:00."""


def at(hour: int, minute: int, weeks: int = 0) -> dt.datetime:
    return MONDAY + dt.timedelta(hours=hour, minutes=minute, weeks=weeks)


@pytest.fixture
def leader() -> Person:
    DigestSettings.objects.update(previewed_at=LONG_AGO, started_at=LONG_AGO)
    return make.LeaderFactory()


@pytest.fixture
def member(leader) -> Person:
    return make.PersonFactory(joined_at=LONG_AGO, digests_always=True)


def closed(title: str, by: Person, at: dt.datetime) -> None:
    goal = make.GoalFactory(title=title)
    close_goal(goal, actor=by, at=at, version=goal.version, status="dropped", reason="Over.")


def sent(person: Person, at: dt.datetime) -> str:
    digest = send_now(person, at=at)
    assert digest.state == "sent"
    return str(digest.content)


@pytest.mark.django_db
def test_what_was_done_just_before_a_digest_by_hand_is_told_by_it_alone(leader, member):
    closed("Early", leader, at(9, 5))
    first = sent(member, at(9, 20))
    closed("Late", leader, at(9, 25))
    second = sent(member, at(9, 20, weeks=1))
    third = sent(member, at(9, 20, weeks=2))

    assert ["Early" in told for told in (first, second, third)] == [True, False, False]
    assert ["Late" in told for told in (first, second, third)] == [False, True, False]


@pytest.mark.django_db
def test_digests_of_a_batch_are_told_as_far(member):
    for person in (member, make.PersonFactory(joined_at=LONG_AGO)):
        make.DigestFactory(person=person)
    entry = make.LogEntryFactory()
    assert build_digests(at=at(9, 0)) == 2
    assert {*Digest.objects.values_list("told_to", flat=True)} == {entry.pk}


@pytest.mark.django_db
def test_what_an_edit_left_to_a_worker_is_not_counted_as_told():
    """Its flags and history name the edit, whose entry is then below later ones."""
    first, left, last = (make.LogEntryFactory() for _ in range(3))
    Dirty.objects.create(what="counts", of=1, cause=first)
    assert mark() == last.pk
    Dirty.objects.create(what="goal", of=1, cause=left)
    assert mark() == left.pk - 1


def mark() -> int:
    with marked_snapshot() as found:
        return found


@pytest.mark.django_db(transaction=True)
def test_entry_that_is_committed_late_with_a_lower_id_does_not_fall_between():
    """The edit began first; the mark waits for it."""
    begun, go_on = threading.Event(), threading.Event()
    found: list[Any] = []

    def edit() -> None:
        with company_locked():
            found.append(make.LogEntryFactory().pk)
            begun.set()
            go_on.wait(20)
        connection.close()

    def build() -> None:
        with marked_snapshot() as told_to:
            found.append((told_to, [*LogEntry.objects.order_by("id").values_list("pk", flat=True)]))
        connection.close()

    editing, building = threading.Thread(target=edit), threading.Thread(target=build)
    editing.start()
    assert begun.wait(20)
    higher = make.LogEntryFactory().pk
    building.start()
    while not waits_for_the_company():
        assert building.is_alive()
    go_on.set()
    for each in (editing, building):
        each.join(20)

    lower, (told_to, seen) = found
    assert lower < higher == told_to
    assert seen == [lower, higher]


def waits_for_the_company() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("edits", [1, 3, marks.TRIES + 3])
def test_edit_between_the_mark_and_the_snapshot_is_told_once(monkeypatch, edits):
    """In a company that never pauses it is told twice, rather than never."""
    last = marks._last_entry
    made: list[int] = []

    def between() -> int:
        found = last()
        if connection.in_atomic_block and company_held() and len(made) < edits:
            made.append(in_another_connection(lambda: make.LogEntryFactory().pk))
        return found

    make.LogEntryFactory()
    monkeypatch.setattr(marks, "_last_entry", between)
    with marked_snapshot() as told_to:
        seen = last()
    assert made
    if edits < marks.TRIES:
        assert told_to == seen == made[-1]
    else:
        assert told_to < seen


def company_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return bool(cursor.fetchone()[0])


def in_another_connection(work: Any) -> Any:
    found: list[Any] = []

    def run() -> None:
        found.append(work())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]


@pytest.mark.django_db
def test_digest_written_before_told_what_was_logged_until_it_was_built():
    """What the migration carries over."""
    told = import_module("digest.migrations.0005_how_far_digests_told").TOLD
    built = at(9, 20)
    entries = [make.LogEntryFactory(at=moment) for moment in (at(9, 5), built, at(9, 21))]
    before = {"built_at": LONG_AGO, "sent_at": LONG_AGO}
    states = [("sent", {"built_at": built, "sent_at": built}), ("nothing", {"built_at": at(9, 30)}), ("sent", before)]
    digests = [make.DigestFactory(state=state, **values) for state, values in states]
    digests.append(make.DigestFactory(state="missed"))
    with connection.cursor() as cursor:
        cursor.execute(told)
    for digest in digests:
        digest.refresh_from_db()
    assert [digest.told_to for digest in digests] == [entries[1].pk, entries[2].pk, 0, None]


# Any edits, digests by hand and by the sweep.

ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "Europe/Berlin", "Asia/Kathmandu"]
MINUTES = st.sampled_from([1200, 600, 61, 1, 0])
THINGS = st.sampled_from(["sweep", "edit", "edit by hand"])
STEPS = st.lists(st.tuples(MINUTES, THINGS), min_size=8, max_size=16)
EDITS = 3
"""More would be counted and not named in one digest."""


@pytest.mark.slow
@pytest.mark.django_db
def test_each_change_is_told_once_to_each_reader(leader):
    @settings(
        max_examples=examples(3),
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def in_any_order(data: st.DataObject) -> None:
        with transaction.atomic():
            readers = [a_reader(data) for _ in range(3)]
            titles = live(data, leader, readers)
            for reader in readers:
                told = [
                    str(content)
                    for content in reader.digests_of_weeks.filter(state="sent").values_list("content", flat=True)
                ]
                assert {title: sum(title in each for each in told) for title in titles} == dict.fromkeys(titles, 1)
            transaction.set_rollback(True)

    in_any_order()


def a_reader(data: st.DataObject) -> Person:
    draw = data.draw
    return make.PersonFactory(
        joined_at=LONG_AGO,
        digests_always=draw(st.booleans()),
        timezone=draw(st.sampled_from(["", *ZONES])),
        digest_weekday=draw(st.integers(1, 7)),
        digest_hour=draw(st.integers(0, 10)),
    )


def live(data: st.DataObject, leader: Person, readers: list[Person]) -> list[str]:
    """Edits, and then at least a week in which no digest is missed: it is due by 10 o'clock, and the sweep comes within
    ten hours. With twenty of them one that is due on a Sunday may be missed, and tells nothing."""
    titles: list[str] = []
    now = MONDAY
    for minutes, thing in data.draw(STEPS):
        now += dt.timedelta(minutes=minutes, seconds=1)
        if thing != "sweep" and len(titles) < EDITS:
            titles.append(f"Aim {len(titles)} of these")
            closed(titles[-1], leader, now)
        if thing == "edit by hand":
            by_hand(data.draw(st.sampled_from(readers)), now)
        sweep(now)
    end = max(now + dt.timedelta(days=9), MONDAY + dt.timedelta(weeks=2, days=1))
    while now < end:
        now += dt.timedelta(hours=10)
        sweep(now)
    return titles


def by_hand(reader: Person, at: dt.datetime) -> None:
    with suppress(RefusedError):  # they had it
        send_now(reader, at=at)


def sweep(at: dt.datetime) -> None:
    put_in_order(at=at)
    build_digests(at=at)
    send_digests(at=at)
