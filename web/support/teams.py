"""A team's page of support: who supports it and what is unanswered, and what others ask of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lib.services.dates import today
from lib.text.isolation import isolated
from teams.access import team_for
from teams.enums import GOES_ON, AskTurn, InitiativeStatus, SupportStatus
from teams.models import Initiative, Person, Support, Team
from teams.narrative import support_words
from teams.rules import starts_initiatives
from teams.selectors.asks import team_asks
from teams.selectors.company import company
from web.readers import reader_of
from web.support.steps import AskRow, ask_row
from web.teams.editing import crumbs_to

MOST, WORK = 100, 20
"""How many asks of each side, and how much of its work, are shown."""
Holds = Callable[[Support, dt.date], bool]


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[AskRow]


@dataclass(frozen=True)
class Side:
    """What the team asks of others, or the other way round; `other` says which team each row names."""

    id: str
    title: str
    other: str
    groups: list[Group]
    none: str


def _goes_on(ask: Support) -> bool:
    return ask.initiative.status in GOES_ON


GROUPS: dict[str, Holds] = {
    "Late": lambda ask, on: ask.is_late(on) and _goes_on(ask),
    "Unanswered": lambda ask, _on: ask.status == SupportStatus.ASKED and ask.turn == AskTurn.ASKED and _goes_on(ask),
    "To be accepted": lambda ask, _on: ask.status == SupportStatus.ASKED and bool(ask.answer) and _goes_on(ask),
    "Delivered, to be confirmed": lambda ask, _on: ask.unconfirmed,
    "Promised": lambda ask, on: ask.status == SupportStatus.PLEDGED and not ask.is_late(on) and _goes_on(ask),
    "Delivered": lambda ask, _on: ask.status == SupportStatus.DELIVERED and not ask.unconfirmed,
    "Declined": lambda ask, _on: ask.status == SupportStatus.DECLINED,
}
"""By title, which asks stand there on a day; what went unanswered for work that is over stands nowhere."""


@require_safe
def team_support(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    team: Team = team_for(reader, key)
    on = today(company())
    mine, others = team_asks(team, MOST)
    return render(
        request,
        "support/team_support.html",
        {
            "team": team,
            "title": f"Support of {isolated(team.name)}",
            "lede": support_words(mine, on),
            "crumbs": crumbs_to(team),
            "chips": [("Stance", team.stance, team.get_stance_display())],
            "sides": [
                _side("asks", "What it asks of others", "asked", mine, reader, on),
                _side("asked", "What others ask of it", "asking", others, reader, on),
            ],
            "work": _work(team, reader),
        },
    )


def _side(name: str, title: str, other: str, asks: Sequence[Support], reader: Person, on: dt.date) -> Side:
    groups = [
        Group(of, [ask_row(ask, reader, on) for ask in _by_age(asks) if holds(ask, on)]) for of, holds in GROUPS.items()
    ]
    none = "It asks no other team for anything." if other == "asked" else "No other team asks it for anything."
    return Side(name, title, other, [group for group in groups if group.rows], none)


def _by_age(asks: Sequence[Support]) -> list[Support]:
    """What has waited longest comes first."""
    return sorted(asks, key=lambda ask: (ask.due_on or ask.asked_on, ask.asked_on, ask.pk))


def _work(team: Team, reader: Person) -> list[Initiative]:
    """Active work that the reader can offer help for, of a team that is not theirs alone."""
    if team.pk in reader.team_roles or team.archived_on or not starts_initiatives(reader):
        return []
    return list(
        Initiative.objects.filter(team=team, status=InitiativeStatus.ACTIVE).order_by("title__folded", "id")[:WORK]
    )
