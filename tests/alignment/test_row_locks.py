"""Who waits for whom by rows, and by the company as a whole: another connection holds each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from alignment.enums import Stale
from alignment.models import Dirty, Flag, GoalFigures, Recompute, TeamFigures
from alignment.refresh import edits
from alignment.refresh.drift import Drift, find_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.scope import scope_of
from alignment.refresh.waiting import refresh_waiting
from alignment.selectors import columns
from alignment.services import flags, links
from digest.models import DigestSettings
from digest.services import running as digests
from lib.db.locks import Lock
from strategy.services import goals, measures
from teams.models import LogEntry
from teams.services import initiatives, teams
from tests import factories as make
from tests.alignment.hills import build_hills
from tests.elsewhere import Elsewhere, elsewhere, in_another_connection, run_together, under_way, waits
from tests.factories import DAY, NOW

SHARE, HOLD = "SELECT 1 FROM pg_advisory_xact_lock_shared(%s)", "SELECT 1 FROM pg_advisory_xact_lock(%s)"


@pytest.fixture
def other() -> Iterator[Elsewhere]:
    with elsewhere() as other:
        yield other


@pytest.mark.django_db
def test_everything_is_computed_once_edits_under_way_are_through(other):
    other.ask(SHARE, Lock.COMPANY)

    assert waits(lambda: recompute_alignment(as_of=DAY, at=NOW))
    other.let_go()
    assert not waits(lambda: recompute_alignment(as_of=DAY, at=NOW))


@pytest.mark.django_db
def test_edits_go_side_by_side_and_wait_for_what_concerns_all(other):
    def make_team() -> None:
        teams.create_team(actor=make.AdminFactory(), at=NOW, name="New")

    make.RecomputeFactory()
    other.ask(SHARE, Lock.COMPANY)
    assert not waits(make_team)
    other.let_go()
    other.ask(HOLD, Lock.COMPANY)
    assert waits(make_team)


@pytest.mark.django_db(transaction=True)
def test_edits_wait_for_the_rows_that_others_edit(other):
    """Edits that change nothing, or not the row that is held: what is held is read as it was before, and so would be
    taken for what it is."""
    hills = build_hills()
    row = DigestSettings.objects.get()
    DigestSettings.objects.update(previewed_at=NOW)
    measure = make.MeasureFactory(goal=hills.goals["leaf"], title="Metres")
    flag = Flag.objects.get(code="squeezed", team=hills.crew)
    climb = hills.work["climb"]
    said: dict[str, Any] = {"title": "Metres", "unit": "", "baseline": measure.baseline, "target": measure.target}
    held: dict[str, tuple[Any, Callable[[], object]]] = {
        "an initiative": (climb, lambda: initiatives.edit_initiative(climb, version=1, effort=Decimal(2), **hills.by)),
        "a team": (hills.crew, lambda: teams.edit_team(hills.crew, version=1, name=hills.crew.name, **hills.by)),
        "a goal": (hills.goals["leaf"], lambda: goals.edit_goal(hills.goals["leaf"], version=1, **hills.by)),
        "a measure": (measure, lambda: measures.edit_measure(measure, version=1, **said, **hills.by)),
        "a flag": (flag, lambda: flags.wake_flag(flag, **hills.by)),
        "the digest": (row, lambda: digests.note_preview(**hills.by)),
        "an initiative of a link": (climb, lambda: links.endorse_link(hills.links["climb"], **hills.by)),
        "a link": (hills.links["rest"], lambda: links.confirm_link(hills.links["rest"], actor=hills.admin, at=NOW)),
        "a link beside": (hills.links["rest"], lambda: links.endorse_link(hills.links["split"], **hills.by)),
        "a team's figures": (
            TeamFigures(pk=hills.crew.pk),
            lambda: links.confirm_link(hills.links["climb"], **hills.by),
        ),
        "a goal's figures": (
            GoalFigures(pk=hills.goals["leaf"].pk),
            lambda: links.confirm_link(hills.links["climb"], **hills.by),
        ),
    }
    for name, (row, edit) in held.items():
        other.lock(row)
        assert waits(edit), name
        other.let_go()
        assert not waits(edit), name


@pytest.mark.django_db(transaction=True)
def test_worker_waits_for_the_work_that_others_edit(other):
    """Otherwise it stores figures of before an edit after those of the edit, or opens a flag that the edit opened."""
    hills = build_hills()
    Dirty.objects.create(what=Stale.GOAL, of=hills.goals["leaf"].pk, cause=make.LogEntryFactory())
    other.lock(hills.work["climb"])
    assert waits(lambda: refresh_waiting(at=NOW))
    other.let_go()
    assert not waits(lambda: refresh_waiting(at=NOW))


@pytest.mark.django_db(transaction=True)
def test_first_edits_at_once_neither_wait_for_each_other_nor_are_tried_again(monkeypatch):
    """Nothing was ever computed. Each edit has a connection of its own, and both share the company when they come to
    figures."""
    hills = build_hills()
    Recompute.objects.all().delete()
    met, begun = threading.Barrier(2, timeout=10), []

    def meet(*given: Any, **more: Any) -> Any:
        begun.append(threading.get_ident())
        met.wait()
        return scope_of(*given, **more)

    def size(key: str) -> None:
        initiatives.edit_initiative(hills.work[key], version=1, effort=Decimal(3), **hills.by)

    monkeypatch.setattr(edits, "scope_of", meet)
    raised = run_together(lambda: size("climb"), lambda: size("steady"))

    assert raised == [None, None]
    assert len(begun) == 2
    assert refresh_waiting(at=NOW) == 2
    assert find_drift() == Drift([], [], [], [])


def to_the_end(row: Any) -> None:
    """Of its table, as it lies there."""
    type(row).objects.filter(pk=row.pk).update(effort=F("effort"))


def as_they_lie() -> None:
    """Rows are found in the order in which they lie in the table, as in a plan for many."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")


@pytest.mark.django_db(transaction=True)
def test_figures_are_locked_by_team_then_by_goal_in_the_order_of_their_ids(other):
    """Whoever waits for one of them holds none of those that come later, so that no two wait for each other."""
    hills = build_hills()

    def hand_over() -> None:
        as_they_lie()
        initiatives.edit_initiative(hills.work["split"], version=1, team=hills.others, **hills.by)

    in_order: list[Any] = [
        *(TeamFigures(pk=team.pk) for team in (hills.crew, hills.others)),
        *(GoalFigures(pk=hills.goals[key].pk) for key in ("beside", "third")),
    ]
    for row in in_order[::2]:
        to_the_end(row)

    for at, row in enumerate(in_order):
        other.lock(row)
        with under_way(hand_over, other):
            for later in in_order[at + 1 :]:
                other.lock(later)


@pytest.mark.django_db(transaction=True)
def test_counts_are_written_in_the_order_of_the_goals(other):
    def count() -> None:
        as_they_lie()
        refresh_waiting(at=NOW)

    hills = build_hills()
    first, second = (GoalFigures(pk=hills.goals[key].pk) for key in ("beside", "third"))
    GoalFigures.objects.update(initiatives=9)
    Dirty.objects.create(what=Stale.COUNTS, cause=LogEntry.objects.latest("id"))
    to_the_end(first)

    other.lock(first)
    with under_way(count, other):
        other.lock(second)


@pytest.mark.django_db(transaction=True)
def test_what_is_edited_while_everything_is_read_is_not_seen(monkeypatch):
    """Neither the edit nor the figures that it stored: they agree with what was read before it."""
    hills = build_hills()
    read: Any = getattr(columns, "read")  # noqa: B009 -- as the selector has it
    waiting = [lambda: links.remove_link(hills.links["climb"], **hills.by)]

    def edited_meanwhile(wanted: Any, source: str) -> Any:
        found = read(wanted, source)
        if source == "alignment_link":
            in_another_connection(waiting.pop())
        return found

    monkeypatch.setattr(columns, "read", edited_meanwhile)

    found = find_drift()

    assert not waiting
    assert found is not None
    assert found.size == 0
