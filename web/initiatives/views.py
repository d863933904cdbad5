"""The list of initiatives, and one initiative with its line of sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.enums import FlagCode
from alignment.flags import HOUSEKEEPING, NOT_COUNTING
from alignment.models import Flag, Link
from alignment.narrative.proposals import standing_text, waits
from alignment.rules import links_about
from alignment.selectors.company import CompanyNow, company_now
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
from alignment.selectors.line_of_sight import counting_links, lines_of_sight
from alignment.selectors.proposals import proposal_of, proposals_for
from alignment.selectors.successions import Succession, successions
from lib.db.counting import capped_count
from lib.http.access import query
from lib.services.dates import today
from lib.text.counts import count_text
from lib.text.numbers import number
from strategy.models import Goal
from strategy.selectors.whereabouts import told_apart
from teams.access import initiative_for
from teams.enums import GOES_ON, InitiativeStatus
from teams.labels import labels_of
from teams.models import Initiative, Person, Team
from teams.selectors.asks import initiative_asks
from teams.selectors.initiatives import labels_in_use
from teams.selectors.teams import team_options
from web.filters import YES, WorkFilter, asked_key
from web.flags.answers import answers, flag_view, snooze_view
from web.history.drawing import lately
from web.initiatives.editing import WAYS
from web.links.lines import line_of_sight, link_actions, worked_parts
from web.readers import reader_of
from web.support.steps import ask_row
from web.threads.asking import ask_url
from web.threads.subjects import conversations_about

LABELS_OFFERED = 100
SIZED = {YES: True, "no": False}
QUIET = HOUSEKEEPING | {FlagCode.ORPHAN, FlagCode.PARTLY_ORPHANED}
"""Flags that a row does not name: its bar and its goals say so already, or they are housekeeping."""


@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    reader, now = reader_of(request), company_now()
    teams = team_options(asked_key(request.GET, "team"))
    asked = asked_key(request.GET, "goal")
    goals = goal_options(reader, asked)
    if moved := next((goal.key for goal in goals if asked and goal.first_key == asked != goal.key), ""):
        return redirect(request.path + query(request.GET, goal=moved), permanent=True)
    labels = told_apart(goals, reader)
    titles = {goal.key: labels[goal.pk] for goal in goals}
    form = WorkFilter(request.GET, teams=teams, goals=titles, labels=labels_in_use(LABELS_OFFERED))
    work = _work(form.given(), teams, goals, reader)
    sort = request.GET.get("sort", "")
    known = not sort or sortable(sort, work.status)
    rows = aligned_work(replace(work, on=now.as_of), reader)
    order = sort if sort and known else "title"
    page = initiative_page(rows, reader, sort=order, gathered=is_rare(work), params=request.GET, on=now.as_of)
    listed = [work_row(initiative, now.company.default_effort) for initiative in page.rows]
    context = {
        "form": form,
        "as_of": now.as_of,
        "updating": now.updating,
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
        "may_start": reader.has_perm("teams.start_initiative"),
    }
    return render(request, "initiatives/initiative_list.html", context)


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
        label=given.get("label", ""),
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
    """A row for initiatives/_initiative_rows.html; `initiative` comes from `initiative_page`."""
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
    initiative: Any = initiative_for(reader, key=key, rows=initiative_pages())
    figures = parts_of(initiative)
    sights = lines_of_sight(initiative, reader, effort=figures.effort if figures else 0.0, params=request.GET)
    flags = initiative_flags(initiative)
    awake = [flag for flag in flags if not flag.is_snoozed(now.as_of)]
    counting = counting_links(initiative, reader, sights) if awake else []
    lost = any(flag.code in NOT_COUNTING for flag in awake)
    after = successions([initiative.pk], reader).get(initiative.pk, []) if lost else []
    carried = labels_of(initiative.labels)
    proposed = proposals_for([initiative.pk] if initiative.is_evidence else [], reader)
    context = {
        "initiative": initiative,
        "contributors": [Person(**row) for row in initiative.people],
        "labels": [(label, f"{reverse('initiative_list')}?{urlencode({'label': label})}") for label in carried],
        "status_title": f"Why it is {initiative.get_status_display().lower()}",
        "as_of": now.as_of,
        "updating": now.updating,
        "default_effort": float(now.company.default_effort),
        "crumbs": _crumbs(initiative),
        "chips": [("Status", initiative.status, initiative.get_status_display())],
        "parts": figures,
        "worked": worked_parts(initiative, figures, sights) if figures else None,
        "lines": [
            {
                **line_of_sight(initiative, sight, now.company),
                "link": sight.link,
                "actions": link_actions(initiative, sight, reader, now.as_of),
            }
            for sight in sights.rows
        ],
        "links": sights.page,
        "link_count": sights.count,
        "flags": [
            _flag(flag, counting, after, reader, now, proposal_of(flag, proposed))
            for flag in awake
            if flag.code not in HOUSEKEEPING
        ],
        "keeping": [_flag(flag, counting, (), reader, now) for flag in awake if flag.code in HOUSEKEEPING],
        "snoozed": [snooze_view(flag, reader) for flag in flags if flag.is_snoozed(now.as_of)],
        "conversations": conversations_about(
            reader,
            ask_url("initiative", initiative.key),
            ("initiative", initiative.pk),
            *(("link", sight.link.pk) for sight in sights.rows if sight.link),
        ),
        "lately": lately(("initiative", initiative.pk), reader, "initiative_history", initiative.key),
        **_actions(initiative, reader, today(now.company)),
    }
    return render(request, "initiatives/initiative_detail.html", context)


def _actions(initiative: Initiative, reader: Person, on: dt.date) -> dict[str, Any]:
    """What the reader may do with the initiative and with its asks of other teams."""
    edits = reader.has_perm("teams.edit_initiative", initiative)
    helps = not edits or any(team != initiative.team_id for team in reader.team_roles)
    offers = helps and initiative.status in GOES_ON and reader.has_perm("teams.start_initiative")
    return {
        "may_edit": edits,
        "may_propose": edits and initiative.status in GOES_ON,
        "may_offer": offers,
        "status_way": WAYS[InitiativeStatus(initiative.status)],
        "asks": [ask_row(ask, reader, on) for ask in initiative_asks(initiative.pk)],
    }


def _flag(
    flag: Flag, counting: list[Link], after: Sequence[Succession], reader: Person, now: CompanyNow, proposal: Any = None
) -> dict[str, Any]:
    about = links_about(flag.code, counting, now.as_of)
    taken = after if flag.code in NOT_COUNTING else ()
    said = [*(each.said for each in taken), *([standing_text(proposal)] if proposal is not None else [])]
    ways = answers(flag, reader, about, successions=taken, proposal=proposal)
    asks = proposal is None or not waits(proposal)
    return flag_view(flag.code, flag.first_seen, details=said, asks=asks, answers=ways)


def _crumbs(initiative: Any) -> list[tuple[str, str]]:
    above = [(row["name"], reverse("team_detail", args=[row["key"]])) for row in initiative.chain]
    return [("Teams", reverse("team_list")), *above]
