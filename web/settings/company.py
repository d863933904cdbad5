"""The company's own settings: its name, the time zone that decides what day it is, and what unsized work counts as."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import Effect, setting
from lib.db import fields
from lib.forms.inputs import Line, Number
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from teams.models import Company
from teams.selectors.company import company
from teams.services.company import edit_company
from web.digests.forms import zones_by_region
from web.readers import reader_of

FIELDS = ("name", "timezone", "default_effort")


class CompanyForm(VersionedForm):
    name = Line(label="Name", max_length=fields.NAME_LIMIT)
    timezone = forms.ChoiceField(
        label="Time zone",
        help_text="It decides when a day begins. People may choose another one for themselves.",
        error_messages={"invalid_choice": "Choose a time zone from the list, such as Europe/Berlin."},
    )
    default_effort = Number(
        label="Work that is not sized counts as",
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        help_text="In person-weeks, for each initiative without an effort of its own.",
        error_messages={"min_value": "Give a number above 0, such as 1 or 0.5."},
    )


@form_view
def company_settings(request: HttpRequest) -> HttpResponse:
    reader, row = reader_of(request), company()
    require(edit_company, reader, row)
    form = CompanyForm(
        posted(request), initial={"version": row.version, **{name: getattr(row, name) for name in FIELDS}}
    )
    zone: Any = form.fields["timezone"]
    zone.choices = zones_by_region(row.timezone)
    page = FormPage(
        title="The company",
        lede="Its name stands on everybody’s first page and in each digest.",
        form=form,
        action_label="Save",
        cancel_url=reverse("home"),
    )

    def keep() -> Company:
        return edit_company(row, actor=reader, at=now(), version=form.opened_version, **form.values())

    def weigh() -> Effect:
        values = {name: form.cleaned_data[name] for name in ("timezone", "default_effort")}
        return setting(reader=reader, at=now(), **values)

    return page.handle(
        request,
        save=keep,
        done=lambda saved: Success(f"{saved.name} is saved, in the zone {saved.timezone}.", reverse("home")),
        weigh=weigh,
    )
