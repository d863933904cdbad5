"""Measures and their check-ins."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from strategy.models import CheckIn, Goal, Measure
from teams.models import LogEntry


def measures_of(goal: Goal) -> QuerySet[Measure]:
    """The goal's own measures in order of creation, each with `checked_in_at`, the instant of its last check-in (None
    without one).
    """
    last = CheckIn.objects.filter(measure=OuterRef("pk")).order_by("-id").values("at")[:1]
    return Measure.objects.filter(goal=goal).annotate(checked_in_at=Subquery(last)).order_by("id")


def check_ins(measure: Measure) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(measure=measure).select_related("person")


def value_before(check_in: CheckIn) -> Decimal | None:
    """The measure's value before a check-in, from the log; None where the log has no such entry."""
    entries = LogEntry.objects.about("checkin", check_in.pk)
    entry = entries.filter(action="measure.checked_in", note__check_in=check_in.pk).first()
    return entry.before()["current"] if entry else None
