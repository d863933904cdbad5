"""The weekly snapshots (alignment/models/weeks.py) of the company, a team or a goal; newest last.

A team or a goal has rows only in weeks when its figures changed, so its latest row applies to the weeks after it, and
its newest `n` rows are enough for the newest `n` weeks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.goal_figures import strategy_coverage
from alignment.engine.work_figures import SUMS
from alignment.models import CompanyWeek, GoalWeek, TeamWeek
from strategy.models import Goal
from teams.models import Team

WEEKS_SHOWN = 12
Row = TypeVar("Row", TeamWeek, GoalWeek)
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Week:
    """The week that began on Monday `week`, with the figures of the day `as_of`."""

    week: dt.date
    as_of: dt.date
    figures: Figures


@dataclass(frozen=True)
class CompanyWeekFigures(Week):
    goals_anchored: int
    goals_covered: int
    priority_fit: float | None

    @property
    def strategy_coverage(self) -> float | None:
        return strategy_coverage(self.goals_covered, self.goals_anchored)


@dataclass(frozen=True)
class TeamWeekFigures(Week):
    """`figures` are of the team's own work, `together` includes its sub-teams'."""

    together: Figures


@dataclass(frozen=True)
class GoalWeekFigures:
    """The fields of GoalWeek; all 0 and False before the goal was first anchored."""

    week: dt.date
    as_of: dt.date
    live: bool
    anchored: bool
    effort: float
    initiatives: int
    teams: int


def company_trend(weeks: int) -> list[CompanyWeekFigures]:
    """The newest snapshots; one query."""
    return [
        CompanyWeekFigures(row.week, row.as_of, _figures(row), row.goals_anchored, row.goals_covered, row.priority_fit)
        for row in reversed(_newest(weeks))
    ]


def team_trend(team: Team, weeks: int) -> list[TeamWeekFigures]:
    """Two queries."""
    kept = list(reversed(_newest(weeks)))
    newest = TeamWeek.objects.filter(team=team).order_by("-week")
    both = newest.filter(together=False)[:weeks].union(newest.filter(together=True)[:weeks], all=True)
    rows = sorted(both, key=lambda row: row.week)
    own = _carried(kept, [row for row in rows if not row.together])
    together = _carried(kept, [row for row in rows if row.together])
    return [
        TeamWeekFigures(week.week, week.as_of, _figures(mine), _figures(all_below or mine))
        for week, mine, all_below in zip(kept, own, together, strict=True)
    ]


def goal_trend(goal: Goal, weeks: int) -> list[GoalWeekFigures]:
    """Two queries."""
    kept = list(reversed(_newest(weeks)))
    rows = list(reversed(GoalWeek.objects.filter(goal=goal).order_by("-week")[:weeks]))
    return [_goal_week(week, row) for week, row in zip(kept, _carried(kept, rows), strict=True)]


@dataclass(frozen=True)
class GoalThen:
    """What reached a goal, or a goal below it, in a week of the past."""

    initiatives: int
    teams: int


def goals_then(goals: Collection[int], on: dt.date) -> dict[int, GoalThen]:
    """By goal, the row that applies to the week of `on`, for those that had been anchored by then. One query."""
    rows = GoalWeek.objects.filter(goal__in=goals, week__lte=on).order_by("goal", "-week").distinct("goal")
    return {row.goal_id: GoalThen(row.initiatives, row.teams) for row in rows}


def _goal_week(week: CompanyWeek, row: GoalWeek | None) -> GoalWeekFigures:
    if row is None:
        return GoalWeekFigures(week.week, week.as_of, live=False, anchored=False, effort=0.0, initiatives=0, teams=0)
    return GoalWeekFigures(
        week.week,
        week.as_of,
        live=row.live,
        anchored=row.anchored,
        effort=row.effort,
        initiatives=row.initiatives,
        teams=row.teams,
    )


def _newest(weeks: int) -> list[CompanyWeek]:
    return list(CompanyWeek.objects.order_by("-week")[:weeks])


def _carried(kept: Iterable[CompanyWeek], rows: Sequence[Row]) -> list[Row | None]:
    """For each stored week, the latest of `rows` (oldest first) that is not after it."""
    return [next((row for row in reversed(rows) if row.week <= week.week), None) for week in kept]


def _figures(row: CompanyWeek | TeamWeek | None) -> Figures:
    return Figures() if row is None else Figures.of([getattr(row, name) for name in SUMS])


def company_weeks() -> QuerySet[Any, Any]:
    """The newest weeks for an ArraySubquery, in the format of `weeks_of`."""
    row = JSONObject(week="week", as_of="as_of", **{name: name for name in SUMS})
    return CompanyWeek.objects.order_by("-week").values(row=row)[:WEEKS_SHOWN]


def team_weeks(*, together: bool) -> QuerySet[Any, Any]:
    """A team's newest rows for an ArraySubquery on teams; `weeks_of` reads them together with the company's."""
    row = JSONObject(week="week", **{name: name for name in SUMS})
    rows = TeamWeek.objects.filter(team=OuterRef("pk"), together=together)
    return rows.order_by("-week").values(row=row)[:WEEKS_SHOWN]


def weeks_of(kept: Sequence[Json], *preferred: Sequence[Json]) -> list[Week]:
    """The company's weeks from rows of `company_weeks`. With rows of `team_weeks`, a team's: each week comes from the
    first of `preferred` that has one (a team without sub-teams then has its own figures)."""
    found = []
    for week in reversed(kept):
        rows = [next((row for row in rows if row["week"] <= week["week"]), None) for rows in preferred or [[week]]]
        row = next(filter(None, rows), None)
        figures = Figures.of([row[name] for name in SUMS]) if row else Figures()
        found.append(Week(dt.date.fromisoformat(week["week"]), dt.date.fromisoformat(week["as_of"]), figures))
    return found
