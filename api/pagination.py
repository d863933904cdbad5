"""Pages of a list ordered by key, made by lib/paging/keyset.py in one query each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from lib.db.fields import KEY_LIMIT, KEY_PATTERN
from lib.paging.keyset import decoded, encoded, keyset_slice

CURSOR, PAGE_SIZE = "cursor", "page_size"
SIZE, SIZE_LIMIT = 50, 200
_CURSOR = re.compile(rf"([<>])({KEY_PATTERN})")


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after (or, backwards, before) the row of `key`, which may be gone."""

    key: str
    backwards: bool = False

    def __str__(self) -> str:
        return encoded(f"{'<' if self.backwards else '>'}{self.key}")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises ValueError where `text` is no cursor."""
        match = _CURSOR.fullmatch(decoded(text))
        if match is None or len(match[2]) > KEY_LIMIT:
            raise ValueError(text)
        return cls(match[2], backwards=match[1] == "<")


class KeyPagination(BasePagination):
    """`next`, `previous` (addresses, or null) and `results`."""

    parameters = (CURSOR, PAGE_SIZE)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        cursor, size = _cursor(request.query_params), _size(request.query_params)
        place, backwards = ((cursor.key,), cursor.backwards) if cursor else ((), False)
        rows, more = keyset_slice(queryset, order=("key",), size=size, place=place, backwards=backwards)
        before, after = (more, True) if backwards else (cursor is not None, more)
        self.next = _address(request, rows[-1], backwards=False) if rows and after else None
        self.previous = _address(request, rows[0], backwards=True) if rows and before else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_results(self, data: dict[str, Any]) -> Any:
        return data["results"]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address | {"description": "Address of the page after this one."},
                "previous": address | {"description": "Address of the page before this one."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": SIZE_LIMIT, "default": SIZE}
        return [
            {
                "name": CURSOR,
                "in": "query",
                "description": "Where a page starts: taken from the addresses in `next` and `previous`.",
                "schema": {"type": "string"},
            },
            {"name": PAGE_SIZE, "in": "query", "description": "How many results a page has at most.", "schema": size},
        ]


def _cursor(query: Mapping[str, str]) -> Cursor | None:
    if CURSOR not in query:
        return None
    try:
        return Cursor.parse(query[CURSOR])
    except ValueError as error:
        message = "This is no cursor. Follow the addresses in `next` and `previous`, or leave it out to start anew."
        raise ValidationError({CURSOR: [message]}) from error


def _size(query: Mapping[str, str]) -> int:
    text = query.get(PAGE_SIZE, str(SIZE))
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= SIZE_LIMIT:
        raise ValidationError({PAGE_SIZE: [f"Give a whole number from 1 to {SIZE_LIMIT}."]})
    return int(text)


def _address(request: Request, row: Model, *, backwards: bool) -> str:
    cursor = Cursor(row.key, backwards=backwards)  # type: ignore[attr-defined]
    return replace_query_param(request.build_absolute_uri(), CURSOR, str(cursor))
