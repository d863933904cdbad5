"""How a view comes to an object that this person may see, and query strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.utils.http import urlencode

Row = TypeVar("Row", bound=Model)


def visible_or_404(rows: Manager[Row] | QuerySet[Row], person: Any, **lookup: Any) -> Row:
    """The one row of `rows` that `person` may see and `lookup` names.

    The model says what a person may see with a queryset method `visible_to(person)` (DESIGN.md, *Visibility*).
    Raises Http404, the same whether there is none or it is not for this person.
    """
    visible: Any = rows
    row: Row | None = visible.visible_to(person).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def query(params: Mapping[str, str], **changes: str | None) -> str:
    """The query string ("?…") of `params` with some changed (None: taken out), without blank ones."""
    changed = {**{name: params[name] for name in params}, **changes}
    return "?" + urlencode({name: value for name, value in changed.items() if value})
