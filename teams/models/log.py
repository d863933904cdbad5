"""The log: what happened, by whom, for ever."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from lib.triggers import append_only
from teams.models.person import Person

ACTIONS_OF_SIGHT = ("goal.edited", "goal.moved", "strategy.edited", "strategy.unpublished")
"""Those by which a goal may come into or out of somebody's sight."""


class LogEntry(models.Model):
    """One thing that was done. The database refuses UPDATE and DELETE; people appear by id, so that a person can be
    erased.

    `action` is `<noun>.<verb>` ("company.imported"), `subject_type` and `subject_id` name the row it was done to
    (None: the company), `data` holds plain values that explain it. `actor` None is the system itself.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "log"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="teams_log_by_subject"),
            models.Index("at", name="teams_log_of_sight", condition=Q(action__in=ACTIONS_OF_SIGHT)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.action}"
