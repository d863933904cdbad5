"""Personas: the customers, what is solved for them, and which teams serve them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.selectors.citations import with_work
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import count_text
from strategy.access import persona_for
from strategy.selectors.personas import personas
from strategy.services.personas import create_persona, edit_persona, remove_persona
from teams.models import Person
from web.personas.forms import PersonaEditForm, PersonaForm
from web.readers import reader_of


@require_safe
def persona_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    page = keyset_page(with_work(personas(reader), reader), order=("name__folded", "id"), params=request.GET)
    return render(
        request,
        "personas/persona_list.html",
        {
            "page": page,
            "crumbs": [("Teams", reverse("team_list"))],
            "may_write": reader.has_perm("strategy.write_persona"),
        },
    )


@form_view
def persona_new(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    require(create_persona, reader)
    form = PersonaForm(posted(request))
    page = FormPage(
        title="New persona",
        lede="Somebody the company works for, in a few words that every team can aim at.",
        form=form,
        action_label="Save the persona",
        cancel_url=reverse("persona_list"),
        crumbs=_crumbs(),
    )
    return page.handle(
        request,
        save=lambda: create_persona(actor=reader, at=now(), **form.cleaned_data),
        done=lambda row: _done(f"{row} is there. Teams can say now that they serve them."),
    )


@form_view
def persona_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, persona = _persona_for(request, key)
    initial = {"name": persona.name, "problem": persona.problem, "version": persona.version}
    form = PersonaEditForm(posted(request), initial=initial)
    page = FormPage(
        title=f"Edit {persona}",
        form=form,
        action_label="Save the persona",
        cancel_url=reverse("persona_list"),
        crumbs=_crumbs(),
        template="personas/persona_edit.html",
        extra={"removal_url": reverse("persona_removal", args=[persona.key])},
    )
    return page.handle(
        request,
        save=lambda: edit_persona(persona, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: _done(f"{row} is saved."),
    )


@form_view
def persona_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, persona = _persona_for(request, key)
    form = VersionedForm(posted(request), initial={"version": persona.version})
    served = count_text(persona.serving_count, "team serves", "teams serve")
    page = FormPage(
        title=f"Remove {persona}",
        lede=f"{served} them now, and the text about them goes too. This cannot be undone.",
        form=form,
        action_label=f"Remove {persona}",
        cancel_url=reverse("persona_edit", args=[persona.key]),
        crumbs=_crumbs(),
        danger=True,
    )
    return page.handle(
        request,
        save=lambda: remove_persona(persona, actor=reader, at=now(), version=form.opened_version),
        done=lambda row: _done(f"{row} is removed."),
    )


def _persona_for(request: HttpRequest, key: str) -> tuple[Person, Any]:
    reader = reader_of(request)
    persona: Any = persona_for(reader, key, rows=personas(reader))
    require(edit_persona, reader, persona)
    return reader, persona


def _done(text: str) -> Success:
    return Success(text, reverse("persona_list"))


def _crumbs() -> list[tuple[str, str]]:
    return [("Teams", reverse("team_list")), ("Personas", reverse("persona_list"))]
