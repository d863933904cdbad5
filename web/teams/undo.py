"""Undoes the last edit of a team."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from lib.forms.pages import seen_version, undo
from lib.services.dates import now
from teams.services.teams import edit_team
from teams.services.undo import undo as undo_change
from web.teams.editing import team_for, team_url


@require_POST
def team_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Undoes the reader's own edit that led to `?version=`, where nothing has changed since."""
    reader, team = team_for(request, key, edit_team)
    version = seen_version(request)
    return undo(request, lambda: undo_change(team, actor=reader, at=now(), version=version), team_url(team))
