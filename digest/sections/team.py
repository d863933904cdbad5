"""The lead's section about the team's figures, with its sub-teams, and what moved them."""

from __future__ import annotations

from alignment.history.movements import Movement
from alignment.narrative.causes import ToldCauses
from alignment.selectors.teams import subtree
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.bars import bar, coverage_news, coverage_weight, is_as_before
from teams.models import Team

REASONS = 3
LESS = 20
"""How much less a team's change weighs than the same change of the company's, so that the team's flags come before
it."""


@section(Kind.TEAM, "figures", order=10)
def figures(batch: Batch) -> Says:
    now = {pk: subtree(team).figures for pk, team in batch.led.items()}
    movements: dict[int | None, Movement] = {pk: batch.movements.of(pk, now[pk]) for pk in now}
    reasons = ToldCauses(batch, movements, limit=REASONS)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None or not now[team.pk].effort:
            return None
        drawn = bar(now[team.pk], movements[team.pk])
        lines = () if drawn.change is None else reasons.lines(team.pk, recipient.person)
        weight = max(coverage_weight(drawn) - LESS, 0)
        return Section(
            "figures",
            "Its work",
            lines=lines,
            bar=drawn,
            news=coverage_news(drawn),
            weight=weight,
            quiet=not lines and is_as_before(drawn),
        )

    return says
