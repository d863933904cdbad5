"""Creates, renames, moves and removes a team."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, VersionedForm, edited, form_view, posted
from lib.services.dates import now
from lib.services.permissions import Service, require
from teams import access
from teams.models import Person, Team
from teams.selectors.holdings import holdings
from teams.selectors.presence import teams_here
from teams.selectors.teams import team_places
from teams.services.teams import create_team, edit_team, move_team, remove_team
from web.filters import asked_key
from web.readers import reader_of
from web.teams.forms import Places, PositionForm, TeamForm, TeamNameForm

NEW = "A team says what it is for, and decides what to work on. Its address is made from its name."
CHOOSE = "Choose one in the list."


def team_url(team: Team, name: str = "team_detail") -> str:
    return reverse(name, args=[team.key])


def crumbs_to(team: Team) -> list[tuple[str, str]]:
    return [("Teams", reverse("team_list")), (team.name, team_url(team))]


def team_for(request: HttpRequest, key: str, service: Service) -> tuple[Person, Team]:
    """The reader, and the team that they may use `service` on. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    team: Team = access.team_for(reader, key)
    require(service, reader, team)
    return reader, team


@form_view
def team_new(request: HttpRequest) -> HttpResponse:
    """`?parent=` preselects the parent team by key."""
    reader = reader_of(request)
    require(create_team, reader)
    words, above = sought(request), asked_key(request.GET, "parent")
    places = team_places(search=words or "", chosen=asked_key(request.POST, "parent") or above)
    form = TeamForm(sent(request), initial={"parent": above}, places=places)
    page = FormPage(
        title="New team",
        lede=NEW,
        form=form,
        action_label="Make the team",
        cancel_url=reverse("team_list"),
        crumbs=[("Teams", reverse("team_list"))],
        template="form_find.html",
        extra=_found(words, places),
    )

    def make() -> Team:
        return create_team(
            actor=reader, at=now(), name=form.cleaned_data["name"], parent=_chosen(places, form.cleaned_data["parent"])
        )

    def done(team: Team) -> Success:
        return Success(f"{team} is there. Say next what it is for, and who is on it.", team_url(team))

    return page.handle(request, save=make, done=done, searching=words is not None)


@form_view
def team_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, team = team_for(request, key, edit_team)
    form = TeamNameForm(posted(request), initial={"name": team.name, "version": team.version})
    page = FormPage(
        title=f"Rename {team}",
        lede="Its address keeps the old name’s key, so that links to it go on working.",
        form=form,
        action_label="Save",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
    )

    def rename() -> Team:
        return edit_team(team, actor=reader, at=now(), version=form.opened_version, name=form.cleaned_data["name"])

    return page.handle(request, save=rename, done=lambda row: saved(team, row, f"The team is called {row} now."))


@form_view
def team_position(request: HttpRequest, key: str) -> HttpResponse:
    """Moves the team; words describe the effect, as no figure of the team alone changes."""
    reader, team = team_for(request, key, move_team)
    words, above = sought(request), _above(team)
    parent_key = above.key if above else ""
    places = team_places(search=words or "", chosen=asked_key(request.POST, "parent") or parent_key, without=team)
    form = PositionForm(sent(request), initial={"parent": parent_key, "version": team.version}, places=places)
    page = FormPage(
        title=f"Move {team}",
        lede=_what_moves(team, above),
        form=form,
        action_label="Move it",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        template="form_find.html",
        extra=_found(words, places),
    )

    def move() -> Team:
        parent = _chosen(places, form.cleaned_data["parent"])
        return move_team(team, actor=reader, at=now(), version=form.opened_version, parent=parent)

    return page.handle(
        request,
        save=move,
        done=lambda row: saved(team, row, _where_it_is(row)),
        searching=words is not None,
    )


@form_view
def team_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, team = team_for(request, key, remove_team)
    held = holdings(team)
    form = VersionedForm(posted(request), initial={"version": team.version})
    page = FormPage(
        title=f"Remove {team}",
        lede="" if held else "Its mission, its stance and who is on it go with it. This cannot be undone.",
        form=form,
        action_label=f"Remove {team}",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        danger=True,
        template="teams/team_removal.html",
        extra={"team": team, "held": held, "why": held.sentence(team.name) if held else ""},
    )

    def remove() -> Team:
        return remove_team(team, actor=reader, at=now(), version=form.opened_version)

    return page.handle(request, save=remove, done=lambda row: Success(f"{row} is removed.", reverse("team_list")))


def saved(before: Team, row: Team, text: str) -> Success:
    """Redirects to the team, with a message that offers undo."""
    return edited(before, row, text, team_url(row), undo=team_url(row, "team_undo"))


def _chosen(places: Places, key: str) -> Team | None:
    return next((team for team, _above in places if team.key == key), None)


def _found(words: str | None, places: Places) -> dict[str, Any]:
    """What form_find.html shows of a search for teams."""
    count = sum(contains_words(team.name, words or "") for team, _above in places)
    return found_text(words, count, "team", "teams", CHOOSE)


def _what_moves(team: Team, above: Team | None) -> str:
    now = f"Its work counts in the sums of {above} and above" if above else "It is at the top, in no team’s sums"
    stay = "Its own coverage and flags stay as they are, and so do the company’s figures."
    away = " Below a team that is not here yet, nothing is asked of it." if not teams_here().all_here else ""
    return f"{now}; moved, it counts in those of its new place. {stay}{away}"


def _where_it_is(team: Team) -> str:
    above = _above(team)
    if above is None:
        return f"{team} is at the top now: its work counts in its own sums only, and in the company’s."
    return f"{team} is below {above} now, and its work counts there and above."


def _above(team: Team) -> Team | None:
    return Team.objects.filter(pk=team.parent_id).first() if team.parent_id else None
