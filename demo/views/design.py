from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def design(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
