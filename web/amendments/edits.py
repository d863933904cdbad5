"""Buttons on the page of an amendment that act on one of its edits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import click, seen_version
from lib.services.dates import now
from strategy.access import amendment_edit_for
from strategy.models import AmendmentEdit
from strategy.services.preparing.amendments import say_meaning, settle_conflict, withdraw_edit
from web.readers import reader_of

PLANNED = "planned"


@require_POST
def edit_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes it out of the amendment."""
    reader, edit = reader_of(request), _edit(request, pk)
    version = seen_version(request)
    text = "It is taken out of the amendment."
    return click(request, lambda: withdraw_edit(edit, actor=reader, at=now(), version=version), _url(edit), done=text)


@require_POST
def edit_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a `?field=` that somebody else changed meanwhile, keeps what is planned, or (`?keeps=`) what is there now."""
    reader, edit = reader_of(request), _edit(request, pk)
    version, field = seen_version(request), request.GET.get("field", "")
    keeps = request.GET.get("keeps") == PLANNED
    text = "What is planned is kept." if keeps else "What is there now is kept."
    return click(
        request,
        lambda: settle_conflict(edit, actor=reader, at=now(), version=version, field=field, keeps=keeps),
        _url(edit),
        done=text,
    )


@require_POST
def edit_meaning(request: HttpRequest, pk: int) -> HttpResponse:
    """Says whether it changes what the goal means (`?changed=yes`)."""
    reader, edit = reader_of(request), _edit(request, pk)
    version, changed = seen_version(request), request.GET.get("changed") == "yes"
    text = "Teams will be asked to look at their links again." if changed else "Teams will not be asked about it."
    return click(
        request,
        lambda: say_meaning(edit, actor=reader, at=now(), version=version, meaning_changed=changed),
        _url(edit),
        done=text,
    )


def _edit(request: HttpRequest, pk: int) -> AmendmentEdit:
    return amendment_edit_for(reader_of(request), pk)


def _url(edit: AmendmentEdit) -> str:
    return reverse("amendment_detail", args=[edit.amendment.strategy.key])
