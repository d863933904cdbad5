"""The demo is for this machine alone, and remembers what its visitor has done."""

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
    """First of all: whoever comes from another machine, or asks for another host, finds nothing at all."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, _port = split_domain_port(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))
        if is_loopback(request.META.get("REMOTE_ADDR", "")) and is_loopback(host):
            return self._get_response(request)
        return HttpResponseNotFound("There is nothing here.\n", content_type="text/plain")


class Progress:
    """Last of all: ticks off a step when its page was shown, or when the log tells that it was done."""

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
        """The page that says so has the strip as well, and is no look at what was asked for."""
        request.demo_refused = True  # type: ignore[attr-defined]
