"""Leads from the address that something had while not everybody might see it to the one it has now."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from lib.forms.sending import MOVED_FROM
from lib.http.access import MovedError


class MovedMiddleware:
    """Answers MovedError, of pages and of the API, with a permanent redirect to the same address with the key of now.
    What is sent there by a form is sent again (308), so that one opened before is still saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if not isinstance(error, MovedError) or match is None:
            return None
        if error.before not in match.kwargs.values():
            raise Http404 from error
        kwargs = {name: error.now if value == error.before else value for name, value in match.kwargs.items()}
        asked = request.META.get("QUERY_STRING", "")
        safe = request.method in ("GET", "HEAD")
        if not safe:
            asked = "&".join(filter(None, (asked, urlencode({MOVED_FROM: request.path}))))
        status = HTTPStatus.MOVED_PERMANENTLY if safe else HTTPStatus.PERMANENT_REDIRECT
        url = reverse(match.view_name, args=match.args, kwargs=kwargs)
        return HttpResponse(status=status, headers={"Location": f"{url}?{asked}" if asked else url})
