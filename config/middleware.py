"""The outermost middleware: health probes, headers of every response, and one log line per request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseFileResponse

from config import logs
from config.headers import PRIVATE
from config.urls import PROBES

logger = logging.getLogger("throughline.request")

UTF_8 = frozenset({"utf-8", "utf8"})
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Probes:
    """Answers /healthz and /readyz for any host name and scheme, because load balancers use IP addresses without TLS.
    It reads nothing about people and logs no line.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = _probe(request)
        return probe(request) if probe else self._get_response(request)


class Private:
    """Sets the headers of config.headers on everything but probes and static files, errors and redirects included. No
    view has a say: a page that is stored anywhere would outlive the right to see it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if not isinstance(response, WhiteNoiseFileResponse) and _probe(request) is None:
            for name, value in PRIVATE.items():
                response[name] = value
        return response


class OnlyUtf8:
    """Answers 400 to a body in any other character set, before anything reads it: Python has codecs that fail on
    everything, and browsers send UTF-8.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip("'\"").lower() not in UTF_8:
            request.encoding = "utf-8"  # for the page that says so
            raise BadRequest("the body is not UTF-8")
        return self._get_response(request)


class RequestLog:
    """Gives each request an id, or uses a proxy's where it is well-formed, and returns it in the response. Logs one
    line per response, a warning where it was slow. Static files are excluded.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = logs.request_id(request.headers.get("X-Request-ID"), uuid4().hex)
        request.request_id = given  # type: ignore[attr-defined]  # read by the log and by the error page
        began = time.monotonic()
        with logs.in_request(request):
            response = self._get_response(request)
            response["X-Request-ID"] = given
            if not request.path_info.startswith(settings.STATIC_URL):
                _log(request, response.status_code, time.monotonic() - began)
        return response


def _probe(request: HttpRequest) -> GetResponse | None:
    return PROBES.get(request.path_info.removeprefix("/"))


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    slow = seconds >= settings.SLOW_REQUEST_SECONDS
    fields = {
        "method": request.method,
        "route": logs.route_of(request),
        "status": status,
        "ms": round(seconds * 1000),
    }
    logger.log(
        logging.WARNING if slow else logging.INFO,
        "slow: %s %s %d in %d ms" if slow else "%s %s %d in %d ms",
        *fields.values(),
        extra=fields,
    )
