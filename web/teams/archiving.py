"""Archives a team and restores it, and lists those that are archived."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from alignment.effects import Effect, figures_day
from alignment.team_effects import archiving_team
from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, form_view, seen_version
from lib.services.dates import now
from lib.text.counts import counted, plural
from strategy.selectors.archiving import GoesOn, goes_on, work_of
from strategy.services.archiving import Archival, archive_team, fates_of, restore_team
from teams.models import Person, Team
from teams.selectors.teams import archived_teams, names_above, teams_near
from web.readers import reader_of
from web.teams.archive_forms import TO, ArchivalForm, moved_and_ended
from web.teams.editing import CHOOSE, crumbs_to, team_for, team_url

KEEPS = (
    "It asks nothing of anybody any more and is offered nowhere; no figure counts it, and no digest speaks of it. Its "
    "page stays, with what it finished and who was on it. It can be restored."
)
BACK = "{} is back, as it was archived and with its people. What went elsewhere or ended stays so."


@form_view
def team_archival(request: HttpRequest, key: str) -> HttpResponse:
    """Asks what becomes of its work that goes on, for each piece or for all."""
    reader, team = team_for(request, key, archive_team)
    words, held = sought(request), goes_on(team)
    places = teams_near(team, search=words or "", chosen=_chosen(request))
    form = ArchivalForm(sent(request), initial={"version": team.version}, held=held, places=places)
    found = sum(contains_words(other.name, words or "") for other, _above in places)
    page = FormPage(
        title=f"Archive {team}",
        lede=KEEPS,
        form=form,
        action_label=f"Archive {team}",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        danger=True,
        template="teams/team_archival.html",
        extra={
            "team": team,
            "held": held,
            "rows": form.rows(held.work),
            "refused": _refused(team, held),
            "goals": _goals(held),
            "asks": _asks(held),
            **found_text(words, found, "team", "teams", CHOOSE),
        },
    )

    def archive() -> Archival:
        fates, others = form.fates(held.work), form.others_fate()
        return archive_team(
            team, actor=reader, at=now(), version=form.opened_version, fates=fates, others=others, reason=form.why()
        )

    return page.handle(
        request,
        save=archive,
        done=_archived,
        weigh=lambda: _effect(team, form, held, reader),
        searching=words is not None,
    )


def _archived(archival: Archival) -> Success:
    row = archival.team
    undo = f"{team_url(row, 'team_restoration')}?version={row.version}"
    return Success(archival.sentence, team_url(row), undo=undo)


def _effect(team: Team, form: ArchivalForm, held: GoesOn, reader: Person) -> Effect:
    work = work_of(team).values_list("pk", flat=True)
    moved, ended = moved_and_ended(fates_of(work, form.fates(held.work), form.others_fate()))
    return archiving_team(team, moved=moved, ended=ended, reader=reader, on=figures_day(now()))


@require_POST
def team_restoration(request: HttpRequest, key: str) -> HttpResponse:
    """With `?version=`, undoes the archiving that led to it."""
    reader, team = team_for(request, key, restore_team)
    version = seen_version(request)
    return click(
        request,
        lambda: restore_team(team, actor=reader, at=now(), version=version),
        team_url(team),
        done=lambda row: Success(BACK.format(row), team_url(row)),
    )


@require_safe
def archived_team_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    page = archived_teams(request.GET)
    above = names_above(page.rows)
    context = {
        "crumbs": [("Teams", reverse("team_list"))],
        "page": page,
        "rows": [(team, " / ".join(above[team.pk])) for team in page.rows],
        "may_restore": reader.has_perm("teams.archive_team"),
    }
    return render(request, "teams/archived_team_list.html", context)


def _chosen(request: HttpRequest) -> list[str]:
    """The keys of the teams that are chosen in the form."""
    values: Any = request.POST.values()
    return [value.removeprefix(TO) for value in values if value.startswith(TO)]


def _refused(team: Team, held: GoesOn) -> str:
    """Why it cannot be archived as things are; '' where it can."""
    if team.archived_on is not None:
        return f"{team} is archived already."
    if held.teams:
        them = plural(held.teams, "it", "them")
        return f"{team} has {counted(held.teams, 'sub-team')}. Archive {them} first, or move {them} elsewhere."
    return ""


def _goals(held: GoesOn) -> str:
    if not held.goals:
        return ""
    goals = counted(held.goals, "goal of its own is active", "goals of its own are active")
    return f"{goals}, and {plural(held.goals, 'is', 'are')} closed as dropped, for the reason that you give."


def _asks(held: GoesOn) -> str:
    if not held.asks:
        return ""
    asks = counted(held.asks, "ask for its support is open", "asks for its support are open")
    return f"{asks}, and {plural(held.asks, 'is', 'are')} declined. Those who asked are told."
