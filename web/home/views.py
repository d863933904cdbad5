"""The home page: a person's roles (leader, lead, member, viewer, administrator) decide which parts it has, and their
order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lib.services.dates import now
from strategy.narrative import from_leaders
from teams.enums import Role
from teams.models import Person
from web.home import words
from web.home.context import WORK_READ, HomeContext, read, reads_company
from web.home.front import Front
from web.home.items import ItemList, TeamPart
from web.home.parts import (
    Parts,
    administration,
    company_part,
    ends,
    gap_lists,
    glance,
    margin,
    news,
    orphans,
    own_part,
    shown,
    team_part,
    uncovered,
)
from web.home.steps import first_steps
from web.home.waits import WaitingPart, waits
from web.readers import reader_of, zone_of
from web.waiting.words import waiting_text


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    found = read(reader, now())
    now_ = found.front.now
    context = {"as_of": now_.as_of, "updating": now_.updating, "company": now_.company}
    steps = first_steps(reader, found.front.begun)
    if not now_.figures.initiatives and not found.front.has_strategy:
        teaching = beginning(reader, found.front)
        return render(request, "home/home.html", context | {"teaching": teaching, "steps": steps})
    top, main, margin = parts(found)
    drawn = {
        "lede": headline(found),
        "below": below_figures(top, main),
        "top": top,
        "main": main,
        "margin": margin,
        "steps": steps,
    }
    return render(request, "home/home.html", context | drawn)


def headline(context: HomeContext) -> str:
    reader, figures, led = context.reader, context.figures, context.front.led
    change, has_goals = context.change(None, figures), context.front.has_goals
    if reader.role == Role.LEADER:
        return words.of_company(figures, change, context.gaps, has_goals=has_goals)
    if reads_company(reader):
        return words.at_a_glance(figures, change, has_goals=has_goals)
    if led:
        return of_leads(context)
    published = from_leaders(context.changes, reader, context.front.confidential).strategies
    all_read, on_a_team = len(context.work) < WORK_READ, bool(context.front.teams)
    return words.of_member(published, context.work, zone=zone_of(reader), all_read=all_read, on_a_team=on_a_team)


def of_leads(context: HomeContext) -> str:
    led, before, waits = context.front.led, context.movements, waiting_text(context.waiting)
    if len(led) == 1:
        own = led[0]
        return words.of_team(own.team.name, own.figures, context.change(own.team.pk, own.figures), waits)
    moved = [
        (own.team.name, own.figures.coverage - was, context.change(own.team.pk, own.figures))
        for own in led
        if own.figures.coverage is not None
        and own.team.pk in before
        and (was := before[own.team.pk].before.coverage) is not None
    ]
    return words.of_teams(len(led), waits, moved)


def parts(context: HomeContext) -> tuple[Parts, Parts, Parts]:
    """The parts across the top, in the main column and in the margin."""
    teams = [team_part(context, own) for own in context.front.led]
    waiting, said, beside = waits(context), shown(news(context)), margin(context)
    ending = shown(ends(context))
    if context.reader.role == Role.LEADER:
        return [*waiting, company_part(context)], [*ending, uncovered(context), *teams, orphans(context)], beside
    if reads_company(context.reader):
        first = [*waiting, *shown(administration(context)), company_part(context)]
        return first, [*ending, *teams, *gap_lists(context)], [*said, *beside]
    if teams:
        return [], [*waiting, *ending, *teams], [*said, *beside, glance(context)]
    return [], [*waiting, *ending, own_part(context), *said], [*beside, glance(context)]


def below_figures(top: Parts, main: Parts) -> ItemList | None:
    """The first list with items, where figures are above it: a phone shows a link to it. What waits is above them."""
    if any(isinstance(part, WaitingPart) for part in (*top, *main)) or (not top and not isinstance(main[0], TeamPart)):
        return None
    lists = [each for part in main for each in (part.lists if isinstance(part, TeamPart) else [part])]
    return next((each for each in lists if isinstance(each, ItemList) and each.items), None)


def beginning(reader: Person, context: Front) -> dict[str, Any]:
    """What an empty company teaches each role, with one button; leaders and administrators have their first steps."""
    if reader.sees_everything:
        return {"imports": reader.is_admin}
    if led := [own for own in context.here if own.leads]:
        team = led[0].team
        url = reverse("team_mission", args=[team.key])
        return {"action_url": url, "action_label": f"Say what {team} is for", "first": True}
    return {"action_url": reverse("team_list"), "action_label": "See the teams", "first": True}
