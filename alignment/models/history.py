"""The permanent history of each initiative's parts."""

from __future__ import annotations

from django.db import models

from alignment.models.figures import Parts
from lib.db.triggers import append_only
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
