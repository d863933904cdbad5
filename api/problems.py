"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"
NOTHING_HERE = "There is nothing here, or nothing that you may see."
NOT_RIGHT = "Something in the request is not right; `errors` says what."


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's answer to `error` as a problem: type, title, status, detail and, for invalid input, `errors`,
    each a JSON pointer to the field (or the query's parameter) and a sentence.

    None for an unexpected error.
    """
    response = exception_handler(error, context)
    if response is None:
        return None
    status = HTTPStatus(response.status_code)
    if isinstance(error, ValidationError):
        problem = problem_of(status, NOT_RIGHT) | {"errors": list(_errors(error.detail))}
    elif isinstance(error, Http404 | NotFound):
        problem = problem_of(status, NOTHING_HERE)
    else:
        problem = problem_of(status, str(response.data["detail"]))
    response.data, response.content_type = problem, MEDIA_TYPE
    return response


def problem_of(status: HTTPStatus, detail: str) -> dict[str, Any]:
    """The fields of every problem."""
    return {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}


def _errors(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Yields an error a sentence. Sentences in a list belong to the field above it, anything else in it to its own
    index."""
    if isinstance(detail, Mapping):
        for name, value in detail.items():
            yield from _errors(value, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(detail, list):
        for position, value in enumerate(detail):
            yield from _errors(value, pointer if isinstance(value, str) else f"{pointer}/{position}")
    else:
        yield {"pointer": pointer, "detail": str(detail)}
