"""What happened: with one thing, by one person, and in the whole company."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.access import link_for
from alignment.selectors.initiatives import goal_options
from alignment.selectors.timeline import belonging_to, timeline
from lib.http.access import query
from lib.log.kinds import Ref
from lib.paging.keyset import keyset_page
from lib.text.isolation import isolated
from strategy.access import goal_for, strategy_for
from strategy.selectors.whereabouts import told_apart
from teams.access import initiative_for, person_for, team_for
from teams.models import Person
from teams.selectors.teams import team_options
from web.filters import asked_key
from web.history.drawing import days_of, period_of
from web.history.forms import FeedFilter, HistoryFilter
from web.readers import reader_of, zone_of

SIZE = 30
Crumbs = list[tuple[str, str]]


@require_safe
def history_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    teams = team_options(asked_key(request.GET, "team"))
    asked = asked_key(request.GET, "goal")
    goals = goal_options(reader, asked)
    if moved := next((goal.key for goal in goals if asked and goal.first_key == asked != goal.key), ""):
        return redirect(request.path + query(request.GET, goal=moved), permanent=True)
    form = FeedFilter(request.GET, teams=teams, goals=goals, labels=told_apart(goals, reader))
    return _shown(request, reader, form, title="What happened")


@require_safe
def strategy_history(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    row = strategy_for(reader, key)
    crumbs = [("Strategy", reverse("strategy_list")), (row.title, reverse("strategy_detail", args=[row.key]))]
    return _of(request, reader, ("strategy", row.pk), f"“{row}”", crumbs)


@require_safe
def goal_history(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    row = goal_for(reader, key=key)
    crumbs = [("Strategy", reverse("strategy_list")), (row.title, reverse("goal_detail", args=[row.key]))]
    return _of(request, reader, ("goal", row.pk), f"“{row}”", crumbs)


@require_safe
def initiative_history(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    row = initiative_for(reader, key=key)
    return _of(request, reader, ("initiative", row.pk), f"“{row}”", _of_work(row))


@require_safe
def link_history(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    row = link_for(reader, pk)
    title = f"the bet that “{row.initiative}” moves “{row.goal}”"
    return _of(request, reader, ("link", row.pk), title, _of_work(row.initiative))


@require_safe
def team_history(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    row = team_for(reader, key)
    crumbs = [("Teams", reverse("team_list")), (row.name, reverse("team_detail", args=[row.key]))]
    return _of(request, reader, ("team", row.pk), isolated(row.name), crumbs)


@require_safe
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    row = person_for(reader, pk)
    crumbs = [("People", reverse("person_list")), (row.name, reverse("person_detail", args=[row.pk]))]
    return _of(request, reader, ("person", row.pk), isolated(row.name), crumbs)


def _of_work(row: Any) -> Crumbs:
    return [("Initiatives", reverse("initiative_list")), (row.title, reverse("initiative_detail", args=[row.key]))]


def _of(request: HttpRequest, reader: Person, thing: Ref, name: str, crumbs: Crumbs) -> HttpResponse:
    form = HistoryFilter(request.GET, {})
    return _shown(request, reader, form, thing, title=f"History of {name}", crumbs=crumbs)


def _shown(
    request: HttpRequest, reader: Person, form: HistoryFilter, *things: Ref, title: str, crumbs: Crumbs | None = None
) -> HttpResponse:
    rows = timeline(reader, *map(belonging_to, things), *form.matching(zone_of(reader)))
    page = keyset_page(rows, order=("-id",), params=request.GET, size=SIZE)
    days, words = days_of(page.rows, reader, request.GET), form.words()
    return render(
        request,
        "history/history_list.html",
        {
            "title": title,
            "crumbs": crumbs or [],
            "form": form,
            "page": page,
            "days": days,
            "count_text": period_of(days),
            "active": [
                (label, request.path + query(request.GET, **{name: None, "after": None}))
                for name, label in words.items()
            ],
        },
    )
