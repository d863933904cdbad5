"""The list of initiatives, and one initiative with its line of sight."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.enums import HOUSEKEEPING, FlagCode
from alignment.selectors.company import company_now
from alignment.selectors.initiatives import (
    AlignedWork,
    aligned_work,
    goal_options,
    initiative_flags,
    initiative_page,
    initiative_pages,
    is_rare,
    parts_of,
    sortable,
)
from alignment.selectors.line_of_sight import lines_of_sight
from alignment.views.lines import line_of_sight, worked_parts
from alignment.views.wording import FLAG_WORDS, flag_view
from lib.counting import capped_count, count_text
from lib.http import query, visible_or_404
from lib.numbers import number
from strategy.models import Goal
from teams.enums import InitiativeStatus
from teams.forms.filters import YES, WorkFilter, asked_key
from teams.models import Person, Team
from teams.selectors.teams import initiative_asks, team_options
from teams.views.readers import reader_of

SIZED = {YES: True, "no": False}
QUIET = HOUSEKEEPING | {FlagCode.ORPHAN, FlagCode.PARTLY_ORPHANED}
"""Flags that a row does not name: its bar and its goals say so already, or they are housekeeping."""


@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    reader, now = reader_of(request), company_now()
    teams = team_options(asked_key(request.GET, "team"))
    goals = goal_options(reader, asked_key(request.GET, "goal"))
    form = WorkFilter(request.GET, teams=teams, goals=goals)
    work = _work(form.given(), teams, goals, reader)
    sort = request.GET.get("sort", "")
    known = not sort or sortable(sort, work.status)
    rows = aligned_work(work, reader)
    order = sort if sort and known else "title"
    page = initiative_page(rows, reader, sort=order, gathered=is_rare(work), params=request.GET)
    listed = [work_row(initiative, now.company.default_effort) for initiative in page.rows]
    context = {
        "form": form,
        "as_of": now.as_of,
        "sort": (sort if known else "") or "title",
        "kept_sort": sort if known else "",
        "sort_note": "" if known else _sort_note(sort),
        "page": page,
        "rows": listed,
        "any_unsized": any(row["unsized"] for row in listed),
        "default_effort": float(now.company.default_effort),
        "count_text": count_text(capped_count(rows), "initiative", "initiatives"),
        "active": _active(request, form),
        "filtered": bool(form.given()),
        "part_hidden": work.goal is not None and not reader.sees_everything,
        "by_figures": work.status == InitiativeStatus.ACTIVE,
    }
    return render(request, "teams/initiative_list.html", context)


def _work(given: dict[str, str], teams: list[Team], goals: list[Goal], reader: Person) -> AlignedWork:
    return AlignedWork(
        search=given.get("q", ""),
        status=given.get("status", InitiativeStatus.ACTIVE),
        kind=given.get("kind", ""),
        origin=given.get("origin", ""),
        sized=SIZED.get(given.get("sized", "")),
        team=next((team for team in teams if team.key == given.get("team")), None),
        own=given.get("own") == YES,
        of=reader if given.get("mine") == YES else None,
        goal=next((goal for goal in goals if goal.key == given.get("goal")), None),
        part=given.get("part", ""),
        flag=given.get("flag", ""),
    )


def _sort_note(sort: str) -> str:
    if sortable(sort, InitiativeStatus.ACTIVE):
        return "Only active work has figures to sort by, so the list is by title."
    return "There is no such order, so the list is by title."


def _active(request: HttpRequest, form: WorkFilter) -> list[tuple[str, str]]:
    words = form.words()
    if "team" not in words:
        words.pop("own", None)
    return [(label, query(request.GET, **{name: None, "after": None})) for name, label in words.items()]


def work_row(initiative: Any, default_effort: Any) -> dict[str, Any]:
    """A row of a list of initiatives (of `initiative_page`): what teams/_initiative_rows.html shows."""
    figures = parts_of(initiative)
    seen = [goal for goal in initiative.goals if goal["seen"]]
    codes = [FlagCode(code) for code in initiative.codes]
    size = initiative.effort if initiative.effort is not None else default_effort
    return {
        "initiative": initiative,
        "parts": figures,
        "goals": seen[:3],
        "more_goals": len(initiative.goals) > 3,
        "hidden_goals": len(initiative.goals) - len(seen),
        "effort": number(float(size)),
        "unsized": initiative.effort is None,
        "findings": [code.label for code in codes if code not in QUIET],
    }


@require_safe
def initiative_detail(request: HttpRequest, key: str) -> HttpResponse:
    reader, now = reader_of(request), company_now()
    initiative: Any = visible_or_404(initiative_pages(), reader, key=key)
    figures = parts_of(initiative)
    sights = lines_of_sight(initiative, reader, effort=figures.effort if figures else 0.0)
    flags = initiative_flags(initiative)
    context = {
        "initiative": initiative,
        "as_of": now.as_of,
        "default_effort": float(now.company.default_effort),
        "crumbs": _crumbs(initiative),
        "chips": [("Status", initiative.status, initiative.get_status_display())],
        "parts": figures,
        "worked": worked_parts(initiative, figures, sights) if figures else None,
        "lines": [line_of_sight(initiative, sight) for sight in sights],
        "flags": [flag_view(flag.code, flag.first_seen) for flag in flags if flag.code not in HOUSEKEEPING],
        "keeping": [FLAG_WORDS[FlagCode(flag.code)] for flag in flags if flag.code in HOUSEKEEPING],
        "asks": initiative_asks(initiative.pk),
    }
    return render(request, "teams/initiative_detail.html", context)


def _crumbs(initiative: Any) -> list[tuple[str, str]]:
    above = [(row["name"], reverse("team_detail", args=[row["key"]])) for row in initiative.chain]
    return [("Teams", reverse("team_list")), *above]
