"""The reader of a page, and their time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from teams.models import Person
from teams.selectors.company import company


def reader_of(request: HttpRequest) -> Person:
    """The person signed in. Raises PermissionDenied for anybody else (the middleware sends them to sign in before)."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def zone_of(person: Person) -> str:
    """The time zone of `person`, or the company's, which is no query for the person signed in (accounts.adapter)."""
    return person.timezone or getattr(person, "company_zone", None) or company().timezone


class ReadersZone:
    """Templates show the day of an instant (`|day`) in the reader's zone; where nobody is signed in, in TIME_ZONE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if isinstance(request.user, Person):
            timezone.activate(ZoneInfo(zone_of(request.user)))
