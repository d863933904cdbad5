"""Marks a team as not here yet, and as here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import Success, click, edited, seen_version
from lib.http.access import query
from lib.services.dates import now
from teams.models import Team
from teams.selectors.presence import is_here
from teams.services.presence import set_presence
from web.teams.editing import team_for, team_url

ROLLOUT = "rollout"
"""The field with the query string of the page of the rollout, where that has the button."""


@require_POST
def team_absence(request: HttpRequest, key: str) -> HttpResponse:
    return _mark(request, key, here=False)


@require_POST
def team_arrival(request: HttpRequest, key: str) -> HttpResponse:
    return _mark(request, key, here=True)


def _mark(request: HttpRequest, key: str, *, here: bool) -> HttpResponse:
    reader, team = team_for(request, key, set_presence)
    version, url = seen_version(request), _back(request, team)

    def done(row: Team) -> Success:
        return edited(team, row, marked_text(row), url, undo=team_url(row, "team_undo"))

    return click(
        request, lambda: set_presence(team, actor=reader, at=now(), version=version, is_here=here), url, done=done
    )


def marked_text(team: Team) -> str:
    if not team.is_here:
        return f"{team} is not here yet: nothing is asked of it and of the teams below it."
    if is_here(team):
        return f"{team} is here: flags about it and its work are raised again."
    return f"{team} is here once the teams above it are."


def _back(request: HttpRequest, team: Team) -> str:
    if ROLLOUT not in request.POST:
        return team_url(team)
    params = QueryDict(request.POST[ROLLOUT]).dict()
    place = query({name: str(value) for name, value in params.items()}) if params else ""
    return reverse("person_rollout") + place
