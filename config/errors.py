"""The response to unexpected errors (500)."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string

from api.problems import MEDIA_TYPE, problem_of
from lib.http.methods import API

STATUS = HTTPStatus.INTERNAL_SERVER_ERROR


def broken(request: HttpRequest) -> HttpResponse:
    """Returns a page, or an API problem, with the request id to search the log for. It uses neither the database nor
    the session, which may be what failed.
    """
    reference = getattr(request, "request_id", "")
    if request.path_info.startswith(API):
        detail = f"Something broke on our side, and the fault was recorded; its reference is {reference}."
        return JsonResponse(problem_of(STATUS, detail), status=STATUS, content_type=MEDIA_TYPE)
    return HttpResponseServerError(render_to_string("500.html", {"reference": reference}))
