"""The lead's section about the team's figures, with its sub-teams, and what moved them."""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.bars import bar, coverage_news, coverage_weight, is_as_before
from digest.sections.causes import moved
from teams.models import Team

LESS = 20
"""How much less a team's change weighs than the same change of the company's, so that the team's flags come before
it."""


@section(Kind.TEAM, "figures", order=10)
def figures(batch: Batch) -> Says:
    found = moved(batch)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None or not found.now[team.pk].effort:
            return None
        drawn = bar(found.now[team.pk], found.movements[team.pk])
        lines = () if drawn.change is None else found.reasons.lines(team.pk, recipient.person)
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
