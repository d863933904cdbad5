"""The figures as they stood in the first hours of each week, for ever.

A company has a row in every week that was kept. Teams and goals have one in the weeks whose figures differ from those
of their row before: what a row says holds in all weeks kept until the next one. Without any, there was nothing to say:
no active work of the team, and never a published strategy above the goal.

Rows name teams and goals without a constraint: what was outlives what is removed. The database refuses UPDATE and
DELETE. Composite keys and the order of the columns keep rows narrow: 100,000 goals and 20,000 teams take less than
10 MB in their first week, and about half of that in a week that changes every third.
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
    """The sums over a set of active initiatives, as of TeamFigures."""

    own_choice = models.FloatField()
    own_choice_aligned = models.FloatField()
    initiatives = models.PositiveIntegerField()
    unsized = models.PositiveIntegerField()

    class Meta:
        abstract = True


class CompanyWeek(Sums):
    """The company in the week that began on Monday `week`, by the figures of the day `as_of`, kept at the instant `at`.

    `priority_fit` is None where there is none.
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
    """A team's own initiatives, or (`together`) those of its sub-teams as well, as they hung then; the latter only for
    a team that has, or had, sub-teams."""

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
    """A goal, from the first week on in which it was anchored. `effort`, `initiatives` and `teams` are those of the
    goal and all below it, as they hung then."""

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
