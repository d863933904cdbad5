"""The reader of a page, and their time zone."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from teams.models import Person
from teams.selectors.company import company


def reader_of(request: HttpRequest) -> Person:
    """The person signed in. Raises PermissionDenied for anybody else (the middleware sends them to sign in before)."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def zone_of(person: Person) -> str:
    """The time zone of `person`, or the company's, which is a query."""
    return person.timezone or company().timezone
