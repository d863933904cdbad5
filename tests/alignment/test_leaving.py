"""What an edit leaves to a worker, and where the line is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from alignment.enums import Stale
from alignment.models import Dirty, Flag, GoalFigures, Recompute
from alignment.refresh import edits, reading
from alignment.refresh.waiting import refresh_waiting
from alignment.selectors.company import company_now
from alignment.services import links
from lib.db.locks import company_locked
from lib.services.changes import Changes, announce
from strategy.enums import GoalStatus
from strategy.models import Goal
from strategy.services import goals, measures, missions
from teams.models import Initiative, LogEntry
from teams.services import initiatives
from tests import factories as make
from tests.alignment.hilledits import share
from tests.alignment.hills import TOMORROW, Hills, build_hills, of, open_flags
from tests.alignment.stored import assert_no_drift
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


@pytest.fixture
def large_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SMALL_TREE", -1)


def left() -> list[tuple[str, int | None, str]]:
    """What, of which id, and the action that is its cause."""
    return list(Dirty.objects.order_by("id").values_list("what", "of", "cause__action"))


def size(hills: Hills, key: str, effort: int | None) -> None:
    row = Initiative.objects.get(key=key)
    initiatives.edit_initiative(row, version=row.version, effort=effort and Decimal(effort), **hills.by)


def close_top(hills: Hills) -> None:
    """It bears on three goals and on the one initiative linked to one of them."""
    goals.close_goal(hills.goals["top"], version=1, status=GoalStatus.MISSED, reason="No.", **hills.by)


@pytest.mark.parametrize(("limit", "leaves"), [(4, False), (3, True)])
def test_edit_that_bears_on_more_than_the_limit_is_left(hills, limit, leaves, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", limit)

    close_top(hills)

    assert left() == ([("goal", hills.goals["top"].pk, "goal.closed")] if leaves else [])


def test_each_kind_of_thing_is_left_by_its_id(hills, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", -1)
    goal, ids = hills.goals, {key: goal.pk for key, goal in hills.goals.items()}

    links.confirm_link(hills.links["climb"], **hills.by)
    measures.create_measure(goal["leaf"], title="Metres", target=Decimal(9), **hills.by)
    missions.set_mission(hills.others, version=1, mission="We stay.", goals=[], **hills.by)
    goals.move_goal(goal["leaf"], version=1, parent=goal["beside"], **hills.by)

    assert sorted(left()) == sorted(
        [
            ("initiative", hills.work["climb"].pk, "link.confirmed"),
            ("goal", ids["leaf"], "link.confirmed"),
            ("goal", ids["leaf"], "measure.created"),
            ("team", hills.others.pk, "team.mission_set"),
            ("goal", ids["leaf"], "goal.moved"),
            ("goal", ids["middle"], "goal.moved"),
        ]
    )


def test_worker_is_woken_once_what_is_left_is_committed(hills, monkeypatch, django_capture_on_commit_callbacks):
    woken: list[int] = []
    monkeypatch.setattr(edits, "notify_worker", lambda: woken.append(Dirty.objects.count()))
    with django_capture_on_commit_callbacks(execute=True):
        size(hills, "climb", 3)
    assert woken == []

    monkeypatch.setattr(edits, "INLINE", -1)
    with django_capture_on_commit_callbacks(execute=True):
        size(hills, "climb", 4)
        assert woken == []
    assert woken == [1]


def test_in_large_trees_only_who_contributes_is_left(hills, large_trees):
    size(hills, "climb", 3)
    assert left() == [("counts", None, "initiative.edited")]

    links.confirm_link(hills.links["climb"], **hills.by)
    assert len(left()) == 1


def test_in_small_trees_nothing_is_left(hills):
    close_top(hills)
    size(hills, "steady", 40)

    assert left() == []


@pytest.mark.parametrize(("limit", "whole"), [(1, True), (0, False)])
def test_tree_is_small_by_how_many_contribute_to_it(hills, limit, whole, monkeypatch):
    monkeypatch.setattr(reading, "SMALL_TREE", limit)

    size(hills, "climb", None)

    assert GoalFigures.objects.get(goal__key="top").unsized == (1 if whole else 0)
    assert left() == ([] if whole else [("counts", None, "initiative.edited")])


@pytest.mark.parametrize(("limit", "whole"), [(3, True), (2, False)])
def test_tree_is_small_by_how_many_goals_it_has(hills, limit, whole, monkeypatch):
    monkeypatch.setattr(reading, "SMALL_GOALS", limit)

    size(hills, "climb", None)

    assert GoalFigures.objects.get(goal__key="top").unsized == (1 if whole else 0)
    assert left() == ([] if whole else [("counts", None, "initiative.edited")])


def test_edit_of_a_small_tree_and_a_large_one_leaves_the_counts_of_the_large_one(hills, monkeypatch):
    def counts(key: str) -> tuple[int, int, int]:
        return GoalFigures.objects.values_list("initiatives", "teams", "unsized").get(goal__key=key)

    share(hills)
    monkeypatch.setattr(reading, "SMALL_TREE", 1)

    size(hills, "split", None)

    assert (counts("third"), counts("beside")) == ((1, 1, 1), (2, 2, 0))
    assert GoalFigures.objects.get(goal__key="beside").covered
    assert left() == [("counts", None, "initiative.edited")]
    refresh_waiting(at=TOMORROW)
    assert (counts("third"), counts("beside")) == ((1, 1, 1), (2, 2, 1))
    assert_no_drift()


@pytest.mark.parametrize(("limit", "at_once"), [(5, True), (4, False)])
def test_fit_is_left_where_there_are_many_goals(hills, limit, at_once, monkeypatch):
    monkeypatch.setattr(reading, "MANY_GOALS", limit)
    crowded = of("crowded", "top") | of("starved", "beside", "third")

    size(hills, "climb", 30)

    assert (crowded <= open_flags()) is at_once
    assert left() == ([] if at_once else [("fit", None, "initiative.edited")])
    refresh_waiting(at=TOMORROW)
    assert crowded <= open_flags()
    assert {flag.cause.action for flag in Flag.objects.filter(code="starved")} == {"initiative.edited"}
    assert_no_drift()


def test_settings_that_bear_on_everything_are_computed_at_once_in_a_small_company(hills, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", 3)
    entry = make.LogEntryFactory()

    with company_locked(alone=True):
        announce(Changes(company=True), cause=entry.pk, at=TOMORROW)

    latest = Recompute.objects.latest("id")
    assert (latest.cause, latest.as_of, latest.finished_at) == (entry, DAY, TOMORROW)
    assert left() == []


def test_settings_that_bear_on_everything_are_left_in_a_large_company(hills, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", 2)
    entry = make.LogEntryFactory()

    with company_locked(alone=True):
        announce(Changes(company=True), cause=entry.pk, at=TOMORROW)

    assert left() == [("company", None, entry.action)]
    assert Recompute.objects.count() == 1
    assert refresh_waiting(at=TOMORROW) == 1
    assert Recompute.objects.latest("id").cause == entry


@pytest.mark.parametrize("inline", [400, -1])
def test_first_edit_leaves_everything_and_a_worker_computes_it_as_of_its_day(hills, inline, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", inline)
    Recompute.objects.all().delete()

    size(hills, "climb", 3)

    assert left() == [("company", None, "initiative.edited")]
    assert company_now().updating
    assert refresh_waiting(at=TOMORROW) == 1
    first = Recompute.objects.get()
    assert (first.as_of, first.finished_at, first.cause) == (TOMORROW.date(), TOMORROW, LogEntry.objects.latest("id"))
    assert_no_drift()


def test_first_edit_that_has_the_company_alone_computes_everything(hills):
    Recompute.objects.all().delete()

    close_top(hills)

    assert Recompute.objects.get().cause == LogEntry.objects.latest("id")
    assert left() == []
    assert_no_drift()


def test_settings_that_somebody_changes_while_others_edit_are_left_to_a_worker(hills):
    entry = make.LogEntryFactory()

    with company_locked():
        announce(Changes(company=True), cause=entry.pk, at=TOMORROW)

    assert left() == [("company", None, entry.action)]


def test_later_edits_are_computed_as_of_the_day_of_the_figures(hills):
    """An exploration that ends today is one until the night has passed."""
    row = hills.work["steady"]
    Goal.objects.filter(key="beside").update(status=GoalStatus.DRAFT)
    initiatives.declare_kind(
        row, actor=hills.admin, at=NOW, version=1, kind="explore", declaration="What if?", ends_on=DAY
    )
    initiatives.confirm_initiative(row, version=2, **hills.by)

    assert "exploration_overrun" not in {code for code, _key in open_flags()}


def test_worker_takes_what_waits_in_the_order_of_the_edits(hills, monkeypatch):
    """Whatever the order in which the rows lie in the table."""
    monkeypatch.setattr(edits, "INLINE", -1)
    size(hills, "climb", 3)
    size(hills, "climb", 5)
    Dirty.objects.filter(pk=Dirty.objects.earliest("id").pk).update(what=Stale.INITIATIVE)
    first = Dirty.objects.earliest("id").cause

    refresh_waiting(at=TOMORROW)

    assert hills.work["climb"].history.latest("id").cause == first
