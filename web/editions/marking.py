"""What a person says of an edition for themselves: that they have read it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import Success, click, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import require
from strategy.access import edition_for, strategy_for
from strategy.models import Edition
from strategy.services.reading import mark_read, mark_unread
from teams.models import Person
from web.readers import reader_of


@require_POST
def edition_read(request: HttpRequest, key: str, number: int) -> HttpResponse:
    reader, edition, url = _asked(request, key, number)
    require(mark_read, reader, edition)
    taken_back = f"{reverse('edition_unread', args=[key, number])}?version={number}"
    done = Success("It is marked as read by you. Leaders see how many have read it, and never who.", url, taken_back)
    return click(request, lambda: mark_read(edition, actor=reader, at=now()), url, done=lambda _read: done)


@require_POST
def edition_unread(request: HttpRequest, key: str, number: int) -> HttpResponse:
    reader, edition, url = _asked(request, key, number)
    require(mark_unread, reader, edition)
    return undo(request, lambda: mark_unread(edition, actor=reader, at=now()), url)


def _asked(request: HttpRequest, key: str, number: int) -> tuple[Person, Edition, str]:
    """An edition stays as it is, so that the version of it that was seen is its number."""
    reader = reader_of(request)
    seen_version(request)
    edition = edition_for(reader, strategy_for(reader, key), number)
    return reader, edition, reverse("edition_detail", args=[key, number])
