"""Measures (key results), which show whether a goal is reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, append_only, counted_version
from strategy.models.goal import Goal, goals_seen_by
from teams.models import Person


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, person: Person) -> Self:
        """A measure is visible to those who see its goal (DESIGN.md, *Visibility*)."""
        return self if person.sees_everything else self.filter(goals_seen_by(person, "goal__"))


class Measure(Named, Versioned):
    """`baseline`, `target` and the `current` value are in `unit`."""

    key = fields.KeyField()
    first_key = fields.FirstKeyField()
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
        """The share of the distance from baseline to target that is done: below 0 in the wrong direction, above 1
        beyond the target, None where the two are equal.
        """
        way = self.target - self.baseline
        return (self.current - self.baseline) / way if way else None


class CheckIn(models.Model):
    """A measure's value at an instant, with the person's note. The database refuses UPDATE and DELETE."""

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
