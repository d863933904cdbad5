"""Stances that changed: told to leaders, and, of a team that left the spotlight, to whoever counted on it."""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from lib.text.counts import counted
from lib.text.names import path_of
from lib.text.numbers import number
from lib.text.spans import Span
from teams.models import Team
from teams.narrative import left_spotlight_line, stance_line
from teams.selectors.stances import StanceChange, counting_on, stance_changes

SHOWN = 5


def changes(batch: Batch) -> list[StanceChange]:
    """Since the last digest of the batch."""
    return stance_changes(batch.mark)


@section(Kind.COMPANY, "stances", order=55)
def stances(batch: Batch) -> Says:
    found = batch.once(changes)
    left = len(found) - SHOWN
    shown = Section(
        "stances",
        "Other stances",
        lines=tuple(map(stance_line, found[:SHOWN])),
        more=Span(f"and {number(left)} more", path_of("team_list")) if left > 0 else None,
        news=counted(len(found), "team has another stance", "teams have another stance"),
        weight=20,
    )

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        return shown if found else None

    return says


@section(Kind.TEAM, "left_spotlight", order=55)
def left_spotlight(batch: Batch) -> Says:
    left = {change.team.pk: change for change in batch.once(changes) if change.leaves_the_spotlight}
    asks = counting_on(left)

    def says(_recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        lines = [
            left_spotlight_line(change, asks[pk][team.pk], team) for pk, change in left.items() if asks[pk].get(team.pk)
        ]
        if not lines:
            return None
        news = counted(len(lines), "team you work with left the spotlight", "teams you work with left the spotlight")
        return Section("left_spotlight", "No longer in the spotlight", lines=tuple(lines), news=news, weight=30)

    return says
