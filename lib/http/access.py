"""Object access for views, and query strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.utils.http import urlencode

Row = TypeVar("Row", bound=Model)


def visible_or_404(rows: Manager[Row] | QuerySet[Row], person: Any, **lookup: Any) -> Row:
    """Returns the one row of `rows` that `lookup` matches and `person` may see.

    The model defines visibility with a queryset method `visible_to(person)` (DESIGN.md, *Visibility*). Raises Http404
    both where no row exists and where this person may not see it.
    """
    visible: Any = rows
    row: Row | None = visible.visible_to(person).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def query(params: Mapping[str, str], **changes: str | None) -> str:
    """The query string ("?…") of `params` with `changes` applied (None removes one), without blank values."""
    changed = {**{name: params[name] for name in params}, **changes}
    return "?" + urlencode({name: value for name, value in changed.items() if value})
