"""What the pages that write strategies, goals and the business context have in common."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect

from lib.editing import FormPage, save
from lib.errors import StaleError
from strategy.models import ContextPage, Goal, Strategy
from teams.models import Person

Result = TypeVar("Result")


def values_of(row: ContextPage | Goal | Strategy) -> dict[str, Any]:
    """As its form starts, and as a stale save shows it."""
    values = model_to_dict(row) | {"version": row.version, "owner": row.owner}
    if isinstance(row, Goal):
        values["weight"] = Decimal(f"{row.weight.normalize():f}")
    return values


def saved(page: FormPage, service: Callable[[], Result]) -> Result | None:
    """As lib.editing.save, with the owner by name where both texts are shown."""

    def told() -> Result:
        try:
            return service()
        except StaleError as stale:
            raise StaleError(str(stale), current=values_of(stale.current)) from stale

    return save(page, told)


def to_goal(reader: Person, goal: Goal) -> HttpResponse:
    """To its page; to that of all goals for a reader who has just given away the right to see it, as its owner may."""
    if Goal.objects.visible_to(reader).filter(pk=goal.pk).exists():
        return redirect("goal_detail", goal.key)
    return redirect("strategy_list")
