"""The leaders' section about the company: coverage, and what moved it."""

from __future__ import annotations

from alignment.narrative.causes import ToldCauses
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.bars import bar, coverage_news, coverage_weight, is_as_before
from teams.models import Team

REASONS = 4


@section(Kind.COMPANY, "coverage", order=10)
def coverage(batch: Batch) -> Says:
    figures = batch.company.figures
    movement = batch.movements.of(None, figures)
    drawn, reasons = bar(figures, movement), ToldCauses(batch, {None: movement}, limit=REASONS)

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        if not drawn.effort:
            return None
        lines = () if drawn.change is None else reasons.lines(None, recipient.person)
        return Section(
            "coverage",
            "Coverage",
            lines=lines,
            bar=drawn,
            news=coverage_news(drawn),
            weight=coverage_weight(drawn),
            quiet=not lines and is_as_before(drawn),
        )

    return says
