"""The permanent history of each initiative's parts, and of what each link carried."""

from __future__ import annotations

from django.db import models

from alignment.enums import LinkState
from alignment.models.figures import Parts
from alignment.models.link import Link
from lib.db.triggers import append_only
from strategy.models import Goal
from teams.enums import Origin
from teams.models import Initiative, LogEntry, Team


class InitiativeHistory(Parts):
    """The parts of an initiative from the day `as_of` on, and the log entry that caused them; leaving the portfolio
    adds a row of effort 0. The database refuses UPDATE and DELETE, so that rows of work that is removed stay."""

    initiative = models.ForeignKey(Initiative, on_delete=models.DO_NOTHING, db_constraint=False, related_name="history")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin)
    as_of = models.DateField()
    cause = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "initiative history"
        indexes = [
            models.Index(fields=["initiative", "-id"], name="alignment_history_latest"),
            models.Index(fields=["as_of"], name="alignment_history_by_day"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"initiative {self.initiative_id} as of {self.as_of}"


class LinkHistory(models.Model):
    """The person-weeks that a link brings to its goal from the day `as_of` on, its state, and the log entry that caused
    them; a link that counts no more, or was removed, adds a row of 0. Rows stay when links, goals and work are
    removed."""

    link = models.ForeignKey(
        Link, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="history"
    )
    initiative = models.ForeignKey(
        Initiative, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    goal = models.ForeignKey(Goal, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    state = models.CharField(max_length=10, choices=LinkState)
    amount = models.FloatField()
    as_of = models.DateField()
    cause = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "link history"
        indexes = [models.Index(fields=["link", "-id"], name="alignment_link_latest")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"link {self.link_id} as of {self.as_of}"
