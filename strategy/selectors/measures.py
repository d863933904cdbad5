"""Measures with what was said of them at their check-ins."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from strategy.models import CheckIn, Goal, Measure
from teams.models import LogEntry


def measures_of(goal: Goal) -> QuerySet[Measure]:
    """The measures of the goal itself in the order in which they came, each with `checked_in_at`, the instant of its
    last check-in (None: nobody has checked in)."""
    last = CheckIn.objects.filter(measure=OuterRef("pk")).order_by("-id").values("at")[:1]
    return Measure.objects.filter(goal=goal).annotate(checked_in_at=Subquery(last)).order_by("id")


def check_ins(measure: Measure) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(measure=measure).select_related("person")


def value_before(check_in: CheckIn) -> Decimal | None:
    """What the measure stood at before a check-in, as the log has it; None where the log does not know of it."""
    entries = LogEntry.objects.about("checkin", check_in.pk)
    entry = entries.filter(action="measure.checked_in", note__check_in=check_in.pk).first()
    return entry.before()["current"] if entry else None
