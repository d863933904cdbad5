"""Stores the weekly snapshots (alignment/models/weeks.py)."""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.db import connection
from django.db.models import Sum

from alignment.engine.goal_figures import priority_fit
from alignment.engine.parts import ZERO
from alignment.engine.work_figures import SUMS
from alignment.models import GoalFigures, Recompute
from lib.services.dates import monday
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes

GOAL_SUMS = ("effort", "initiatives", "teams")
STANDING = ("live", "anchored")


def snapshot_when_due(*, as_of: dt.date, at: dt.datetime) -> bool:
    """Stores the week of `as_of`, the day of the stored figures, where that has not been done; returns whether it did.

    Safe to repeat: the first run in a week stores it.
    """
    return take_snapshot(week=monday(as_of), at=at)


@writes(permission=SYSTEM_ONLY)
def take_snapshot(*, week: dt.date, at: dt.datetime) -> bool:
    """Stores the current figures as those of the week that begins on Monday `week`, at the instant `at`.

    Returns False without writing where that week or a later one is stored already, or the figures are of another week.
    One statement, so that company, teams and goals are consistent however many people edit meanwhile.
    """
    latest = Recompute.objects.first()
    if latest is None or monday(latest.as_of) != week:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, {"week": week, "as_of": latest.as_of, "at": at, "fit": _priority_fit()})
        row: tuple[int] = cursor.fetchone()
    return row[0] == 1


def _priority_fit() -> float | None:
    roots = dict(
        GoalFigures.objects.filter(anchored=True, goal__parent__isnull=True).values_list("goal_id", "goal__weight")
    )
    efforts = (
        GoalFigures.objects.filter(anchored=True)
        .order_by()
        .values("goal__path__0")
        .annotate(total=Sum("effort"))
        .values_list("goal__path__0", "total")
    )
    effort = dict(efforts)
    weight = np.array([float(weight) for weight in roots.values()])
    return priority_fit(weight, np.array([effort[root] for root in roots]))


def _listed(names: tuple[str, ...], template: str = "{}") -> str:
    return ", ".join(template.format(name) for name in names)


def _differs(names: tuple[str, ...]) -> str:
    """SQL for a difference beyond the tolerance of spec/alignment.md, so that the order of summing has no effect."""
    each = "abs(fresh.{0} - before.{0}) > " + f"{ZERO} * greatest(abs(fresh.{{0}}), abs(before.{{0}}))"
    return " OR ".join(each.format(name) for name in names)


_TEAMS = f"""
    SELECT team_id, false AS together, {_listed(SUMS)}, false AS has_below FROM alignment_teamfigures
    UNION ALL
    SELECT above, true, {_listed(SUMS, "sum({})")}, count(*) > 1
        FROM teams_team team JOIN alignment_teamfigures ON team_id = team.id, unnest(team.path) AS above
        GROUP BY above
"""  # noqa: S608 -- our own names

_GOALS = f"""
    SELECT goal_id, {_listed(STANDING)}, below.effort, initiatives, teams
        FROM alignment_goalfigures JOIN (
            SELECT above, sum(effort) AS effort
                FROM strategy_goal goal JOIN alignment_goalfigures ON goal_id = goal.id, unnest(goal.path) AS above
                GROUP BY above
        ) below ON above = goal_id
"""  # noqa: S608 -- our own names

# A row for each team and goal whose figures differ from its previous row, and a first one where there are any.
_SNAPSHOT = f"""
    WITH company AS (
        INSERT INTO alignment_companyweek
            (week, as_of, at, {_listed(SUMS)}, goals_anchored, goals_covered, priority_fit)
        SELECT %(week)s, %(as_of)s, %(at)s, {_listed(SUMS, "coalesce(sum({}), 0)")},
            (SELECT count(*) FROM alignment_goalfigures WHERE anchored),
            (SELECT count(*) FROM alignment_goalfigures WHERE anchored AND covered), %(fit)s
        FROM alignment_teamfigures
        HAVING NOT EXISTS (SELECT FROM alignment_companyweek WHERE week > %(week)s)
        ON CONFLICT DO NOTHING RETURNING week
    ), team_rows AS (
        INSERT INTO alignment_teamweek (week, team_id, together, {_listed(SUMS)})
        SELECT company.week, fresh.team_id, fresh.together, {_listed(SUMS, "fresh.{}")}
        FROM company, ({_TEAMS}) fresh LEFT JOIN LATERAL (
            SELECT * FROM alignment_teamweek row
                WHERE row.team_id = fresh.team_id AND row.together = fresh.together ORDER BY row.week DESC LIMIT 1
        ) before ON true
        WHERE CASE WHEN before.week IS NULL
            THEN fresh.initiatives > 0 AND (fresh.has_below OR NOT fresh.together) ELSE {_differs(SUMS)} END
        ORDER BY fresh.team_id, fresh.together
    ), goal_rows AS (
        INSERT INTO alignment_goalweek (week, goal_id, {_listed(STANDING)}, {_listed(GOAL_SUMS)})
        SELECT company.week, fresh.goal_id, {_listed(STANDING, "fresh.{}")}, {_listed(GOAL_SUMS, "fresh.{}")}
        FROM company, ({_GOALS}) fresh LEFT JOIN LATERAL (
            SELECT * FROM alignment_goalweek row WHERE row.goal_id = fresh.goal_id ORDER BY row.week DESC LIMIT 1
        ) before ON true
        WHERE CASE WHEN before.week IS NULL THEN fresh.anchored
            ELSE (fresh.live, fresh.anchored) <> (before.live, before.anchored) OR {_differs(GOAL_SUMS)} END
        ORDER BY fresh.goal_id
    )
    SELECT count(*) FROM company
"""  # noqa: S608 -- our own names
