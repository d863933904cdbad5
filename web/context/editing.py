"""Creates, edits, removes and restores pages of the business context."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import Service, require
from strategy.access import context_page_for
from strategy.enums import Lens
from strategy.models import ContextPage
from strategy.selectors.context import removed_context_page
from strategy.services.context import (
    confirm_context_page,
    create_context_page,
    edit_context_page,
    remove_context_page,
    restore_context_page,
)
from teams.models import LogEntry, Person
from web.context.forms import ContextPageEditForm, ContextPageForm
from web.readers import reader_of
from web.strategy.common import values_of

WRITE, EDIT = "strategy.write_context_page", "strategy.edit_context_page"


@form_view
def context_new(request: HttpRequest) -> HttpResponse:
    """`?lens=` preselects the lens."""
    reader = reader_of(request)
    require(create_context_page, reader)
    lens = request.GET.get("lens", "")
    initial = {"owner": reader, "lens": lens if lens in Lens.values else None}
    page = FormPage(
        title="Write a page",
        lede="Everybody in the company can read it as soon as it is saved.",
        form=ContextPageForm(posted(request), initial=initial),
        action_label="Save the page",
        cancel_url=reverse("context_list"),
        crumbs=[("Business context", reverse("context_list"))],
    )
    return page.handle(
        request,
        save=lambda: create_context_page(actor=reader, at=now(), **page.form.cleaned_data),
        done=lambda made: Success(f"“{made}” is there for everybody to read.", _url(made)),
    )


@form_view
def context_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = _row(request, key, edit_context_page)
    form = ContextPageEditForm(posted(request), initial=values_of(row))
    page = _form_page(row, title=f"Edit “{row}”", form=form, action_label="Save")

    def keep() -> ContextPage:
        return edit_context_page(row, actor=reader, at=now(), version=form.opened_version, **form.values())

    return page.handle(
        request, save=keep, done=lambda kept: Success(f"“{kept}” is saved.", _url(kept)), current=values_of
    )


@require_POST
def context_confirmation(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = _row(request, key, confirm_context_page)
    version = seen_version(request)
    return click(
        request,
        lambda: confirm_context_page(row, actor=reader, at=now(), version=version),
        _url(row),
        done="It says now that it is true as of today.",
    )


@form_view
def context_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = _row(request, key, remove_context_page)
    form = VersionedForm(posted(request), initial={"version": row.version})
    page = _form_page(row, title=f"Remove “{row}”", form=form, action_label="Remove the page")
    page.lede = "Nobody will find it any more, and addresses of it lead nowhere. The message that follows can undo it."
    page.danger = True

    def done(entry: LogEntry) -> Success:
        undo = reverse("context_restoration", args=[entry.pk])
        return Success(f"“{row}” is removed.", reverse("context_list"), undo=undo)

    return page.handle(
        request,
        save=lambda: remove_context_page(row, actor=reader, at=now(), version=form.opened_version),
        done=done,
    )


@require_POST
def context_restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is the id of the removal's log entry."""
    reader = reader_of(request)
    require(restore_context_page, reader)
    entry = removed_context_page(pk)
    if entry is None:
        raise Http404
    return click(
        request,
        lambda: restore_context_page(entry, actor=reader, at=now()),
        reverse("context_list"),
        done=lambda row: Success(f"“{row}” is back.", _url(row)),
    )


def _row(request: HttpRequest, key: str, service: Service) -> tuple[Person, ContextPage]:
    reader = reader_of(request)
    row = context_page_for(reader, key)
    require(service, reader, row)
    return reader, row


def _form_page(row: ContextPage, *, title: str, form: Any, action_label: str) -> FormPage:
    crumbs = [("Business context", reverse("context_list")), (row.title, _url(row))]
    return FormPage(title=title, form=form, action_label=action_label, cancel_url=_url(row), crumbs=crumbs)


def _url(row: ContextPage) -> str:
    return reverse("context_detail", args=[row.key])
