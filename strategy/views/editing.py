"""What the pages that write strategies and goals have in common."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.forms.models import model_to_dict
from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from lib.editing import FormPage, save
from lib.errors import StaleError
from strategy.models import Goal, Strategy

Result = TypeVar("Result")

FORM = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also where nothing at all was sent."""
    return request.POST if request.method == "POST" else None


def values_of(row: Goal | Strategy) -> dict[str, Any]:
    """As its form starts, and as a stale save shows it."""
    values = model_to_dict(row) | {"version": row.version, "owner": row.owner}
    if isinstance(row, Goal):
        values["weight"] = Decimal(f"{row.weight.normalize():f}")
    return values


def saved(page: FormPage, service: Callable[[], Result]) -> bool:
    """As lib.editing.save, with the owner by name where both texts are shown."""

    def told() -> bool:
        try:
            service()
        except StaleError as stale:
            raise StaleError(str(stale), current=values_of(stale.current)) from stale
        return True

    return bool(save(page, told))
