"""Support between a lead's team and others: asks that wait for an answer, and those promised or declined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.replies import Action
from lib.text.counts import counted
from lib.text.names import path_of
from lib.text.spans import Line, Reply, Span
from teams.enums import SupportStatus
from teams.models import Person, Team
from teams.narrative import ask_line
from teams.rules import answers_support
from teams.selectors.asks import open_asks

SHOWN = 5
ASKED, ANSWERED, OLD = 50, 48, 10


def asks_by_team(batch: Batch) -> dict[int, list[Any]]:
    """Asks from and to the teams that people of the batch are on, by each of the two teams; read once."""
    return batch.once(_asks)


def _asks(batch: Batch) -> dict[int, list[Any]]:
    teams = {team.pk for each in batch.recipients for team in (*each.leads, *each.on)}
    found: dict[int, list[Any]] = defaultdict(list)
    for ask in open_asks(teams, batch.mark):
        found[ask.team_id].append(ask)
        found[ask.initiative.team_id].append(ask)
    return found


@section(Kind.TEAM, "support", order=50)
def support(batch: Batch) -> Says:
    asks = asks_by_team(batch)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None or not (found := sorted(asks.get(team.pk, []), key=lambda ask: _place(ask, team))):
            return None
        asked = sum(1 for ask in found if ask.is_new and _is_asked_of(ask, team))
        answered = sum(1 for ask in found if ask.is_answered and not _waits(ask) and ask.team_id != team.pk)
        left = len(found) - SHOWN
        path = path_of("team_detail", team.key) + "#support"
        return Section(
            "support",
            "Support",
            tuple(answerable_line(ask, team, recipient.person) for ask in found[:SHOWN]),
            more=Span(f"and {counted(left, 'more ask', 'more asks')}", path) if left > 0 else None,
            news=_news(asked, answered),
            weight=ASKED if asked else ANSWERED if answered else OLD,
            asks=sum(1 for ask in found if _may_answer(ask, team, recipient.person)),
            quiet=not any(ask.is_new or ask.is_answered for ask in found),
        )

    return says


def _place(ask: Any, team: Team) -> int:
    """Sort order: asks the team may answer, answers it got, asks that wait for others, its own answers."""
    if _waits(ask):
        return 0 if _is_asked_of(ask, team) else 2
    return 3 if _is_asked_of(ask, team) else 1


def _waits(ask: Any) -> bool:
    return bool(ask.status == SupportStatus.ASKED)


def _is_asked_of(ask: Any, team: Team) -> bool:
    return bool(ask.team_id == team.pk)


def _may_answer(ask: Any, team: Team, person: Person) -> bool:
    return _waits(ask) and _is_asked_of(ask, team) and answers_support(person, ask)


def answerable_line(ask: Any, team: Team, person: Person) -> Line:
    """As shown to the people of `team`, which is asked or asks."""
    may = _may_answer(ask, team, person)
    answer = (Reply("Promise or decline it", Action.ANSWER, (ask.pk,)),) if may else ()
    return replace(ask_line(ask, team), replies=answer)


def _news(asked: int, answered: int) -> str:
    if asked:
        return counted(asked, "team asks for support", "asks for support")
    return counted(answered, "answer to an ask for support", "answers to asks for support") if answered else ""
