"""Support between a lead's team and others: what waits, what was answered, is late, or was thanked for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.replies import Action
from lib.text.counts import counted
from lib.text.names import path_of
from lib.text.spans import Line, Reply, Span
from teams.enums import AskTurn, SupportStatus
from teams.models import Person, Team
from teams.narrative import ask_line
from teams.rules import answers_support, asks_support
from teams.selectors.asks import open_asks

SHOWN = 5
ASKED, ANSWERED, OLD = 50, 48, 10


def asks_by_team(batch: Batch) -> dict[int, list[Any]]:
    """Asks from and to the teams that people of the batch are on, by each of the two teams; read once."""
    return batch.once(_asks)


def _asks(batch: Batch) -> dict[int, list[Any]]:
    teams = {team.pk for each in batch.recipients for team in (*each.leads, *each.on)}
    found: dict[int, list[Any]] = defaultdict(list)
    for ask in open_asks(teams, batch.mark, batch.today):
        found[ask.team_id].append(ask)
        found[ask.initiative.team_id].append(ask)
    return found


@section(Kind.TEAM, "support", order=50)
def support(batch: Batch) -> Says:
    asks = asks_by_team(batch)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        on = batch.today
        found = sorted(
            (ask for ask in asks.get(team.pk, []) if _is_told(ask, team)), key=lambda ask: _place(ask, team, on)
        )
        if not found:
            return None
        left = len(found) - SHOWN
        path = path_of("team_detail", team.key) + "#support"
        return Section(
            "support",
            "Support",
            tuple(answerable_line(ask, team, recipient.person, on) for ask in found[:SHOWN]),
            more=Span(f"and {counted(left, 'more ask', 'more asks')}", path) if left > 0 else None,
            **_news(found, team),
            asks=sum(1 for ask in found if waits_for(ask, team, recipient.person, on)),
            quiet=not any(ask.is_new or ask.is_answered or ask.is_thanked for ask in found),
        )

    return says


def _is_told(ask: Any, team: Team) -> bool:
    """Thanks are told to whoever gets them."""
    return bool(ask.status != SupportStatus.DELIVERED or ask.unconfirmed or _is_asked_of(ask, team))


def _place(ask: Any, team: Team, on: dt.date) -> int:
    """Sort order: what is the team's turn, answers and thanks it got, what waits for others, its own answers."""
    if _is_in_turn(ask, team, on):
        return 0
    if ask.turn != AskTurn.NOBODY:
        return 2
    return 3 if _is_asked_of(ask, team) and not ask.thanks else 1


def _is_in_turn(ask: Any, team: Team, on: dt.date) -> bool:
    """What is late is asked of both."""
    mine = AskTurn.ASKED if _is_asked_of(ask, team) else AskTurn.ASKING
    return bool(ask.turn == mine or ask.is_late(on))


def _is_asked_of(ask: Any, team: Team) -> bool:
    return bool(ask.team_id == team.pk)


def waits_for(ask: Any, team: Team, person: Person, on: dt.date) -> bool:
    """Whether it asks something of `person`, as one of `team`."""
    may = answers_support if _is_asked_of(ask, team) else asks_support
    return _is_in_turn(ask, team, on) and may(person, ask)


def answerable_line(ask: Any, team: Team, person: Person, on: dt.date) -> Line:
    """As shown to the people of `team`, which is asked or asks."""
    may = ask.turn == AskTurn.ASKED and waits_for(ask, team, person, on)
    answer = (Reply("Promise or decline it", Action.ANSWER, (ask.pk,)),) if may else ()
    return replace(ask_line(ask, team, on), replies=answer)


def _news(found: Sequence[Any], team: Team) -> dict[str, Any]:
    """What is new, and how much that weighs."""
    asked = sum(1 for ask in found if ask.is_new and _is_asked_of(ask, team) and not ask.offered)
    answered = sum(1 for ask in found if ask.is_answered and not _is_asked_of(ask, team))
    offered = sum(1 for ask in found if ask.is_new and ask.offered and not _is_asked_of(ask, team))
    thanked = sum(1 for ask in found if ask.is_thanked)
    for count, one, many, weight in (
        (asked, "team asks for support", "asks for support", ASKED),
        (answered, "answer to an ask for support", "answers to asks for support", ANSWERED),
        (offered, "team offers its help", "offers of help", ANSWERED),
        (thanked, "team thanks yours", "teams thank yours", ANSWERED),
    ):
        if count:
            return {"news": counted(count, one, many), "weight": weight}
    return {"news": "", "weight": OLD}
