"""What leaders read of the company: coverage, and what moved it."""

from __future__ import annotations

from alignment.digest.content import Bar, Section
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.engine import Figures
from alignment.selectors.movements import Movement
from lib.numbers import percent
from teams.models import Team


def bar(now: Figures, movement: Movement) -> Bar:
    before = movement.before.coverage
    change = None if before is None or now.coverage is None else now.coverage - before
    return Bar(
        effort=now.effort,
        aligned=now.aligned,
        exploring=now.exploring,
        sustaining=now.sustaining,
        orphaned=now.orphaned,
        coverage=now.coverage,
        change=change,
    )


@section(Kind.COMPANY, "coverage", order=10)
def coverage(batch: Batch) -> Says:
    drawn = bar(batch.company.figures, batch.movements.of(None, batch.company.figures))

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        if not drawn.effort:
            return None
        return Section(
            "coverage",
            "Coverage",
            bar=drawn,
            news=f"Coverage is {percent(drawn.coverage)}",
            weight=10,
            quiet=drawn.change is None or abs(drawn.change) < 0.0005,
        )

    return says
