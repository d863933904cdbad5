"""Measures whose check-in is due, for whoever keeps them, or else owns their goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, TruncDate

from alignment.waiting import effort
from alignment.waiting.asks import Held, asks
from alignment.waiting.flags import lately_published
from alignment.waiting.scope import Scope
from strategy.models import CheckIn, Measure
from strategy.models.goal import goals_seen_by
from strategy.progress import due_on
from strategy.selectors.measures import kept_by

SOURCE = "check_in"
PLACE = 300
TOLD, NUMBERS = ("key", "title", "kind", "unit"), ("baseline", "target", "current")
"""What a sentence about it needs; numbers travel as texts, as JSON would round them."""


def check_ins_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    if not scope.writes:
        return
    said = CheckIn.objects.filter(measure=OuterRef("pk")).uncorrected().order_by("-moment", "-id")
    rows = kept_by([scope.person.pk], scope.today).filter(goals_seen_by(scope.person, "goal__"))
    rows = rows.annotate(last=Subquery(said.values("moment")[:1]))
    due = rows.filter(Q(last=None) | Q(last__lt=scope.midnight(_last_due(scope) + dt.timedelta(days=1))))
    fresh = When(lately_published(scope, "goal_id"), last=None, then=Value(Held.PUBLISHED.value))
    yield asks(
        *(due, SOURCE),
        kind="goal",
        thing="goal_id",
        weight=effort.of_goal("goal"),
        since=Coalesce(TruncDate("last", tzinfo=scope.zone), "goal__starts_on", Value(scope.today)),
        place=PLACE,
        held=Case(fresh, default=Value(""), output_field=CharField()),
        told=JSONObject(
            **dict(zip(TOLD, TOLD, strict=True)),
            **{name: Cast(name, TextField()) for name in NUMBERS},
            said=ExpressionWrapper(Q(last__isnull=False), BooleanField()),
        ),
    )


def _last_due(scope: Scope) -> dt.date:
    """The last day on which a check-in is old enough today for the next one to be due."""
    day = scope.today
    while due_on(day, scope.company.check_in_rhythm) > scope.today:
        day -= dt.timedelta(days=1)
    return day


def measure_of_told(told: Any) -> Measure:
    return Measure(**{name: told[name] for name in TOLD}, **{name: Decimal(told[name]) for name in NUMBERS})
