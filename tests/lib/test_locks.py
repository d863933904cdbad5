"""The locks of lib/db/locks.py: what they share, whom they keep out, and that none is widened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

from lib.db.locks import Lock, WidenedLockError, company_is_locked_alone, lock_rows
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Team
from tests import factories as make
from tests.elsewhere import elsewhere, waits

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
APPS = ("lib", "teams", "strategy", "alignment", "demo", "config")
ADVISORY = re.compile(r"pg_\w*advisory\w*")


def asked_for() -> list[str]:
    """The company, as this transaction was given it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()",
            [Lock.COMPANY],
        )
        return sorted(mode for (mode,) in cursor.fetchall())


@writes(permission=SYSTEM_ONLY)
def together(inside=asked_for):
    return inside()


@writes(permission=SYSTEM_ONLY, alone=True)
def alone(inside=asked_for):
    return inside()


def test_lock_that_is_shared_is_not_widened():
    with pytest.raises(WidenedLockError, match="lock it alone from the start"):
        together(alone)


def test_lock_is_not_widened_further_inside_either():
    with pytest.raises(WidenedLockError):
        together(lambda: together(alone))


def test_whoever_has_the_company_alone_may_call_those_who_share_it():
    assert alone(lambda: together(alone)) == ["ExclusiveLock"]


def test_nothing_is_remembered_behind_an_error():
    with pytest.raises(ZeroDivisionError):
        together(lambda: 1 / 0)
    assert alone() == ["ExclusiveLock"]


def test_who_asks_is_told_whether_the_company_is_locked_alone():
    assert not company_is_locked_alone()
    assert not together(company_is_locked_alone)
    assert alone(company_is_locked_alone)
    assert alone(lambda: together(company_is_locked_alone))
    assert not company_is_locked_alone()


def test_company_is_asked_for_once_however_deep(django_assert_num_queries):
    """With two statements for each savepoint."""
    with django_assert_num_queries(1 + 2):
        together(lambda: None)
    with django_assert_num_queries(1 + 2 + 2):
        together(lambda: together(lambda: None))


def test_rows_are_locked_by_id():
    first, second = make.TeamFactory(), make.TeamFactory()

    assert lock_rows(Team.objects.order_by("-id")) == [first, second]


@pytest.mark.django_db(transaction=True)
def test_locked_rows_wait_for_others_who_edit_them():
    team, other = make.TeamFactory(), make.TeamFactory()
    with elsewhere() as another:
        another.lock(team)

        assert waits(lambda: lock_rows(Team.objects.all()))
        assert not waits(lambda: lock_rows(Team.objects.filter(pk=other.pk)))


def test_locks_of_the_database_are_asked_for_in_one_module():
    """But for triggers, which the database runs by itself."""
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and ADVISORY.search(path.read_text(encoding="utf-8"))
    }

    assert found == {"lib/db/locks.py", "lib/db/triggers.py", "teams/models/person.py"}


def test_keys_are_in_the_order_in_which_they_are_taken():
    assert [key.name for key in sorted(Lock)] == ["COMPANY", "WAITING", "COUNTS", "TREE", "FIT", "EDITIONS"]
