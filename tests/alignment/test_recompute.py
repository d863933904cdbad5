"""What a recompute stores: the engine's word, as differences, with the flags' days and the history's causes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext

from alignment.enums import FlagCode
from alignment.models import Flag, GoalFigures, InitiativeFigures, InitiativeHistory, Recompute, TeamFigures
from alignment.refresh.nightly import recompute_when_stale
from alignment.refresh.recompute import RecomputeResult, recompute_alignment
from strategy.enums import GoalStatus
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.models import Company, LogEntry
from tests.factories import GoalFactory, InitiativeFactory, LinkFactory, MeasureFactory, TeamFactory

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 3, 16)


def recompute(on: dt.date = MONDAY) -> RecomputeResult:
    return recompute_alignment(as_of=on, at=dt.datetime.combine(on, dt.time(9), dt.UTC))


@pytest.fixture
def work():
    """4 weeks, a quarter of them for a goal with a measure: 1 aligned (with a reason), 3 orphaned."""
    goal = GoalFactory(key="grow", why="Because", meaning_changed_on=None)
    MeasureFactory(goal=goal)
    team = TeamFactory(key="team", mission="")
    initiative = InitiativeFactory(
        key="work",
        team=team,
        effort=4,
        kind=InitiativeKind.GOAL,
        origin=Origin.TEAM,
        status=InitiativeStatus.ACTIVE,
        touched_on=MONDAY,
    )
    LinkFactory(initiative=initiative, goal=goal, share="0.25", rationale="It sells", confirmed_on=MONDAY)
    return initiative


def open_flags() -> set[tuple[str, dt.date]]:
    return set(Flag.objects.open().values_list("code", "first_seen"))


def test_recompute_stores_own_rows(work):
    recompute()
    mine, team, goal = InitiativeFigures.objects.get(), TeamFigures.objects.get(), GoalFigures.objects.get()
    assert (mine.effort, mine.aligned, mine.reasoned, mine.endorsed, mine.orphaned) == (4, 1, 1, 0, 3)
    assert (mine.team_id, mine.own_choice, mine.unsized) == (work.team_id, True, False)
    assert (team.effort, team.aligned, team.orphaned, team.own_choice, team.own_choice_aligned) == (4, 1, 3, 4, 1)
    assert (team.initiatives, team.unsized) == (1, 0)
    assert (goal.live, goal.anchored, goal.reason, goal.effort) == (True, True, "", 1)
    assert (goal.initiatives, goal.teams, goal.unsized) == (1, 1, 0)
    assert open_flags() == {(code, MONDAY) for code in ("partly_orphaned", "no_mission", "under_aligned")}


def test_recompute_again_writes_nothing(work):
    recompute()
    again = recompute(MONDAY + dt.timedelta(days=1))
    assert (again.initiatives, again.teams, again.goals, again.flags_opened, again.flags_resolved) == (0, 0, 0, 0, 0)
    assert InitiativeHistory.objects.count() == 1


def test_flag_keeps_its_first_day_and_is_resolved_not_deleted(work):
    recompute()
    later, last = MONDAY + dt.timedelta(days=7), MONDAY + dt.timedelta(days=14)
    recompute(later)
    assert ("partly_orphaned", MONDAY) in open_flags()
    work.links.update(share=None)
    recompute(last)
    flag = Flag.objects.get(code=FlagCode.PARTLY_ORPHANED)
    assert (flag.first_seen, flag.resolved_on) == (MONDAY, last)
    work.links.update(share="0.25")
    again = last + dt.timedelta(days=8)
    recompute(again)
    days = Flag.objects.filter(code=FlagCode.PARTLY_ORPHANED).order_by("id").values_list("first_seen", "resolved_on")
    assert list(days) == [(MONDAY, last), (again, None)]


def test_flag_resolved_as_of_an_earlier_day_keeps_its_days_in_order(work):
    recompute()
    work.links.update(share=None)
    recompute(MONDAY - dt.timedelta(days=3))
    flag = Flag.objects.get(code=FlagCode.PARTLY_ORPHANED)
    assert (flag.first_seen, flag.resolved_on) == (MONDAY, MONDAY)


def test_history_has_a_row_with_its_cause_for_each_change(work):
    recompute()
    work.links.get().goal.__class__.objects.update(status=GoalStatus.DROPPED)
    recompute(MONDAY + dt.timedelta(days=1))
    type(work).objects.update(status=InitiativeStatus.DONE)
    recompute(MONDAY + dt.timedelta(days=2))
    rows = InitiativeHistory.objects.order_by("id").values_list(
        "as_of", "effort", "aligned", "orphaned", "origin", "cause"
    )
    causes = list(LogEntry.objects.order_by("id").values_list("id", flat=True))
    assert list(rows) == [
        (MONDAY, 4, 1, 3, "team", causes[0]),
        (MONDAY + dt.timedelta(days=1), 4, 0, 4, "team", causes[1]),
        (MONDAY + dt.timedelta(days=2), 0, 0, 0, "team", causes[2]),
    ]
    assert not InitiativeFigures.objects.exists()
    assert TeamFigures.objects.get().effort == 0
    assert GoalFigures.objects.get().reason == "goal_closed"


def test_history_refuses_update_and_delete(work):
    recompute()
    for attempt in (
        lambda: InitiativeHistory.objects.update(effort=9),
        lambda: InitiativeHistory.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            attempt()


def test_recompute_when_stale_runs_once_a_day_of_the_company(work):
    Company.objects.update(timezone="Pacific/Auckland")
    evening = dt.datetime(2026, 3, 16, 12, tzinfo=dt.UTC)  # already Tuesday there
    assert recompute_when_stale(at=evening) is True
    assert recompute_when_stale(at=evening + dt.timedelta(hours=10)) is False
    assert recompute_when_stale(at=evening + dt.timedelta(hours=23)) is True
    days = Recompute.objects.order_by("id").values_list("as_of", flat=True)
    assert list(days) == [dt.date(2026, 3, 17), dt.date(2026, 3, 18)]


def test_recompute_takes_the_same_queries_for_more_rows(work, django_assert_max_num_queries):
    from django.db import connection

    recompute()
    with CaptureQueriesContext(
        connection,
    ) as few:
        type(work).objects.update(effort=5)
        recompute()
    for _ in range(5):
        LinkFactory(goal=work.links.get().goal)
    with CaptureQueriesContext(connection) as more:
        type(work).objects.update(effort=6)
        recompute()
    assert len(few) >= len(more) - 4
