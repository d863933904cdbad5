"""The people page, and what administrators do from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors.invitations import invitation_expired, with_invitations
from accounts.services.invitations import invite_person, send_invitation
from lib.forms.pages import Success, seen_version, sent_once
from lib.forms.sending import token_for, typed
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.errors import NotSentError, RefusedError, StaleError
from lib.services.permissions import require
from lib.text.counts import counted
from teams.access import person_for
from teams.enums import Role
from teams.models import Person
from teams.selectors.people import people
from teams.services.people import change_role
from web.people.forms import InvitationForm, PeopleFilter, RoleForm, State
from web.readers import reader_of

NOT_SENT = "{} is in the list, but the mail server did not take the mail. Send it again later, beside their name."


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
def invitations(request: HttpRequest) -> HttpResponse:
    """Invites a new person."""
    actor = reader_of(request)
    require(invite_person, actor)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation=form, status=422)
    values = form.cleaned_data
    try:
        success = sent_once(request, lambda: invite_person(actor=actor, at=now(), **values), _invited)
    except (ValidationError, RefusedError) as error:
        form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        return _page(request, invitation=form, status=422)
    except NotSentError:
        messages.warning(request, NOT_SENT.format(values["name"]))
        return redirect("person_list")
    return success.response(request)


def _invited(person: Person) -> Success:
    return Success(f"The invitation to {person} is on its way to {person.email}.", reverse("person_list"))


@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a person who has not joined their invitation (again)."""
    actor = reader_of(request)
    person = person_for(actor, pk)
    version = seen_version(request)
    try:
        send_invitation(person, actor=actor, at=now(), version=version)
    except RefusedError as refusal:
        messages.warning(request, str(refusal))
    except NotSentError:
        messages.warning(request, NOT_SENT.format(person.name))
    else:
        messages.success(request, f"The invitation to {person} is on its way to {person.email}.")
    return redirect("person_list")


@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a person's role; a stale form changes nothing and shows both roles (409)."""
    actor = reader_of(request)
    person = person_for(actor, pk)
    require(change_role, actor, person)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, f"The role of {person} was not changed: choose one from the list.")
        return redirect("person_list")
    wanted = Role(form.cleaned_data["role"])
    try:
        change_role(person, actor=actor, role=wanted, version=form.cleaned_data["version"], at=now())
    except StaleError as stale:
        context = {"person": stale.current, "wanted": wanted, "reason": str(stale)}
        return render(request, "people/person_role.html", context, status=409)
    except RefusedError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{person} is now: {wanted.label}.")
    return redirect("person_list")


def _page(request: HttpRequest, *, invitation: InvitationForm | None = None, status: int = 200) -> HttpResponse:
    """`invitation` is the submitted form with its errors."""
    reader, at = reader_of(request), now()
    form = PeopleFilter(request.GET, {})
    given = form.given()
    found = _found(reader, given, at)
    page = keyset_page(with_invitations(found, at), order=("name__folded", "id"), params=request.GET)
    count = found.count() if page.next_url or page.first_url else len(page.rows)
    context: dict[str, Any] = {
        "form": form,
        "active": _active(request, form),
        "page": page,
        "count_text": counted(count, "person", "people"),
        "roles": Role.choices,
        "invitation": invitation or InvitationForm(typed(request)),
        "sending": token_for(request, reverse("invitations")),
    }
    return render(request, "people/person_list.html", context, status=status)


def _found(reader: Person, given: dict[str, str], at: dt.datetime) -> QuerySet[Person]:
    state = given.get("state", "")
    of_state = State.INVITED.value if state == State.EXPIRED else state
    found = people(reader, search=given.get("q", ""), role=given.get("role", ""), state=of_state)
    return found.filter(invitation_expired(at)) if state == State.EXPIRED else found


def _active(request: HttpRequest, form: PeopleFilter) -> list[tuple[str, str]]:
    """Labels of the filters in force, each with the address without it."""
    return [(label, query(request.GET, **{name: None, "after": None})) for name, label in form.words().items()]
