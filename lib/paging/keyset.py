"""Keyset pagination, without OFFSET or COUNT: the thousandth page is as fast as the first. The API's version is in
api/pagination.py.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from lib.db.folding import Folded
from lib.http.access import query

Row = TypeVar("Row", bound=Model)

SIZE = 50
PARAMETER = "after"
FOLDED = "__folded"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The context of components/_pager.html; a URL is '' where there is no such page."""

    rows: list[Row]
    next_url: str
    first_url: str


def keyset_page(
    rows: QuerySet[Row],
    *,
    order: tuple[str, ...],
    params: Mapping[str, str],
    size: int = SIZE,
    parameter: str = PARAMETER,
    ids_first: bool = False,
) -> Page[Row]:
    """Returns the page of `rows`, in `order`, that the request's `params` ask for; two lists on a page use different
    values of `parameter`.

    `order` names fields that are never NULL (`title__folded`: as people sort titles), all ascending or all descending
    ("-effort", "-id"), the last one unique.
    With an index in that order a page reads only its own rows; for an order without an index, `ids_first` selects the
    page's ids before its columns. An unreadable position means the first page. URLs preserve the other parameters.
    """
    place = _read(params.get(parameter, ""), len(order))
    try:
        found, more = keyset_slice(rows, order=order, size=size, place=place, ids_first=ids_first)
    except (ValidationError, ValueError, TypeError, OverflowError):
        place = ()
        found, more = keyset_slice(rows, order=order, size=size, ids_first=ids_first)
    following = _written(found[-1], order) if more else ""
    return Page(
        found,
        query(params, **{parameter: following}) if following else "",
        query(params, **{parameter: None}) if place else "",
    )


def keyset_slice(
    rows: QuerySet[Row],
    *,
    order: tuple[str, ...],
    size: int,
    place: tuple[Any, ...] = (),
    backwards: bool = False,
    ids_first: bool = False,
) -> tuple[list[Row], bool]:
    """Returns at most `size` of `rows`, in `order`, and whether there are more: those after `place` or, `backwards`,
    those before it. `place` has one value for each name in `order`; () is the start, or backwards the end.

    Raises ValidationError, ValueError, TypeError or OverflowError for values that the fields cannot have.
    """
    downwards = order[0].startswith("-") != backwards
    names = [name.lstrip("-") for name in order]
    ordered = rows.order_by(*(f"-{name}" if downwards else name for name in names))
    page = ordered
    if len(place) == 1:
        page = ordered.filter(**{f"{names[0]}__{'lt' if downwards else 'gt'}": place[0]})
    elif place:
        beyond = TupleLessThan if downwards else TupleGreaterThan
        page = ordered.filter(beyond(Tuple(*map(F, names)), tuple(map(_compared, names, place))))
    if ids_first:
        page = ordered.filter(pk__in=page.values("pk")[: size + 1])
    found = list(page[: size + 1])
    shown = found[:size]
    return shown[::-1] if backwards else shown, len(found) > size


def _compared(name: str, value: Any) -> Any:
    """`value` as the column of an order compares it: a text is folded by the database, as the column is."""
    return Folded(Value(str(value), CharField())) if name.endswith(FOLDED) else value


def encoded(text: str) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(text: str) -> str:
    """The inverse of `encoded`. Raises ValueError for any other text."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()


def _written(row: Model, order: tuple[str, ...]) -> str:
    """The encoded position of `row`."""
    values = []
    for name in order:
        value: Any = row
        for part in name.lstrip("-").removesuffix(FOLDED).split("__"):
            value = getattr(value, part)
        values.append(value)
    return encoded(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")))


def _read(text: str, length: int) -> tuple[Any, ...]:
    """() for text that is not a position in an order of `length` names."""
    try:
        values = json.loads(decoded(text))
    except (ValueError, RecursionError):
        return ()
    fits = (
        isinstance(values, list)
        and len(values) == length
        and all(isinstance(part, str | int | float) for part in values)
    )
    return tuple(values) if fits else ()
