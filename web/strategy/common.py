"""Helpers that the views for strategies, goals and the business context share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.forms.models import model_to_dict
from django.urls import reverse

from strategy.models import ContextPage, Goal, Strategy
from teams.models import Person


def values_of(row: ContextPage | Goal | Strategy) -> dict[str, Any]:
    """Initial values of its form, also shown after a stale save. No sets: they have forms of their own."""
    own = [field.name for field in row._meta.concrete_fields]
    values = model_to_dict(row, fields=own) | {"version": row.version, "owner": row.owner}
    if isinstance(row, Goal):
        values["weight"] = Decimal(f"{row.weight.normalize():f}")
    return values


def to_goal(reader: Person, goal: Goal) -> str:
    """The goal's page; the list of strategies where its owner has just given up the right to see it."""
    if Goal.objects.visible_to(reader).filter(pk=goal.pk).exists():
        return reverse("goal_detail", args=[goal.key])
    return reverse("strategy_list")
