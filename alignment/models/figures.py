"""The engine's results, stored without descendants: subtrees are summed on read by path range
(docs/architecture/engine-and-refreshing.md). Effort is in person-weeks.
"""

from __future__ import annotations

from django.db import models

from alignment.enums import UncountedReason
from alignment.models.link import Link
from strategy.models import Goal
from teams.models import Initiative, LogEntry, Team


class Parts(models.Model):
    """The parts of an effort; aligned + exploring + sustaining + orphaned = effort, endorsed ≤ reasoned ≤ aligned."""

    effort = models.FloatField()
    aligned = models.FloatField()
    reasoned = models.FloatField()
    endorsed = models.FloatField()
    exploring = models.FloatField()
    sustaining = models.FloatField()
    orphaned = models.FloatField()

    class Meta:
        abstract = True


class InitiativeFigures(Parts):
    """One row for each active initiative. `unsized` ones count with the company's default effort; `own_choice` ones
    have origin `team`."""

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    own_choice = models.BooleanField()
    unsized = models.BooleanField()

    class Meta:
        verbose_name_plural = "initiative figures"
        indexes = [
            models.Index("effort", "initiative", name="alignment_by_effort"),
            models.Index("orphaned", "initiative", name="alignment_by_orphaned"),
        ]

    def __str__(self) -> str:
        return f"figures of initiative {self.initiative_id}"


class TeamFigures(Parts):
    """Sums over a team's own active initiatives, one row per team. `own_choice` and `own_choice_aligned` are the
    discretionary and the aligned effort of those with origin `team`; `initiatives` and `unsized` are counts."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    own_choice = models.FloatField()
    own_choice_aligned = models.FloatField()
    initiatives = models.PositiveIntegerField()
    unsized = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "team figures"

    def __str__(self) -> str:
        return f"figures of team {self.team_id}"


class GoalFigures(models.Model):
    """`effort` is what counting links bring to the goal itself, without those below it; `covered` is whether the goal
    or any below it gets any. `reason` is why a link to the goal would not count ('' when it is anchored).
    `meaning_changed_on` and `meaning_changed_at` say when the meaning of the goal or of one above it last changed.
    `initiatives`, `teams` and `unsized` count the distinct ones that contribute to the goal or any below it; in large
    trees they follow edits within a minute."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, primary_key=True, related_name="figures")
    live = models.BooleanField()
    anchored = models.BooleanField()
    covered = models.BooleanField(db_default=False)
    reason = models.CharField(max_length=24, choices=UncountedReason, blank=True)
    meaning_changed_on = models.DateField(null=True)
    meaning_changed_at = models.DateTimeField(null=True)
    effort = models.FloatField()
    initiatives = models.PositiveIntegerField()
    teams = models.PositiveIntegerField()
    unsized = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "goal figures"

    def __str__(self) -> str:
        return f"figures of goal {self.goal_id}"


class LinkFigures(models.Model):
    """The person-weeks that a link brings to its goal, where that is more than 0. Goal and initiative are copied from
    the link, so that a goal is summed up without a join. A row outlives its link until the refresh, which notes in the
    history that the link went."""

    link = models.OneToOneField(
        Link, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="figures"
    )
    goal = models.ForeignKey(Goal, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    endorsed = models.BooleanField(db_default=False)
    amount = models.FloatField()

    class Meta:
        verbose_name_plural = "link figures"

    def __str__(self) -> str:
        return f"figures of link {self.link_id}"


class Recompute(models.Model):
    """One full recompute; stored figures are as of the day of the latest one."""

    as_of = models.DateField()
    finished_at = models.DateTimeField()
    cause = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"figures as of {self.as_of}"
