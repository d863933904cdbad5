"""Middleware that limits the demo to this machine, and records the visitor's steps."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port

from demo.progress import deeds_of, done_before, done_now, keep
from lib.http.hosts import is_loopback
from lib.services.dates import now
from teams.models import Person

Answer = Callable[[HttpRequest], HttpResponse]


class OnlyFromHere:
    """Comes first: answers 404 to requests from another machine or for another host."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _port = split_domain_port(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
        if is_loopback(request.META.get("REMOTE_ADDR", "")) and is_loopback(host):
            return self._get_response(request)
        return HttpResponseNotFound("There is nothing here.\n", content_type="text/plain")


class Progress:
    """Comes last: records a step when its page was shown, or when the log shows that it was done."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before, began, person = done_before(request), now(), request.user
        response = self._get_response(request)
        done = before
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            done = done_now(request)
        elif request.method == "POST" and response.status_code == HTTPStatus.FOUND and isinstance(person, Person):
            done = before | deeds_of(person, since=began, done=before)
        keep(request, done)
        return response

    def process_exception(self, request: HttpRequest, _exception: Exception) -> None:
        """The error page also draws the strip, but does not count as a visit."""
        request.demo_refused = True  # type: ignore[attr-defined]
