"""Measures (key results), which show whether a goal is reached."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, append_only, counted_version
from strategy.enums import Confidence, MeasureKind
from strategy.models.goal import Goal, goals_seen_by
from teams.models import Person


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, person: Person) -> Self:
        """A measure is visible to those who see its goal (DESIGN.md, *Visibility*)."""
        return self if person.sees_everything else self.filter(goals_seen_by(person, "goal__"))


class Measure(Named, Versioned):
    """`baseline`, `target` and the `current` value are in `unit`. A number is kept at or above, or below, its `target`
    where the `kind` says so; a milestone goes from 0 to 1. The `keeper` checks it in, or else the goal's owner does.
    `carries_on` is the measure of an earlier period whose history goes on here.
    """

    key = fields.KeyField()
    first_key = fields.FirstKeyField()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures")
    title = fields.LineField()
    kind = models.CharField(
        max_length=10, choices=MeasureKind, default=MeasureKind.TARGET, db_default=MeasureKind.TARGET
    )
    unit = fields.LineField(fields.UNIT_LIMIT, blank=True, default="")
    baseline = fields.MeasureField(default=0)
    target = fields.MeasureField()
    current = fields.MeasureField()
    keeper = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="measures")
    carries_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            fields.slug_key("strategy_measure"),
            fields.filled("strategy_measure", "title"),
            *fields.one_line("strategy_measure", "title", "unit"),
            *fields.measured("strategy_measure", "baseline", "target", "current"),
            fields.one_of("strategy_measure", "kind", MeasureKind.values),
            CheckConstraint(
                condition=~Q(kind=MeasureKind.MILESTONE) | Q(baseline=0, target=1, current__in=[0, 1]),
                name="strategy_measure_milestone",
                violation_error_message="A milestone is 0, and 1 once it is reached.",
            ),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.title


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def visible_to(self, person: Person) -> Self:
        """A check-in is visible to those who see its measure."""
        return self if person.sees_everything else self.filter(goals_seen_by(person, "measure__goal__"))

    def with_moment(self) -> Any:
        """Each with `moment`, the instant of which it speaks: its own, or that of the check-in which it corrects."""
        return self.annotate(moment=Coalesce("corrects", "at"))

    def uncorrected(self) -> Any:
        """The last word on each moment, with `moment`: no check-in that was corrected, or overtaken at its instant."""
        same = CheckIn.objects.with_moment().filter(measure=OuterRef("measure"), moment=OuterRef("moment"))
        return self.with_moment().filter(~Exists(same.filter(pk__gt=OuterRef("pk"))))


class CheckIn(models.Model):
    """A measure's value at an instant, with the person's note. The database refuses UPDATE and DELETE: one that
    `corrects` another, by its instant, takes its place in figures and charts.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="check_ins")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    value = fields.MeasureField()
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True, default="", db_default="")
    note = fields.LinesField(fields.LINES_LIMIT)
    corrects = models.DateTimeField(null=True, blank=True)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["measure", "-id"], name="strategy_checkin_latest")]
        constraints = [
            *fields.at_most("strategy_checkin", fields.LINES_LIMIT, "note"),
            *fields.measured("strategy_checkin", "value"),
            fields.one_of("strategy_checkin", "confidence", ["", *Confidence.values]),
            CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(corrects__lte=F("at")), name="strategy_checkin_corrects_earlier"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.measure_id} at {self.value}"

    @property
    def speaks_of(self) -> dt.datetime:
        """As `with_moment`."""
        return self.corrects or self.at
