"""Who waits for whom by the keys that edits and workers share: another connection holds each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from alignment.enums import Stale
from alignment.models import Dirty
from alignment.refresh import reading
from alignment.refresh.waiting import refresh_waiting
from alignment.services import links
from lib.db.locks import Lock
from strategy.models import Goal
from strategy.services import goals
from teams.models import Initiative, LogEntry
from teams.services import initiatives
from tests.alignment.hills import TOMORROW, Hills, build_hills, of, open_flags
from tests.alignment.stored import assert_no_drift
from tests.elsewhere import Elsewhere, elsewhere, waits

HOLD, SHARE = "SELECT 1 FROM pg_advisory_xact_lock({})", "SELECT 1 FROM pg_advisory_xact_lock_shared({})"
IS_FREE, IS_SHARED = "SELECT pg_try_advisory_xact_lock({})", "SELECT pg_try_advisory_xact_lock_shared({})"


@pytest.fixture
def other() -> Iterator[Elsewhere]:
    with elsewhere() as other:
        yield other


def size(hills: Hills, key: str, effort: int) -> None:
    row = Initiative.objects.get(key=key)
    initiatives.edit_initiative(row, version=row.version, effort=Decimal(effort), **hills.by)


def unlink(hills: Hills) -> None:
    links.remove_link(hills.links["climb"], **hills.by)


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


@pytest.fixture
def large_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SMALL_TREE", -1)


def tree(goal: Goal) -> str:
    return f"{Lock.TREE:d}, {goal.pk}"


def test_edit_that_takes_the_last_effort_from_a_goal_waits_for_others_in_its_tree(hills, other, large_trees, db):
    other.ask(HOLD.format(tree(hills.goals["top"])))

    assert waits(lambda: unlink(hills))
    assert not waits(lambda: size(hills, "climb", 7))


def test_edits_of_other_trees_do_not_wait(hills, other, large_trees, db):
    for key in ("middle", "leaf", "beside", "third"):
        other.ask(HOLD.format(tree(hills.goals[key])))

    assert not waits(lambda: unlink(hills))


def test_edit_of_several_trees_waits_for_each(hills, other, large_trees, db):
    def move() -> None:
        goals.move_goal(hills.goals["leaf"], version=1, parent=hills.goals["beside"], **hills.by)

    for key in ("top", "beside"):
        other.ask(HOLD.format(tree(hills.goals[key])))
        assert waits(move)
        other.let_go()
    other.ask(HOLD.format(tree(hills.goals["third"])))
    assert not waits(move)


def test_others_in_the_tree_wait_for_the_edit(hills, other, large_trees, db):
    unlink(hills)

    assert other.ask(IS_FREE.format(tree(hills.goals["top"]))) is False
    assert other.ask(IS_FREE.format(tree(hills.goals["beside"]))) is True


def test_small_trees_are_counted_without_waiting_for_a_tree(hills, other, db):
    other.ask(HOLD.format(tree(hills.goals["top"])))

    assert not waits(lambda: unlink(hills))


def test_edit_leaves_the_fit_to_a_worker_where_somebody_else_is_at_it(hills, other, db):
    crowded = of("crowded", "top") | of("starved", "beside", "third")
    other.ask(HOLD.format(Lock.FIT))

    size(hills, "climb", 30)

    assert not crowded & open_flags()
    entry = LogEntry.objects.latest("id")
    assert list(Dirty.objects.values_list("what", "of", "cause")) == [("fit", None, entry.pk)]
    assert waits(lambda: refresh_waiting(at=TOMORROW))
    other.let_go()
    refresh_waiting(at=TOMORROW)
    assert crowded <= open_flags()
    assert_no_drift()


def test_others_leave_the_fit_to_a_worker_after_an_edit(hills, other, db):
    size(hills, "climb", 30)

    assert other.ask(IS_FREE.format(Lock.FIT)) is False


def test_one_worker_at_a_time_works_off_edits(hills, other, db):
    other.ask(HOLD.format(Lock.WAITING))

    assert waits(lambda: refresh_waiting(at=TOMORROW))
    other.let_go()
    refresh_waiting(at=TOMORROW)
    assert other.ask(IS_FREE.format(Lock.WAITING)) is False


def test_worker_that_counts_waits_for_edits_and_edits_do_not_wait_for_it(hills, other, large_trees, db):
    Dirty.objects.create(what=Stale.COUNTS, cause=LogEntry.objects.latest("id"))
    other.ask(SHARE.format(Lock.COUNTS))
    assert waits(lambda: refresh_waiting(at=TOMORROW))
    other.let_go()

    other.ask(HOLD.format(Lock.COUNTS))
    assert not waits(lambda: size(hills, "climb", 3))


def test_edits_share_what_a_worker_that_counts_waits_for(hills, other, db):
    size(hills, "climb", 3)

    assert other.ask(IS_SHARED.format(Lock.COUNTS)) is True
    assert other.ask(IS_FREE.format(Lock.COUNTS)) is False


def test_edit_of_a_small_tree_has_it_counted_again_while_a_worker_counts(hills, other, db):
    """The worker does not see the edit, and may store what was before it."""
    other.ask(HOLD.format(Lock.COUNTS))

    size(hills, "climb", 3)

    entry = LogEntry.objects.latest("id")
    assert list(Dirty.objects.values_list("what", "of", "cause")) == [("counts", None, entry.pk)]
