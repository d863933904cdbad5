"""The responses to unexpected errors (500; 503 while the database is away), to what is not for whoever asks (403), not
there (404) or cannot be understood (400). What was typed into a form is on the page, to be copied.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from api.problems import MEDIA_TYPE, problem_of
from config.pages import RETRY_SECONDS, away_page, broken_page
from lib.forms.pages import UnseenError
from lib.forms.sending import typed_texts
from lib.http.methods import API


def broken(request: HttpRequest) -> HttpResponse:
    """Returns a page, or an API problem, with the request id to search the log for. It uses nothing that may be what
    failed: neither database and session nor templates and static files.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _away(request)
    reference = getattr(request, "request_id", "")
    texts = _typed(request)
    detail = f"Something broke on our side, and the fault was recorded; its reference is {reference}."
    return _said(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail, broken_page(reference, texts))


def not_theirs(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"texts": _typed(request)}, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"texts": _typed(request)}, status=HTTPStatus.NOT_FOUND)


def _away(request: HttpRequest) -> HttpResponse:
    detail = "A part of Throughline is starting again. Try again in a moment."
    response = _said(request, HTTPStatus.SERVICE_UNAVAILABLE, detail, away_page(request.method or "", _typed(request)))
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed; nothing where that cannot be read, for whatever reason."""
    with suppress(Exception):
        return typed_texts(request) if request.method == "POST" else []
    return []


def _said(request: HttpRequest, status: HTTPStatus, detail: str, page: str) -> HttpResponse:
    if request.path_info.startswith(API):
        return JsonResponse(problem_of(status, detail), status=status, content_type=MEDIA_TYPE)
    return HttpResponse(page, status=status)


def not_understood(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says so, and of a button that does not say what it was pressed on, what to do about it."""
    return HttpResponseBadRequest(render_to_string("400.html", {"unseen": isinstance(exception, UnseenError)}))
