"""Object access for views, and query strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Manager, Model, Q, QuerySet
from django.http import Http404
from django.utils.http import urlencode

from lib.services.keys import has_key

Row = TypeVar("Row", bound=Model)


class MovedError(Exception):
    """The row that was asked for by its key `before` has the key `now`; lib.http.moved leads there."""

    def __init__(self, before: str, now: str) -> None:
        super().__init__(f"{before} is {now} now")
        self.before, self.now = before, now


def visible_or_404(rows: Manager[Row] | QuerySet[Row], person: Any, **lookup: Any) -> Row:
    """Returns the one row of `rows` that `lookup` matches and `person` may see.

    The model defines visibility with a queryset method `visible_to(person)` (DESIGN.md, *Visibility*). Raises Http404
    both where no row exists and where this person may not see it; MovedError where it has another key by now.
    """
    visible: Any = rows
    key = lookup.pop("key", None)
    wanted = Q() if key is None else has_key(visible.model, key)
    row: Any = visible.visible_to(person).filter(wanted, **lookup).first()
    if row is None:
        raise Http404
    if key is not None and row.key != key:
        raise MovedError(key, row.key)
    found: Row = row
    return found


def query(params: Mapping[str, str], **changes: str | None) -> str:
    """The query string ("?…") of `params` with `changes` applied (None removes one), without blank values."""
    changed = {**{name: params[name] for name in params}, **changes}
    return "?" + urlencode({name: value for name, value in changed.items() if value})
