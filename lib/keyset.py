"""Pages of a list by the place where the last one ended: as quick on the thousandth page as on the first."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from lib.http import query

Row = TypeVar("Row", bound=Model)

SIZE = 50
PARAMETER = "after"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """What components/_pager.html shows: either address is '' where there is nowhere to go."""

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
    """The page of `rows`, in `order`, that `params` of the request ask for; of two lists each has its own `parameter`.

    `order` names fields that are never NULL, all ascending or all descending ("-effort", "-id"), the last one unique;
    an index in that order makes a page cost its own rows. `ids_first`, for orders that no index has, picks the page's
    ids before anything else of a row is looked at. A place that cannot be read is the start. Links keep the other
    parameters.
    """
    names = [name.lstrip("-") for name in order]
    lookup = TupleLessThan if order[0].startswith("-") else TupleGreaterThan
    ordered = rows.order_by(*order)
    after = _read(params.get(parameter, ""), len(order))

    def fetched(page: QuerySet[Row]) -> list[Row]:
        if ids_first:
            page = ordered.filter(pk__in=page.values("pk")[: size + 1])
        return list(page[: size + 1])

    try:
        found = fetched(ordered.filter(lookup(Tuple(*map(F, names)), after)) if after else ordered)
    except (ValidationError, ValueError, TypeError, OverflowError):
        after, found = (), fetched(ordered)
    following = _written(found[size - 1], names) if len(found) > size else ""
    return Page(
        found[:size],
        query(params, **{parameter: following}) if following else "",
        query(params, **{parameter: None}) if after else "",
    )


def _written(row: Model, names: list[str]) -> str:
    values = []
    for name in names:
        value: Any = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append(value)
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(text: str, length: int) -> tuple[Any, ...]:
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return ()
    fits = (
        isinstance(values, list)
        and len(values) == length
        and all(isinstance(part, str | int | float) for part in values)
    )
    return tuple(values) if fits else ()
