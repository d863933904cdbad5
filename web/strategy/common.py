"""What the pages that write strategies, goals and the business context have in common."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.forms.models import model_to_dict
from django.urls import reverse

from strategy.models import ContextPage, Goal, Strategy
from teams.models import Person


def values_of(row: ContextPage | Goal | Strategy) -> dict[str, Any]:
    """As its form starts, and as a stale save shows it: the owner by name."""
    values = model_to_dict(row) | {"version": row.version, "owner": row.owner}
    if isinstance(row, Goal):
        values["weight"] = Decimal(f"{row.weight.normalize():f}")
    return values


def to_goal(reader: Person, goal: Goal) -> str:
    """Its page; that of all goals for a reader who has just given away the right to see it, as its owner may."""
    if Goal.objects.visible_to(reader).filter(pk=goal.pk).exists():
        return reverse("goal_detail", args=[goal.key])
    return reverse("strategy_list")
