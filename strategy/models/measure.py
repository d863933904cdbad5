"""Measures (key results): how one would see that a goal is reached."""

from __future__ import annotations

from django.db import models

from lib import fields
from lib.triggers import Versioned, append_only, counted_version
from strategy.models.goal import Goal
from teams.models import Person


class Measure(Versioned):
    """From `baseline` to `target`, at `current` now, all in `unit`."""

    key = fields.KeyField()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures")
    title = fields.LineField()
    unit = fields.LineField(fields.UNIT_LIMIT, blank=True, default="")
    baseline = fields.MeasureField(default=0)
    target = fields.MeasureField()
    current = fields.MeasureField()

    class Meta:
        constraints = [
            fields.slug_key("strategy_measure"),
            fields.filled("strategy_measure", "title"),
            *fields.one_line("strategy_measure", "title", "unit"),
            *fields.measured("strategy_measure", "baseline", "target", "current"),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.title


class CheckIn(models.Model):
    """What a measure stood at, and what whoever looked made of it. The database refuses UPDATE and DELETE."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="check_ins")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    value = fields.MeasureField()
    note = fields.LinesField(fields.LINES_LIMIT)

    class Meta:
        indexes = [models.Index(fields=["measure", "-id"], name="strategy_checkin_latest")]
        constraints = [
            *fields.at_most("strategy_checkin", fields.LINES_LIMIT, "note"),
            *fields.measured("strategy_checkin", "value"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.measure_id} at {self.value}"
