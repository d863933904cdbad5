"""Changes a person: their name, address, role and time zone; and confirms a new address from its mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import AddressChange
from accounts.services.addresses import address_change, confirm_address, withdraw_address
from accounts.services.people import edit_person
from lib.db import fields
from lib.forms.inputs import Line
from lib.forms.pages import NOTHING, FormPage, Success, VersionedForm, click, form_view, posted
from lib.services.dates import now
from lib.services.errors import RefusedError
from lib.services.permissions import require
from lib.text.isolation import isolated
from teams.access import person_for
from teams.enums import Role
from teams.models import Person
from teams.selectors.company import company
from web.digests.forms import zones_by_region
from web.people.naming import crumbs_of, person_url
from web.readers import reader_of

CONFIRMED = "Your address is confirmed: you sign in with {} from now on, and mail goes there."


class PersonForm(VersionedForm):
    merges = True

    name = Line(label="Name", max_length=fields.NAME_LIMIT)
    email = forms.EmailField(
        label="E-mail", max_length=fields.EMAIL_LIMIT, widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    timezone = forms.ChoiceField(
        label="Time zone",
        required=False,
        help_text="It decides when their weekly digest comes.",
        error_messages={"invalid_choice": "Choose a time zone from the list, such as Europe/Berlin."},
    )

    def __init__(self, *args: Any, company_zone: str, joined: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        zone: Any = self.fields["timezone"]
        usual = ("", f"As in the company: {company_zone.replace('_', ' ')}")
        zone.choices = [usual, *zones_by_region(self.initial.get("timezone", ""))]
        if joined:
            self.fields["email"].help_text = "They confirm a new one by a mail to it; until then the old one holds."
        else:
            self.fields["email"].help_text = "They have not joined, so a new one holds at once. Invite them there anew."


@form_view
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    row = person_for(reader, pk)
    require(edit_person, reader, row)
    initial = {name: getattr(row, name) for name in ("version", "name", "email", "role", "timezone")}
    form = PersonForm(
        posted(request), initial=initial, company_zone=company().timezone, joined=row.joined_at is not None
    )
    page = FormPage(
        title=f"Edit {isolated(row.name)}",
        lede="What you change holds from their next step on, and in mail that has not left yet.",
        form=form,
        action_label="Save",
        cancel_url=person_url(row),
        crumbs=crumbs_of(row),
        template="people/person_edit.html",
    )

    def prepare() -> None:
        page.extra = {"person": row, "change": AddressChange.objects.filter(person=row).first()}

    return page.handle(
        request,
        save=lambda: edit_person(row, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda saved: _saved(row, saved, form.cleaned_data["email"]),
        prepare=prepare,
    )


@require_POST
def person_address_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back another address that its person has not confirmed yet."""
    reader = reader_of(request)
    person = person_for(reader, pk)
    require(withdraw_address, reader, person)
    return click(
        request,
        lambda: withdraw_address(person, actor=reader, at=now()),
        reverse("person_edit", args=[pk]),
        done=f"{person.email} stays the address of {person}.",
    )


@form_view
@login_not_required
def account_address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirms a new address by a press of a button: programs that look into mail follow the link as well."""
    change, problem = address_change(token), ""
    if change is not None and request.method == "POST":
        try:
            person = confirm_address(change, at=now())
        except RefusedError as refusal:
            change, problem = None, str(refusal)
        else:
            messages.success(request, CONFIRMED.format(person.email))
            return redirect("home")
    context = {"change": change, "problem": problem}
    return render(request, "account/address_confirm.html", context, status=409 if problem else 200)


def _saved(before: Person, row: Person, email: str) -> Success:
    url = person_url(row)
    if email.lower() not in (before.email.lower(), row.email.lower()):
        told = f"{row} is saved. A mail asks them to confirm {email}; until then {row.email} holds."
        return Success(told, url)
    return Success(f"{row} is saved." if row.version != before.version else NOTHING, url)
