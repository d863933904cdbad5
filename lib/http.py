"""The doors: how a view comes to an object that this person may see, and to the right to do something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.utils.http import urlencode

Row = TypeVar("Row", bound=Model)


class Permitted(Protocol):
    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


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


def require(person: Permitted, permission: str, row: Model | None = None) -> None:
    """Raises PermissionDenied (a 403) unless a rule grants `permission` ("teams.invite_person") on `row`."""
    if not person.has_perm(permission, row):
        raise PermissionDenied(permission)


def query(params: Mapping[str, str], **changes: str | None) -> str:
    """The query string ("?…") of `params` with some changed (None: taken out), without blank ones."""
    changed = {**{name: params[name] for name in params}, **changes}
    return "?" + urlencode({name: value for name, value in changed.items() if value})
