"""The responses to unexpected errors (500; 503 while the database is away) and to what cannot be understood (400)."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string

from api.problems import MEDIA_TYPE, problem_of
from config.pages import RETRY_SECONDS, away_page, broken_page
from lib.forms.pages import UnseenError
from lib.http.methods import API


def broken(request: HttpRequest) -> HttpResponse:
    """Returns a page, or an API problem, with the request id to search the log for. It uses nothing that may be what
    failed: neither database and session nor templates and static files.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _away(request)
    reference = getattr(request, "request_id", "")
    detail = f"Something broke on our side, and the fault was recorded; its reference is {reference}."
    return _said(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail, broken_page(reference))


def _away(request: HttpRequest) -> HttpResponse:
    detail = "A part of Throughline is starting again. Try again in a moment."
    response = _said(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, away_page(request.method or ""))
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _said(request: HttpRequest, status: HTTPStatus, detail: str, page: str) -> HttpResponse:
    if request.path_info.startswith(API):
        return JsonResponse(problem_of(status, detail), status=status, content_type=MEDIA_TYPE)
    return HttpResponse(page, status=status)


def not_understood(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says so, and of a button that does not say what it was pressed on, what to do about it."""
    return HttpResponseBadRequest(render_to_string("400.html", {"unseen": isinstance(exception, UnseenError)}))
