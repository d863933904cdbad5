"""A page for a method that an address does not have: whoever comes to the address of a button by a bookmark, or back
from signing in, is told so."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PAGE = "405.html"
API = "/api/"


class MethodPageMiddleware:
    """Puts PAGE in the place of an answer without content; `Allow` stays. The API says it in its own way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.path.startswith(API):
            return response
        page = render(request, PAGE, status=response.status_code)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page
