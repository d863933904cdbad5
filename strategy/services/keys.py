"""Keys of strategies, goals, measures and decisions: readable ones for what everybody may see.

A readable key tells the title, and the number behind one tells that there is another. So what is hidden has a key that
nobody can guess. It gets a readable one when everybody may see it; the address of before leads there. Keys of a bundle
are what the bundle says.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db.models import F, QuerySet

from lib.services.keys import readable_keys, unguessable_key
from strategy.enums import StrategyStatus
from strategy.models import Decision, Goal, Measure, Strategy

_AT_ONCE = 1_000


def name_row(row: Decision | Goal | Measure | Strategy, *, hidden: bool) -> None:
    """Gives a new row its key. The caller has the company locked alone, or the row is hidden."""
    key = None if hidden else readable_keys(type(row).objects.all(), _seen(type(row)), [row.title])[0]
    row.key = key or unguessable_key(type(row))
    row.first_key = None if key else row.key  # type: ignore[assignment]  # it is nullable


def rename_goals(goals: QuerySet[Goal]) -> None:
    """Gives those of `goals` that everybody may see by now, and their measures, their readable keys. Two queries where
    there are none.
    """
    seen = goals.filter(hidden_by=[])
    _rename(seen)
    _rename(Measure.objects.filter(goal__in=seen.order_by().values("pk")))


def rename_strategy(row: Strategy) -> None:
    """As `rename_goals`, once it is published."""
    _rename(Strategy.objects.filter(pk=row.pk))
    row.refresh_from_db(fields=["key"])


def rename_decision(row: Decision) -> None:
    """As `rename_goals`, once everybody may read it."""
    _rename(Decision.objects.filter(Decision.open_to_all(), pk=row.pk))
    row.refresh_from_db(fields=["key"])


def _rename(rows: QuerySet[Any]) -> None:
    """No new version: what a row says is as it was."""
    model = rows.model
    found = list(rows.filter(first_key=F("key")).order_by("pk"))
    if not found:
        return
    keys = readable_keys(model.objects.all(), _seen(model), [row.title for row in found])
    for row, key in zip(found, keys, strict=True):
        row.key = key or row.key
    with pgtrigger.ignore(f"{model._meta.label}:version"):
        model.objects.bulk_update(found, ["key"], batch_size=_AT_ONCE)


def _seen(model: type[Decision | Goal | Measure | Strategy]) -> QuerySet[Any]:
    """The rows that everybody may see."""
    if model is Decision:
        return Decision.objects.filter(Decision.open_to_all())
    if model is Strategy:
        return Strategy.objects.exclude(status=StrategyStatus.DRAFT)
    if model is Goal:
        return Goal.objects.filter(hidden_by=[])
    return Measure.objects.filter(goal__hidden_by=[])
