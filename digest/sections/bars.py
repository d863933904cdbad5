"""The bar of the four parts of effort in a digest."""

from __future__ import annotations

from alignment.engine import Figures
from alignment.history.movements import Movement
from digest.content import Bar
from digest.registry import Batch
from lib.text.numbers import UNCHANGED, percent, points
from lib.text.spans import Line, Span
from teams.narrative import here_text

MUCH, SOME = 0.05, 0.01


def bar(now: Figures, movement: Movement) -> Bar:
    """`movement` has the earlier figures."""
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
        initiatives=now.initiatives,
        unsized=now.unsized,
    )


def who_is_here(batch: Batch) -> tuple[Line, ...]:
    """A line beside the company's figures and findings about goals; none where all teams are here."""
    said = here_text(batch.company.presence)
    return (Line((Span(f"{said}."),)),) if said else ()


def is_as_before(drawn: Bar) -> bool:
    """Whether coverage is unchanged or missing; the first coverage ever is news."""
    if drawn.change is None:
        return drawn.coverage is None
    return abs(drawn.change) < UNCHANGED


def coverage_news(drawn: Bar) -> str:
    if drawn.coverage is None:
        return ""
    now, change = f"Coverage {percent(drawn.coverage)}", drawn.change or 0.0
    if abs(change) < UNCHANGED:
        return f"{now}, as before" if drawn.change is not None else now
    return f"{now}, {'up' if change > 0 else 'down'} {points(change)}"


def coverage_weight(drawn: Bar) -> int:
    change = abs(drawn.change or 0.0)
    return 80 if change >= MUCH else 60 if change >= SOME else 30 if change >= UNCHANGED else 10
