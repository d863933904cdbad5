"""Writes, edits, concludes, reopens and removes decisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import Service, require
from strategy.access import decision_for
from strategy.models import Decision
from strategy.selectors.decisions import form_values, supersedable
from strategy.services.decisions import (
    conclude_decision,
    create_decision,
    edit_decision,
    remove_decision,
    reopen_decision,
)
from teams.models import Person
from web.decisions.forms import DecisionEditForm, DecisionForm
from web.readers import reader_of


@form_view
def decision_new(request: HttpRequest) -> HttpResponse:
    """`?supersedes=` preselects the decision whose place it takes."""
    reader = reader_of(request)
    require(create_decision, reader)
    former = supersedable(reader, None)
    initial = {"owner": reader, "decided_by": [reader], "supersedes": request.GET.get("supersedes", "")}
    form = DecisionForm(posted(request), initial=initial, former=former)
    page = FormPage(
        title="Write down a decision",
        lede="It begins as a draft, which leaders and its owner see. Say when it is decided; then others can read it.",
        form=form,
        action_label="Save the draft",
        cancel_url=reverse("decision_list"),
        crumbs=[("Decisions", reverse("decision_list"))],
    )
    return page.handle(
        request,
        save=lambda: create_decision(actor=reader, at=now(), **form.cleaned_data),
        done=lambda made: Success(f"The draft of “{made}” is saved.", url_of(made)),
    )


@form_view
def decision_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = row_for(request, key, edit_decision)
    former = [*([row.supersedes] if row.supersedes else []), *supersedable(reader, row)]
    form = DecisionEditForm(posted(request), initial=form_values(row), former=former)
    page = form_page(row, title=f"Edit “{row}”", form=form, action_label="Save")

    def keep() -> Decision:
        return edit_decision(row, actor=reader, at=now(), version=form.opened_version, **form.values())

    return page.handle(request, save=keep, done=lambda kept: Success(f"“{kept}” is saved.", _to(reader, kept)))


@require_POST
def decision_conclusion(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = row_for(request, key, conclude_decision)
    version = seen_version(request)

    def done(kept: Decision) -> Success:
        undo = f"{reverse('decision_reopening', args=[kept.key])}?version={kept.version}"
        return Success(f"“{kept}” is decided.", url_of(kept), undo=undo)

    return click(
        request, lambda: conclude_decision(row, actor=reader, at=now(), version=version), url_of(row), done=done
    )


@require_POST
def decision_reopening(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = row_for(request, key, reopen_decision)
    version = seen_version(request)
    return click(
        request,
        lambda: reopen_decision(row, actor=reader, at=now(), version=version),
        url_of(row),
        done="It is a draft again.",
    )


@form_view
def decision_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = row_for(request, key, remove_decision)
    form = VersionedForm(posted(request), initial={"version": row.version})
    page = form_page(row, title=f"Remove “{row}”", form=form, action_label="Remove the draft")
    page.lede = "The draft goes with all that it says. This cannot be undone."
    page.danger = True
    return page.handle(
        request,
        save=lambda: remove_decision(row, actor=reader, at=now(), version=form.opened_version),
        done=lambda gone: Success(f"“{gone}” is removed.", reverse("decision_list")),
    )


def row_for(request: HttpRequest, key: str, service: Service) -> tuple[Person, Decision]:
    reader = reader_of(request)
    row = decision_for(reader, key, rows=Decision.objects.select_related("owner", "supersedes"))
    require(service, reader, row)
    return reader, row


def form_page(row: Decision, *, title: str, form: Any, action_label: str) -> FormPage:
    crumbs = [("Decisions", reverse("decision_list")), (row.title, url_of(row))]
    return FormPage(title=title, form=form, action_label=action_label, cancel_url=url_of(row), crumbs=crumbs)


def url_of(row: Decision) -> str:
    return reverse("decision_detail", args=[row.key])


def _to(reader: Person, row: Decision) -> str:
    """The list where its owner has just given up the right to see it."""
    seen = Decision.objects.visible_to(reader).filter(pk=row.pk).exists()
    return url_of(row) if seen else reverse("decision_list")
