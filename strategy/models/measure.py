"""Measures (key results): how one would see that a goal is reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models

from lib.db import fields
from lib.db.triggers import Versioned, append_only, counted_version
from strategy.models.goal import Goal, goals_seen_by
from teams.models import Person


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, person: Person) -> Self:
        """A measure is for those who see its goal (DESIGN.md, *Visibility*)."""
        return self if person.sees_everything else self.filter(goals_seen_by(person, "goal__"))


class Measure(Versioned):
    """From `baseline` to `target`, at `current` now, all in `unit`."""

    key = fields.KeyField()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures")
    title = fields.LineField()
    unit = fields.LineField(fields.UNIT_LIMIT, blank=True, default="")
    baseline = fields.MeasureField(default=0)
    target = fields.MeasureField()
    current = fields.MeasureField()

    objects = MeasureQuerySet.as_manager()

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

    @property
    def progress(self) -> Decimal | None:
        """The part of the way from baseline to target that is done: below 0 where it went the other way, above 1 where
        the target is passed, None where there is no way to go."""
        way = self.target - self.baseline
        return (self.current - self.baseline) / way if way else None


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
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.measure_id} at {self.value}"
