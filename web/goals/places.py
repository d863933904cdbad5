"""Moves a goal in two steps: the reader chooses the new place (`?to=`), then confirms the move beside its effect.

A place is the key of a goal, `strategy:<key>` for the top of a strategy, or `team:<key>` for the top of a team's own
goals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from alignment.effects import figures_day, moving
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.errors import RefusedError
from lib.services.permissions import require
from strategy.access import goal_for, strategy_for
from strategy.enums import EditKind, StrategyStatus
from strategy.models import AmendmentEdit, Goal, Strategy
from strategy.selectors.editions import makes_editions
from strategy.selectors.goals import Above, above
from strategy.selectors.places import goals_above, open_strategies
from strategy.selectors.whereabouts import whereabouts
from strategy.services.goal_rules import check_place
from strategy.services.goals import move_goal
from teams.models import Person
from web.amendments.planning import planning_goal
from web.goals.views import crumbs
from web.readers import reader_of
from web.strategy.common import to_goal, values_of
from web.strategy.forms import ask_why, reason_in

STRATEGY, TEAM = "strategy:", "team:"
SIZE = 25


@dataclass(frozen=True)
class Place:
    """`name` as in "below “Growth”"."""

    to: str
    name: str
    parent: Goal | None = None
    strategy: Strategy | None = None


@dataclass(frozen=True)
class Offered:
    label: str
    note: str
    url: str


@form_view
def goal_position(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = goal_for(reader, key=key)
    require(move_goal, reader, goal)
    line = above(reader, goal)
    place = _place(request.GET.get("to", ""), reader, goal)
    if place is None:
        return _offer(request, reader, goal, line)
    try:
        check_place(goal, place.parent, place.strategy)
    except RefusedError as refusal:
        return _offer(request, reader, goal, line, refusal=str(refusal))
    return _move(request, reader, goal, line, place)


def _place(to: str, reader: Person, goal: Goal) -> Place | None:
    """None where none was chosen. Raises Http404 where it does not exist for this reader."""
    if not to:
        return None
    if "\x00" in to:
        raise Http404
    if to.startswith(STRATEGY):
        strategy = strategy_for(reader, to.removeprefix(STRATEGY))
        return Place(to, f"to the top of “{strategy}”", strategy=strategy)
    if to.startswith(TEAM):
        if goal.team is None or goal.team.key != to.removeprefix(TEAM):
            raise Http404
        return Place(to, f"to the top of {goal.team}’s own goals")
    parent = goal_for(reader, key=to)
    return Place(to, f"below “{parent}”", parent=parent)


def _move(request: HttpRequest, reader: Person, goal: Goal, line: Above, place: Place) -> HttpResponse:
    """An undo posts its version in the address."""
    undoes = "version" in request.GET
    plan = planning_goal(reader, goal, EditKind.MOVE)
    form = VersionedForm(_sent(request), initial={"version": plan.shown.version})
    if makes_editions(goal):
        ask_why(form, at_once=True, planned=plan.is_offered)
    page = FormPage(
        title=f"Move “{goal}” {place.name}",
        form=form,
        action_label="Move it",
        cancel_url=reverse("goal_position", args=[goal.key]),
        lede="All goals below it move with it, and so does the work linked to them.",
        crumbs=_crumbs(goal, line),
    )
    plan.offer(page, at_once="Move it now")
    to: dict[str, Any] = {"parent": place.parent, "strategy": place.strategy}

    def move(version: int) -> Goal:
        return move_goal(goal, **to, actor=reader, at=now(), version=version, **reason_in(form))

    def save() -> Goal | AmendmentEdit:
        return move(form.opened_version) if undoes else plan.save(request, form.opened_version, move, to)

    def done(row: Goal) -> Success:
        undo = _way_back(goal, line, row.version)
        return Success(f"The goal is moved {place.name}.", to_goal(reader, goal), undo=undo)

    def prepare() -> None:
        page.effect = moving(goal, **to, reader=reader, on=figures_day(now()))

    return page.handle(
        request, save=save, done=plan.done(done), current=lambda row: values_of(plan.now(row)), prepare=prepare
    )


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    typed = posted(request)
    if typed is None:
        return None
    return typed.dict() | {"version": typed.get("version") or request.GET.get("version")}


def _way_back(goal: Goal, line: Above, version: int) -> str:
    """The address that moves it back to where `line` found it, '' where the reader may not see that place."""
    if goal.parent_id is not None:
        to = line.goals[-1].key if line.goals[-1] else ""
    elif goal.team is not None:
        to = f"{TEAM}{goal.team.key}"
    else:
        archived = line.strategy is None or line.strategy.status == StrategyStatus.ARCHIVED
        to = "" if archived or line.strategy is None else f"{STRATEGY}{line.strategy.key}"
    address = reverse("goal_position", args=[goal.key])
    return f"{address}?{urlencode({'to': to, 'version': str(version)})}" if to else ""


def _offer(request: HttpRequest, reader: Person, goal: Goal, line: Above, *, refusal: str = "") -> HttpResponse:
    """Lists the places to choose from, with status 422 where the chosen one was refused."""
    search = request.GET.get("q", "").replace("\x00", "")
    found = goals_above(reader, goal, search=search)
    page = keyset_page(found, order=("title__folded", "id"), params=request.GET, size=SIZE)
    context: dict[str, Any] = {
        "goal": goal,
        "crumbs": _crumbs(goal, line),
        "refusal": refusal,
        "search": search,
        "tops": [] if page.first_url else _tops(request, reader, goal),
        "offered": _offered(request, reader, page.rows),
        "page": page,
    }
    return render(request, "goals/goal_position.html", context, status=422 if refusal else 200)


def _tops(request: HttpRequest, reader: Person, goal: Goal) -> list[Offered]:
    if goal.team is not None:
        if goal.parent_id is None:
            return []
        name = f"The top of {goal.team}’s own goals"
        return [Offered(name, "It reaches no strategy from there.", _choose(request, f"{TEAM}{goal.team.key}"))]
    return [
        Offered(f"The top of “{row}”", row.get_status_display(), _choose(request, f"{STRATEGY}{row.key}"))
        for row in open_strategies(reader)
        if row.pk != goal.strategy_id
    ]


def _offered(request: HttpRequest, reader: Person, rows: list[Goal]) -> list[Offered]:
    places = whereabouts(rows, reader)
    return [
        Offered(row.title, f"in {places[row.pk]}" if places[row.pk] else "", _choose(request, row.key)) for row in rows
    ]


def _choose(request: HttpRequest, to: str) -> str:
    return query(request.GET, to=to, q=None, after=None)


def _crumbs(goal: Goal, line: Above) -> list[tuple[str, str]]:
    return [*crumbs(line), (goal.title, reverse("goal_detail", args=[goal.key]))]
