"""Weeks that were kept, and how they are read again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db import DatabaseError, IntegrityError, transaction

from alignment.engine import Figures
from alignment.history.weeks import company_trend, company_weeks, goal_trend, team_trend, team_weeks, weeks_of
from alignment.models import CompanyWeek, GoalFigures, GoalWeek, TeamFigures, TeamWeek
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.weeks import snapshot_when_due, take_snapshot
from alignment.selectors.company import company_figures
from lib.services.dates import monday
from strategy.enums import GoalStatus
from strategy.models import Goal
from teams.models import Initiative, Team
from tests import factories as make
from tests.factories import DAY, NOW

WEEK = dt.timedelta(weeks=1)


def keep(day: dt.date) -> bool:
    """Figures of `day`, and its week kept."""
    at = dt.datetime.combine(day, dt.time(3), dt.UTC)
    recompute_alignment(as_of=day, at=at)
    return snapshot_when_due(as_of=day, at=at)


def with_weeks() -> Any:
    """Teams with the rows that `weeks_of` reads."""
    return Team.objects.annotate(
        kept=ArraySubquery(company_weeks()),
        own=ArraySubquery(team_weeks(together=False)),
        together=ArraySubquery(team_weeks(together=True)),
    )


def test_monday_is_the_first_day_of_the_iso_week():
    assert monday(dt.date(2027, 1, 3)) == dt.date(2026, 12, 28)
    assert monday(dt.date(2026, 12, 28)) == dt.date(2026, 12, 28)


def test_snapshot_keeps_the_company(firm):
    assert take_snapshot(week=DAY, at=NOW)
    row = CompanyWeek.objects.get()

    assert (row.week, row.as_of, row.at) == (DAY, DAY, NOW)
    assert (row.effort, row.aligned, row.exploring, row.sustaining, row.orphaned) == (19, 7, 2, 5, 5)
    assert (row.initiatives, row.unsized, row.goals_anchored, row.goals_covered) == (7, 1, 3, 3)
    assert row.priority_fit == pytest.approx(1 - 0.5 * (abs(1 / 2 - 5 / 7) * 2))


def test_snapshot_keeps_teams_with_work_alone_and_with_their_sub_teams(firm):
    take_snapshot(week=DAY, at=NOW)
    rows = TeamWeek.objects.values_list("team__key", "together", "effort", "aligned", "orphaned", "initiatives")

    assert set(rows) == {
        ("product", False, 6, 3, 1, 3),
        ("product", True, 14, 7, 5, 6),
        ("search", False, 8, 4, 4, 3),
        ("ops", False, 5, 0, 0, 1),
    }


def test_snapshot_keeps_goals_that_lead_to_a_published_strategy_with_all_below(firm):
    take_snapshot(week=DAY, at=NOW)
    rows = GoalWeek.objects.values_list("goal__key", "effort", "initiatives", "teams", "live", "anchored")

    assert set(rows) == {
        ("growth", 5, 2, 2, True, True),
        ("retention", 4, 2, 2, True, True),
        ("hidden", 2, 1, 1, True, True),
    }


def test_week_is_kept_once_by_its_first_run(firm):
    assert keep(DAY + dt.timedelta(days=2))
    assert not keep(DAY + dt.timedelta(days=5))
    assert keep(DAY + WEEK)

    assert list(CompanyWeek.objects.order_by("week").values_list("week", "as_of")) == [
        (DAY, DAY + dt.timedelta(days=2)),
        (DAY + WEEK, DAY + WEEK),
    ]


def test_week_before_a_kept_one_is_not_kept_any_more(firm):
    keep(DAY + WEEK)

    assert not keep(DAY)
    assert CompanyWeek.objects.get().week == DAY + WEEK


def test_week_that_the_figures_are_not_of_is_not_kept(firm):
    assert not take_snapshot(week=DAY + WEEK, at=NOW)
    assert not CompanyWeek.objects.exists()


def test_nothing_is_kept_before_the_first_recompute(nothing):
    assert not take_snapshot(week=DAY, at=NOW)


def test_company_without_teams_is_kept_too(nothing):
    assert keep(DAY)
    kept = company_trend(5)[0]

    assert (kept.figures, kept.strategy_coverage, kept.priority_fit) == (Figures(), None, None)


def test_teams_and_goals_have_rows_only_in_weeks_that_differ(firm):
    keep(DAY)
    keep(DAY + WEEK)
    Initiative.objects.filter(key="keep").update(effort=6)
    keep(DAY + 2 * WEEK)

    assert TeamWeek.objects.filter(week=DAY + WEEK).count() == 0
    assert GoalWeek.objects.filter(week__gt=DAY).count() == 0
    assert list(TeamWeek.objects.filter(week=DAY + 2 * WEEK).values_list("team__key", "effort")) == [("ops", 6)]


def test_goal_has_a_row_when_it_counts_no_more_though_nobody_worked_on_it(firm):
    idle = make.GoalFactory(key="idle", strategy=firm.strategy)
    keep(DAY)
    Goal.objects.filter(pk=idle.pk).update(status=GoalStatus.DROPPED)
    keep(DAY + WEEK)

    rows = GoalWeek.objects.filter(goal=idle).order_by("week").values_list("week", "effort", "live", "anchored")
    assert list(rows) == [(DAY, 0, True, True), (DAY + WEEK, 0, False, False)]


@pytest.mark.parametrize(("part", "rows"), [(1e-12, 0), (1e-7, 1)])
def test_rounding_is_no_difference_between_weeks(firm, part, rows):
    keep(DAY)
    recompute_alignment(as_of=DAY + WEEK, at=NOW)
    TeamFigures.objects.filter(team=firm.search).update(effort=8 * (1 + part))
    GoalFigures.objects.filter(goal=firm.growth).update(effort=1 + part)
    snapshot_when_due(as_of=DAY + WEEK, at=NOW)

    assert TeamWeek.objects.filter(week=DAY + WEEK, team=firm.search).count() == rows
    assert GoalWeek.objects.filter(week=DAY + WEEK, goal=firm.growth).count() == rows


def test_week_without_work_on_goals_has_no_fit_and_counts_goals_without_work(firm):
    Initiative.objects.filter(key="hush").update(status="paused")
    keep(DAY)
    Initiative.objects.update(status="paused")
    keep(DAY + WEEK)

    rows = CompanyWeek.objects.order_by("week").values_list("goals_anchored", "goals_covered", "priority_fit")
    assert list(rows) == [(3, 2, 0.5), (3, 0, None)]


def test_twelve_weeks_are_kept_at_hand_of_the_company_and_of_a_team(firm):
    for back in range(13):
        week = DAY - back * WEEK
        make.CompanyWeekFactory(week=week, effort=20 + back)
        for together in (False, True):
            make.TeamWeekFactory(team=firm.product, week=week, effort=20 + back + 100 * together, together=together)
    row = with_weeks().get(pk=firm.product.pk)

    expected = [(DAY - back * WEEK, 20 + back) for back in reversed(range(12))]
    own, both = weeks_of(row.kept, row.own), weeks_of(row.kept, row.together, row.own)
    assert [(week.week, week.figures.effort) for week in company_figures().weeks] == expected
    assert [(week.week, week.figures.effort) for week in own] == expected
    assert [(week.week, week.figures.effort) for week in both] == [(week, 100 + effort) for week, effort in expected]


def test_week_of_a_team_is_of_its_latest_row_until_then_and_before_of_nothing(firm):
    for back in range(4):
        make.CompanyWeekFactory(week=DAY - back * WEEK)
    make.TeamWeekFactory(team=firm.product, week=DAY - 2 * WEEK, effort=6)
    make.TeamWeekFactory(team=firm.product, week=DAY, effort=7, together=True)
    row = with_weeks().get(pk=firm.product.pk)

    own, both = weeks_of(row.kept, row.own), weeks_of(row.kept, row.together, row.own)

    assert [week.figures.effort for week in own] == [0, 6, 6, 6]
    assert [week.figures.effort for week in both] == [0, 6, 6, 7]
    assert [(week.figures.effort, week.together.effort) for week in team_trend(firm.product, 4)] == [
        (0, 0),
        (6, 6),
        (6, 6),
        (6, 7),
    ]


def test_trend_of_a_team_stands_until_it_changes(firm):
    for at in range(2):
        keep(DAY + at * WEEK)
    Initiative.objects.filter(team=firm.search).update(status="paused")
    keep(DAY + 2 * WEEK)
    search, product = team_trend(firm.search, 10), team_trend(firm.product, 10)

    assert [week.week for week in search] == [DAY, DAY + WEEK, DAY + 2 * WEEK]
    assert [week.figures.coverage for week in search] == [0.5, 0.5, None]
    assert [week.together for week in search] == [week.figures for week in search]
    assert [week.figures.coverage for week in product] == [0.5, 0.5, 0.5]
    assert [week.together.effort for week in product] == [14, 14, 6]


def test_trend_with_sub_teams_goes_on_when_the_last_one_is_gone(firm):
    keep(DAY)
    Team.objects.filter(parent=firm.product).update(parent=firm.ops)
    keep(DAY + WEEK)

    assert [week.together.effort for week in team_trend(firm.product, 10)] == [14, 6]
    assert [week.together.effort for week in team_trend(firm.ops, 10)] == [5, 13]


def test_trend_of_a_team_without_work_is_of_nothing(firm):
    keep(DAY)

    assert [week.figures for week in team_trend(firm.quiet, 3)] == [Figures()]


def test_trend_of_a_goal_stands_until_it_changes(firm):
    keep(DAY)
    keep(DAY + WEEK)
    Goal.objects.filter(key="retention").update(status=GoalStatus.ACHIEVED)
    keep(DAY + 2 * WEEK)
    kept = goal_trend(firm.retention, 10)

    assert [(week.anchored, week.live, week.effort, week.initiatives) for week in kept] == [
        (True, True, 4, 2),
        (True, True, 4, 2),
        (False, False, 0, 0),
    ]
    assert [week.effort for week in goal_trend(firm.draft, 2)] == [0, 0]


def test_trends_are_of_the_newest_weeks(firm):
    for at in range(4):
        keep(DAY + at * WEEK)
    newest = [DAY + 2 * WEEK, DAY + 3 * WEEK]

    for kept in (company_trend(2), team_trend(firm.search, 2), goal_trend(firm.growth, 2)):
        assert [week.week for week in kept] == newest
    assert team_trend(firm.search, 2)[0].figures.effort == 8


def test_trends_take_few_queries(firm, django_assert_num_queries):
    keep(DAY)
    keep(DAY + WEEK)
    with django_assert_num_queries(1):
        company_trend(52)
    with django_assert_num_queries(2):
        team_trend(firm.product, 52)
    with django_assert_num_queries(2):
        goal_trend(firm.growth, 52)


def test_company_figures_bring_the_weeks_before(firm):
    keep(DAY)
    keep(DAY + WEEK)

    assert [(week.week, week.figures.coverage) for week in company_figures().weeks] == [
        (DAY, 0.5),
        (DAY + WEEK, 0.5),
    ]


def test_kept_weeks_are_not_changed_or_deleted(firm):
    keep(DAY)
    for model in (CompanyWeek, TeamWeek, GoalWeek):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            model.objects.update(effort=0)
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            model.objects.all().delete()


def test_week_begins_on_a_monday(db):
    with pytest.raises(IntegrityError, match="alignment_companyweek_monday"), transaction.atomic():
        make.CompanyWeekFactory(week=DAY + dt.timedelta(days=1))


def test_team_that_is_removed_leaves_its_weeks(firm):
    keep(DAY)
    with transaction.atomic():
        Team.objects.filter(pk=firm.quiet.pk).delete()
    assert TeamWeek.objects.filter(team_id=firm.product.pk).count() == 2
