"""Measures (key results): how one would see that a goal is reached."""

from __future__ import annotations

from django.db import models

from lib import fields
from lib.triggers import Versioned, counted_version
from strategy.models.goal import Goal


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
