"""What services have in common: one transaction, its place in the queue, another try after a deadlock."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from lib.db.locks import Lock
from lib.services import trials
from lib.services.changes import Changes, announce, subscribe
from lib.services.permissions import SYSTEM, SYSTEM_ONLY, require
from lib.services.writes import writes
from teams.models import Company, Team
from tests import factories as make
from tests.elsewhere import run_together
from tests.factories import NOW

DEADLOCK = "40P01"


class AgainError(OperationalError):
    """As Django raises it, from what the driver says."""


def refusal(code: str | None) -> Exception:
    """As of the driver, whose errors have a code that cannot be set."""
    return type("Refusal", (Exception,), {"pgcode": code})() if code else Exception()


def held() -> set[str]:
    """In which modes this connection holds the company."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()",
            [Lock.COMPANY],
        )
        return {mode for (mode,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_writers_that_block_each_other_both_get_through():
    a, b = make.TeamFactory(name="a"), make.TeamFactory(name="b")
    met = threading.Barrier(2, timeout=10)
    tries = []

    @writes(permission=SYSTEM_ONLY)
    def rename(first, second, name):
        tries.append(name)
        Team.objects.filter(pk=first.pk).update(name=name)
        if len(tries) <= 2:
            met.wait()
        Team.objects.filter(pk=second.pk).update(name=name)

    raised = run_together(lambda: rename(a, b, "one"), lambda: rename(b, a, "two"))

    assert raised == [None, None]
    assert len(tries) > 2
    assert len(set(Team.objects.values_list("name", flat=True))) == 1


@pytest.mark.django_db(transaction=True)
def test_another_error_of_the_database_is_not_tried_again():
    tries = []

    @writes(permission=SYSTEM_ONLY)
    def fail():
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        fail()
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_tried_again_inside_of_a_larger_transaction():
    """What the larger one did before is lost as well: it is for whoever began it to do all again."""
    tries = []

    @writes(permission=SYSTEM_ONLY)
    def fail():
        tries.append(1)
        raise AgainError from refusal(DEADLOCK)

    with pytest.raises(AgainError), transaction.atomic():
        fail()
    assert len(tries) == 1
    with pytest.raises(AgainError):
        fail()
    assert len(tries) == 1 + 4


@pytest.mark.django_db(transaction=True)
def test_service_is_tried_four_times_where_others_were_in_its_way():
    """A deadlock (40P01) and a failed serialization (40001) pass; a statement that was cancelled (57014) does not, nor
    does an error that is not of the database. What a try did is undone."""

    @writes(permission=SYSTEM_ONLY)
    def make_team(failures, code, tries):
        tries.append(make.TeamFactory())
        if len(tries) <= failures:
            raise AgainError from refusal(code)
        return tries[-1]

    made = []
    failures: int
    code: str | None
    for failures, code in ((3, DEADLOCK), (3, "40001")):
        made.append(make_team(failures, code, []))
    for failures, code in ((4, DEADLOCK), (4, "40001"), (1, "57014"), (1, None)):
        tries: list[object] = []
        with pytest.raises(AgainError):
            make_team(failures, code, tries)
        assert len(tries) == failures
    assert list(Team.objects.order_by("id")) == made


@pytest.mark.django_db
@pytest.mark.parametrize(("alone", "mode"), [(False, "ShareLock"), (True, "ExclusiveLock")])
def test_service_holds_the_company_together_or_alone(alone, mode):
    assert writes(permission=SYSTEM_ONLY, alone=alone)(held)() == {mode}


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_the_company_alone_waits_for_the_others():
    order = []
    inside, waiting = threading.Event(), threading.Event()

    @writes(permission=SYSTEM_ONLY)
    def together():
        inside.set()
        waiting.wait(0.5)
        order.append("together")

    @writes(permission=SYSTEM_ONLY, alone=True)
    def alone():
        order.append("alone")

    def come():
        inside.wait(10)
        alone()

    assert run_together(together, come) == [None, None]
    assert order == ["together", "alone"]


def test_listeners_hear_what_is_announced_once():
    heard = []

    def listener(changes, cause, at):
        heard.append((changes, cause, at))

    from lib.services import changes

    before = list(changes._listeners)
    try:
        changes._listeners.clear()
        subscribe(listener)
        subscribe(listener)
        announce(Changes(goals=[3]), cause=7, at=NOW)
    finally:
        changes._listeners[:] = before

    assert heard == [(Changes(goals=[3]), 7, NOW)]


class Clerk:
    """May do what it was told, to what it was told."""

    def __init__(self, *allowed):
        self.allowed = allowed

    def has_perm(self, perm, obj=None):
        return (perm, obj) in self.allowed


@pytest.mark.django_db
def test_service_refuses_who_lacks_its_permission_before_it_does_anything():
    done = []

    @writes(permission="ledger.close")
    def close(book, *, actor, note=""):
        done.append((book, note))
        return book

    assert close("may", actor=Clerk(("ledger.close", "may")), note="Ok") == "may"
    with pytest.raises(PermissionDenied, match=r"ledger\.close"):
        close("june", actor=Clerk(("ledger.close", "may")))
    assert close("june", actor=SYSTEM) == "june"
    assert done == [("may", "Ok"), ("june", "")]


@pytest.mark.django_db
def test_permission_is_asked_on_what_the_service_says():
    asked = []

    class Asker:
        def has_perm(self, perm, obj=None):
            asked.append((perm, obj))
            return True

    @writes(permission="a.on_nothing")
    def on_nothing(*, actor, name):
        return name

    @writes(permission="a.on_part", of="real")
    def on_part(number, *, actor):
        return number

    @writes(permission="a.on_place", of=lambda *, place, **_values: place.upper())
    def on_place(*, actor=SYSTEM, place, title=""):
        return title

    asker = Asker()
    on_nothing(actor=asker, name="x"), on_part(3 + 1j, actor=asker), on_place(actor=asker, place="top", title="y")
    on_place(place="top")
    require(on_part, asker, 5)

    assert asked == [("a.on_nothing", None), ("a.on_part", 3.0), ("a.on_place", "TOP"), ("a.on_part", 5)]


@pytest.mark.django_db
def test_form_is_not_shown_to_who_may_not_send_it():
    @writes(permission="a.b")
    def service(row, *, actor):
        return row

    with pytest.raises(PermissionDenied):
        require(service, Clerk(), "row")


def test_service_without_an_actor_is_for_the_system_only():
    def sweep():
        return 1

    def edit(row, *, actor):
        return row

    with pytest.raises(TypeError, match="sweep"):
        writes(permission="a.b")(sweep)
    with pytest.raises(TypeError, match="edit"):
        writes(permission=SYSTEM_ONLY)(edit)


@pytest.mark.django_db
def test_service_that_does_not_queue_takes_no_lock_of_the_company():
    assert writes(permission=SYSTEM_ONLY, queues=False)(held)() == set()


def test_what_is_rehearsed_has_the_company_alone_and_is_taken_back(db, monkeypatch):
    """What it writes could be on the way of other edits otherwise."""
    asked = []

    @contextmanager
    def locked(*, alone=False):
        asked.append(alone)
        with transaction.atomic():
            yield

    monkeypatch.setattr(trials, "company_locked", locked)
    before = Company.objects.get().name
    assert trials.rehearsed(lambda: Company.objects.update(name="Another")) == 1
    assert (asked, Company.objects.get().name) == ([True], before)
