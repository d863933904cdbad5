"""Shows a page instead of a blank 405, for people who reach a button's URL by a bookmark or after signing in."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PAGE = "405.html"
API = "/api/"


class MethodPageMiddleware:
    """Renders PAGE for a 405 response without content; `Allow` is preserved. The API has its own format."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.path.startswith(API):
            return response
        page = render(request, PAGE, status=response.status_code)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page
