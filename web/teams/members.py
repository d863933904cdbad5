"""Adds, changes and removes the people of a team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from lib.forms.pages import FormPage, Success, VersionedForm, click, done, form_view, posted
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.errors import RefusedError
from teams.access import membership_for, person_for
from teams.enums import TeamRole
from teams.models import Membership, Person, Team
from teams.services.members import add_member, change_member, remove_member
from web.people.naming import offer_people
from web.teams.editing import crumbs_to, team_for, team_url
from web.teams.member_forms import MemberForm, MemberRoleForm

Result = TypeVar("Result")


@form_view
def team_members(request: HttpRequest, key: str) -> HttpResponse:
    """Lists the people, and adds one."""
    reader, team = team_for(request, key, add_member)
    form = MemberForm(posted(request))
    offer_people(form, "person", without=team.key)
    page = FormPage(
        title=f"People of {team}",
        lede="Leads write for the team: its mission, its stance, its goals and who is on it. Members write its work.",
        form=form,
        action_label="Add them",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        template="teams/team_members.html",
    )

    def add() -> Membership:
        values = form.cleaned_data
        return add_member(team, actor=reader, at=now(), person=values["person"], role=values["role"])

    def prepare() -> None:
        page.extra = _listed(request, team)

    return page.handle(
        request,
        save=add,
        done=lambda row: Success(f"{row.person} is on the team.", team_url(team, "team_members")),
        prepare=prepare,
    )


def _listed(request: HttpRequest, team: Team) -> dict[str, Any]:
    members = Membership.objects.filter(team=team, person__is_active=True).select_related("person")
    return {
        "team": team,
        "members": keyset_page(members, order=("person__name__folded", "id"), params=request.GET),
        "roles": TeamRole.choices,
    }


@require_POST
def team_member(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Changes a person's role on the team."""
    reader, team = team_for(request, key, add_member)
    membership = _member(reader, team, pk)
    form = MemberRoleForm(request.POST)
    row = _attempted(
        request,
        form,
        lambda: change_member(membership, actor=reader, at=now(), version=form.opened_version, **form.values()),
        invalid=f"The role of {membership.person} was not changed: choose one from the list.",
    )
    if row is None:
        return redirect("team_members", team.key)
    done(request, f"{membership.person} is on the team as {TeamRole(row.role).label.lower()}.")
    return _back(reader, team)


@require_POST
def team_member_removal(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader, team = team_for(request, key, add_member)
    membership = _member(reader, team, pk)
    form = VersionedForm(request.POST)
    removed = _attempted(
        request,
        form,
        lambda: remove_member(membership, actor=reader, at=now(), version=form.opened_version),
        invalid=f"{membership.person} was not removed: use the button in the list.",
    )
    if removed is None:
        return redirect("team_members", team.key)
    address = reverse("team_member_restoration", args=[team.key, membership.person_id])
    may_undo = _afresh(reader).has_perm("teams.edit_team", team)
    undo = f"{address}?{urlencode({'role': membership.role})}" if may_undo else ""
    done(request, f"{membership.person} is no longer on the team.", undo=undo)
    return _back(reader, team)


@require_POST
def team_member_restoration(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Undoes a removal: adds the person with this id again, as `?role=`."""
    reader, team = team_for(request, key, add_member)
    person = person_for(reader, pk)
    asked = request.GET.get("role", "")
    role = asked if asked in TeamRole.values else TeamRole.MEMBER
    members_url = team_url(team, "team_members")
    return click(
        request,
        lambda: add_member(team, actor=reader, at=now(), person=person, role=role),
        members_url,
        done=f"{person} is on the team again.",
    )


def _attempted(
    request: HttpRequest, form: VersionedForm, service: Callable[[], Result], *, invalid: str
) -> Result | None:
    """What `service` returns; None after a message, where `form` is invalid or the service refuses."""
    if not form.is_valid():
        messages.warning(request, invalid)
        return None
    try:
        return service()
    except RefusedError as refusal:
        messages.warning(request, f"{refusal} This is how it is now.")
    return None


def _member(reader: Person, team: Team, pk: int) -> Membership:
    return membership_for(reader, team, pk)


def _back(reader: Person, team: Team) -> HttpResponse:
    """Redirects to the list, or to the team where the reader has just given up the right to the list."""
    may_edit = _afresh(reader).has_perm("teams.edit_team", team)
    return redirect("team_members" if may_edit else "team_detail", team.key)


def _afresh(reader: Person) -> Person:
    """The person with their current roles on teams."""
    return Person.objects.get(pk=reader.pk)
