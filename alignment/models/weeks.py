"""Weekly snapshots: the figures in the first hours of each week, stored permanently.

The company has a row for every snapshot. Teams and goals have one where their figures differ from their previous row,
which applies until the next one. A team without rows never had active work; a goal without rows was never anchored.

Rows refer to teams and goals without a constraint, so that they survive the removal of either. The database refuses
UPDATE and DELETE. Composite keys and the order of the columns make rows narrow: 100,000 goals and 20,000 teams take
less than 10 MB in their first week, and about half of that in a week that changes every third.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, Q

from alignment.models.figures import Parts
from lib.db.triggers import append_only
from strategy.models import Goal
from teams.models import Team


class Sums(Parts):
    """The sums over a set of active initiatives, as in TeamFigures."""

    own_choice = models.FloatField()
    own_choice_aligned = models.FloatField()
    initiatives = models.PositiveIntegerField()
    unsized = models.PositiveIntegerField()

    class Meta:
        abstract = True


class CompanyWeek(Sums):
    """The company in the week that began on Monday `week`: the figures of the day `as_of`, stored at the instant `at`.

    `priority_fit` is None without effort on the goals.
    """

    week = models.DateField(primary_key=True)
    as_of = models.DateField()
    at = models.DateTimeField()
    goals_anchored = models.PositiveIntegerField()
    goals_covered = models.PositiveIntegerField()
    priority_fit = models.FloatField(null=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(week__iso_week_day=1), name="alignment_companyweek_monday")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"week of {self.week}"


class TeamWeek(Sums):
    """A team's own initiatives, or (`together`) with those of its sub-teams at the time; the latter only for a team
    that has, or had, sub-teams."""

    pk: Any = CompositePrimaryKey("team_id", "together", "week")
    team = models.ForeignKey(
        Team, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="weeks"
    )
    week = models.DateField()
    together = models.BooleanField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"team {self.team_id} in the week of {self.week}"


class GoalWeek(models.Model):
    """A goal, from the first week in which it was anchored. `effort`, `initiatives` and `teams` are those of the goal
    and of all that was below it then."""

    pk: Any = CompositePrimaryKey("goal_id", "week")
    goal = models.ForeignKey(
        Goal, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="weeks"
    )
    effort = models.FloatField()
    week = models.DateField()
    initiatives = models.PositiveIntegerField()
    teams = models.PositiveIntegerField()
    live = models.BooleanField()
    anchored = models.BooleanField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"goal {self.goal_id} in the week of {self.week}"
