"""What bets expect of measures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from alignment.enums import Outcome
from alignment.models import Link
from teams.enums import GOES_ON


def with_bets(measures: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `bets`, how many links of work that goes on say by how much they would move the measure and are not tested
    yet, and `bets_change`, by how much together. Confidential ones count.
    """
    bets = Link.objects.filter(
        measure=OuterRef("pk"),
        expected_change__isnull=False,
        outcome=Outcome.UNTESTED,
        initiative__status__in=GOES_ON,
    ).order_by()
    count = bets.values("measure").annotate(found=Count("pk")).values("found")
    total = bets.values("measure").annotate(found=Sum("expected_change")).values("found")
    amount: Any = DecimalField(max_digits=30, decimal_places=6)
    found: QuerySet[Any] = measures.annotate(
        bets=Coalesce(Subquery(count), Value(0)),
        bets_change=Coalesce(Subquery(total, output_field=amount), Value(Decimal(0), output_field=amount)),
    )
    return found
