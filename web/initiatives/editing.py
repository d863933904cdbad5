"""Creates and edits an initiative, and changes its kind and its status."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from alignment.effects import Effect, editing, figures_day
from alignment.work_effects import starting
from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, edited, form_view, posted, seen_version, undo
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.permissions import require
from teams import access
from teams.enums import InitiativeKind, InitiativeStatus
from teams.labels import joined
from teams.models import Initiative, Person, Team
from teams.selectors.company import company_day
from teams.selectors.initiatives import contributors_of, labels_in_use
from teams.selectors.teams import BY_NAME, OPTIONS, names_above, team_matches, team_places
from teams.selectors.work import similar_work, teams_worked_on
from teams.services.initiatives import (
    change_status,
    confirm_initiative,
    create_initiative,
    declare_kind,
    edit_initiative,
)
from teams.services.undo import undo as undo_change
from web.filters import TeamSearch, asked_key
from web.initiatives.forms import ExplorationForm, InitiativeEditForm, InitiativeForm, KindForm, StatusForm
from web.initiatives.similar import similar_said, title_in
from web.people.naming import offer_people
from web.readers import reader_of
from web.teams.editing import CHOOSE, crumbs_to, team_for
from web.teams.forms import Places

TEAMS_SHOWN = 50
LABELS_NAMED = 15
USUAL = dt.timedelta(weeks=6)
"""The default length of an exploration."""
NOBODY_AGREES = "Nobody has to agree: the team says what it is, and why."
NEXT = {
    InitiativeKind.GOAL: "Say next which goal it moves.",
    InitiativeKind.EXPLORE: "It counts as exploring until its end, once it is active.",
    InitiativeKind.SUSTAIN: "It counts as sustaining, once it is active.",
}
WAYS = {
    InitiativeStatus.PROPOSED: "Start or drop it",
    InitiativeStatus.ACTIVE: "Pause, finish or drop it",
    InitiativeStatus.PAUSED: "Resume, finish or drop it",
    InitiativeStatus.DONE: "Reopen it",
    InitiativeStatus.DROPPED: "Reopen it",
}
"""The label of the link to the status page, by current status."""


def initiative_url(initiative: Initiative, name: str = "initiative_detail") -> str:
    return reverse(name, args=[initiative.key])


def crumbs_of(initiative: Initiative) -> list[tuple[str, str]]:
    return [*crumbs_to(initiative.team), (initiative.title, initiative_url(initiative))]


def initiative_for(request: HttpRequest, key: str) -> tuple[Person, Initiative]:
    """The reader, and the initiative that they may edit. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    return reader, work_of(reader, key=key)


def work_of(reader: Person, **lookup: Any) -> Initiative:
    """The initiative that `lookup` names, which `reader` may edit. Raises Http404, PermissionDenied."""
    initiative: Initiative = access.initiative_for(reader, **lookup)
    require(edit_initiative, reader, initiative)
    return initiative


@require_safe
def initiative_start(request: HttpRequest) -> HttpResponse:
    """Asks for which team; a person who works on only one is redirected."""
    reader = reader_of(request)
    require("teams.start_initiative", reader)
    form = TeamSearch(request.GET, {})
    search = form.given().get("q", "")
    teams = team_matches(teams_worked_on(reader), search)
    page = keyset_page(teams, order=BY_NAME, params=request.GET, size=TEAMS_SHOWN)
    if len(page.rows) == 1 and not request.GET:
        return redirect("initiative_new", page.rows[0].key)
    above = names_above(page.rows)
    context = {
        "form": form,
        "search": search,
        "crumbs": [("Initiatives", reverse("initiative_list"))],
        "page": page,
        "rows": [(team, " / ".join(above[team.pk])) for team in page.rows],
        "searches": bool(search or page.next_url or page.first_url),
    }
    return render(request, "initiatives/initiative_start.html", context)


@form_view
def initiative_new(request: HttpRequest, key: str) -> HttpResponse:
    """Creates one for the team with this key."""
    reader, team = team_for(request, key, create_initiative)
    form = InitiativeForm(posted(request), owner=reader, assigns=reader.has_perm("teams.assign_initiative"))
    _offer(form, team)
    page = FormPage(
        title="New initiative",
        lede=f"A piece of work that {team} takes on. Its address is made from its title.",
        form=form,
        action_label="Make it",
        cancel_url=reverse("team_detail", args=[team.key]),
        crumbs=crumbs_to(team),
        template="initiatives/initiative_form.html",
        extra={"is_new": True},
    )

    def make() -> Initiative:
        return create_initiative(team, actor=reader, at=now(), **form.cleaned_data)

    def prepare() -> None:
        page.extra = {**page.extra, "similar": similar_work(title_in(posted(request) or request.GET), reader)}

    def done(row: Initiative) -> Success:
        text = f"{row} is there. {NEXT[InitiativeKind(row.kind)]} {similar_said(row, reader)}"
        return Success(text.strip(), initiative_url(row))

    return page.handle(
        request,
        save=make,
        done=done,
        prepare=prepare,
        weigh=lambda: starting(make, reader=reader, at=now()),
        tries=False,
    )


@form_view
def initiative_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Edits its values and its team; its kind and its status have pages of their own."""
    reader, initiative = initiative_for(request, key)
    words = sought(request)
    places, finds = _places(reader, initiative, request, words)
    form = InitiativeEditForm(
        sent(request),
        initial=_values(initiative),
        owner=initiative.owner,
        assigns=reader.has_perm("teams.assign_initiative"),
        places=places,
        finds=finds,
    )
    _offer(form, initiative.team)
    count = sum(team_is_called(team, words) for team, _above in places)
    page = _page(
        initiative,
        title=f"Edit {initiative}",
        form=form,
        action_label="Save",
        template="initiatives/initiative_form.html",
        extra=found_text(words, count, "team", "teams", CHOOSE),
    )

    def values() -> dict[str, Any]:
        typed = form.values()
        typed.pop("find", None)
        if "team" in typed:
            typed["team"] = next(team for team, _above in places if team.key == typed["team"])
        return typed

    return page.handle(
        request,
        save=lambda: edit_initiative(initiative, actor=reader, at=now(), version=form.opened_version, **values()),
        done=lambda row: _saved(initiative, row, "Saved."),
        current=_values,
        weigh=lambda: _weighed(initiative, reader, values()),
        searching=words is not None,
    )


def _offer(form: InitiativeForm | InitiativeEditForm, team: Team) -> None:
    """People of `team` first, and the labels that there are."""
    for name in ("owner", "contributors"):
        offer_people(form, name, team=team.key)
    if used := labels_in_use(LABELS_NAMED):
        form.fields["labels"].help_text += f" In use: {joined(used)}."


def _weighed(initiative: Initiative, reader: Person, values: dict[str, Any]) -> Effect:
    return editing(initiative, values, reader=reader, on=figures_day(now()))


def _places(reader: Person, initiative: Initiative, request: HttpRequest, words: str | None) -> tuple[Places, bool]:
    """The teams the reader may move it to, and whether they may search for more: leaders may."""
    if reader.sees_everything:
        chosen = asked_key(request.POST, "team") or initiative.team.key
        return _with(initiative.team, team_places(search=words or "", chosen=chosen)), True
    if not reader.has_perm("teams.work_on", initiative.team):
        return [], False
    teams = list(teams_worked_on(reader).order_by(*BY_NAME)[:OPTIONS])
    above = names_above(teams)
    return _with(initiative.team, [(team, above[team.pk]) for team in teams]), False


def _with(team: Team, places: list[tuple[Team, list[str]]]) -> Places:
    """`places`, with `team` added if missing."""
    if any(place.pk == team.pk for place, _above in places):
        return places
    return [*places, (team, names_above([team])[team.pk])]


def team_is_called(team: Team, words: str | None) -> bool:
    return contains_words(team.name, words or "")


def _values(initiative: Initiative) -> dict[str, Any]:
    """Initial values of the form."""
    names = ("title", "problem", "starts_on", "ends_on", "owner", "labels", "url", "origin", "learned", "version")
    values = {name: getattr(initiative, name) for name in names} | {"contributors": contributors_of(initiative)}
    effort = initiative.effort
    return values | {"team": initiative.team.key, "effort": effort and effort.normalize().__format__("f")}


@form_view
def initiative_kind(request: HttpRequest, key: str) -> HttpResponse:
    """Declares it an exploration or upkeep, or goal work again."""
    reader, initiative = initiative_for(request, key)
    names = ("kind", "declaration", "ends_on", "version")
    form = KindForm(posted(request), initial={name: getattr(initiative, name) for name in names})
    page = _page(
        initiative,
        title="What kind of work is it?",
        lede=NOBODY_AGREES,
        form=form,
        action_label="Declare it",
    )
    return _declared(request, reader, initiative, page)


def exploration(request: HttpRequest, reader: Person, initiative: Initiative) -> HttpResponse:
    """Declares it an exploration; unless it has an end ahead, USUAL from today is suggested."""
    day = _day()
    ends_on = initiative.ends_on
    if ends_on is None or ends_on < day:
        ends_on = day + USUAL
    values = {"declaration": initiative.declaration, "ends_on": ends_on, "version": initiative.version}
    page = _page(
        initiative,
        title=f"Declare “{initiative}” an exploration",
        lede=NOBODY_AGREES,
        form=ExplorationForm(posted(request), initial=values),
        action_label="Declare it an exploration",
        focused=True,
    )
    return _declared(request, reader, initiative, page)


def _declared(request: HttpRequest, reader: Person, initiative: Initiative, page: FormPage) -> HttpResponse:
    form: Any = page.form
    return page.handle(
        request,
        save=lambda: declare_kind(initiative, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: _saved(initiative, row, f"It is declared: {row.get_kind_display().lower()}."),
        weigh=lambda: _weighed(initiative, reader, _of_kind(form.values())),
    )


def _of_kind(values: dict[str, Any]) -> dict[str, Any]:
    """Only an exploration is given the day on which it ends, and goal work declares nothing."""
    kind = values["kind"]
    explores = kind == InitiativeKind.EXPLORE
    told = {**values, "declaration": "" if kind == InitiativeKind.GOAL else values["declaration"]}
    return {name: value for name, value in told.items() if explores or name != "ends_on"}


def _day() -> dt.date:
    return company_day(now())


@form_view
def initiative_status(request: HttpRequest, key: str) -> HttpResponse:
    reader, initiative = initiative_for(request, key)
    status = InitiativeStatus(initiative.status)
    form = StatusForm(
        posted(request), initial={"version": initiative.version, "learned": initiative.learned}, status=status
    )
    page = _page(
        initiative,
        title=WAYS[status].removesuffix(" it") + f" {initiative}",
        lede=f"It is {status.label.lower()} now.",
        form=form,
        action_label="Save",
        template="initiatives/initiative_status.html",
        extra={"removal_url": initiative_url(initiative, "initiative_removal")},
    )
    return page.handle(
        request,
        save=lambda: change_status(initiative, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: _saved(initiative, row, f"{row} is {row.get_status_display().lower()} now."),
        weigh=lambda: _weighed(initiative, reader, form.values()),
    )


@require_POST
def initiative_confirmation(request: HttpRequest, key: str) -> HttpResponse:
    """Confirms that all of it is still true."""
    return confirmed_work(request, *initiative_for(request, key))


def confirmed_work(request: HttpRequest, reader: Person, initiative: Initiative) -> HttpResponse:
    version = seen_version(request)
    url = initiative_url(initiative)
    return click(
        request,
        lambda: confirm_initiative(initiative, actor=reader, at=now(), version=version),
        url,
        done="Thank you: it is confirmed as of today.",
    )


@require_POST
def initiative_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Undoes the edit that led to `?version=`, where nothing has changed since."""
    reader, initiative = initiative_for(request, key)
    version = seen_version(request)
    return undo(
        request,
        lambda: undo_change(initiative, actor=reader, at=now(), version=version),
        initiative_url(initiative),
    )


def _page(initiative: Initiative, **values: Any) -> FormPage:
    return FormPage(cancel_url=initiative_url(initiative), crumbs=crumbs_of(initiative), **values)


def _saved(before: Initiative, row: Initiative, text: str) -> Success:
    """Redirects to the initiative, with a message that offers undo."""
    return edited(before, row, text, initiative_url(row), undo=initiative_url(row, "initiative_undo"))
