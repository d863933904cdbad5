"""Removes work that was written down by mistake, and brings it back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.services.removal import REMOVED, remove_initiative, restore_initiative, why_kept
from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from teams.models import LogEntry
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url
from web.readers import reader_of
from web.teams.editing import team_url

GOES = "Nobody will find it any more: for work that was written down by mistake. The message that follows can undo it."


@form_view
def initiative_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, initiative = initiative_for(request, key)
    why = why_kept(initiative, reader)
    page = FormPage(
        title=f"Remove “{initiative}”",
        lede=GOES,
        form=VersionedForm(posted(request), initial={"version": initiative.version}),
        action_label="Remove it",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        danger=True,
        template="initiatives/initiative_removal.html",
        extra={"why": why},
    )
    form: VersionedForm = page.form  # type: ignore[assignment]

    def done(entry: LogEntry) -> Success:
        undo = reverse("initiative_restoration", args=[entry.pk])
        return Success(f"“{initiative}” is removed.", team_url(initiative.team), undo=undo)

    return page.handle(
        request,
        save=lambda: remove_initiative(initiative, actor=reader, at=now(), version=form.opened_version),
        done=done,
    )


@require_POST
def initiative_restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is the id of the log entry of the removal."""
    reader = reader_of(request)
    entry = LogEntry.objects.filter(pk=pk, action=REMOVED).first()
    if entry is None:
        raise Http404
    require(restore_initiative, reader, entry)
    return click(
        request,
        lambda: restore_initiative(entry, actor=reader, at=now()),
        reverse("initiative_list"),
        done=lambda row: Success(f"“{row}” is back.", initiative_url(row)),
    )
