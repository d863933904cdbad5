"""The leaders' section about the company: coverage, and what moved it."""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.bars import bar, coverage_news, coverage_weight, is_as_before, who_is_here
from digest.sections.causes import moved
from teams.models import Team


@section(Kind.COMPANY, "coverage", order=10)
def coverage(batch: Batch) -> Says:
    found = moved(batch)
    drawn = bar(found.now[None], found.movements[None])

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        if not drawn.effort:
            return None
        lines = () if drawn.change is None else found.reasons.lines(None, recipient.person)
        return Section(
            "coverage",
            "Coverage",
            lines=(*who_is_here(batch), *lines),
            bar=drawn,
            news=coverage_news(drawn),
            weight=coverage_weight(drawn),
            quiet=not lines and is_as_before(drawn),
        )

    return says
