"""The company's own settings, and what it expects of each stance; each with its effect before it is saved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import Effect, setting
from lib.db import fields
from lib.forms.inputs import Line, Number, Whole
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from teams.enums import Rhythm
from teams.models import Company
from teams.selectors.company import company
from teams.services.company import edit_company
from web.digests.forms import zones_by_region
from web.readers import reader_of
from web.settings.stances import FIGURES, stance_rows

COUNTED = ("timezone", "default_effort", "grace_days", "silent_days")
FIELDS = ("name", "purpose", *COUNTED, "check_in_rhythm")
DAYS_LIMIT = 3650


def _days(label: str, hint: str) -> Whole:
    return Whole(
        label=label,
        min_value=0,
        max_value=DAYS_LIMIT,
        help_text=hint,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"),
            f"Give a whole number from 0 to {DAYS_LIMIT:,}.",
        ),
    )


class CompanyForm(VersionedForm):
    merges = True

    name = Line(label="Name", max_length=fields.NAME_LIMIT)
    purpose = Line(
        label="Purpose",
        required=False,
        max_length=fields.NAME_LIMIT,
        help_text="What the company is there for, in one sentence. The strategy begins with it, and each line from a "
        "piece of work ends with it.",
    )
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
    grace_days = _days(
        "Days of grace",
        "How long a goal and a strategy go on counting after their end, so that there is time to close them.",
    )
    silent_days = _days(
        "Days until work is silent",
        "After so many days in which nobody touched it, its team is asked whether it goes on.",
    )
    check_in_rhythm = forms.ChoiceField(
        label="Measures are checked in",
        choices=Rhythm.choices,
        help_text="Whoever keeps a measure reads in the weekly digest that it is due. Figures do not rest on it.",
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
        template="settings/company_settings.html",
    )

    def prepare() -> None:
        page.extra = {"stances": stance_rows(), "figures": [label for label, _hint in FIGURES.values()]}

    def keep() -> Company:
        return edit_company(row, actor=reader, at=now(), version=form.opened_version, **form.values())

    def weigh() -> Effect:
        values = {name: form.cleaned_data[name] for name in COUNTED}
        return setting(reader=reader, at=now(), **values)

    return page.handle(
        request,
        save=keep,
        done=lambda saved: Success(f"{saved.name} is saved, in the zone {saved.timezone}.", reverse("home")),
        weigh=weigh,
        prepare=prepare,
    )
