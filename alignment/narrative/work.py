"""Where work leads: its way to the strategy, or what it does instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lib.text.counts import counted
from lib.text.days import whole_day
from lib.text.spans import Span

ENDS = 2
"""The number of goals named at each end of a long way."""
ARROW = Span(" → ")
KEEPS_RUNNING = " keeps things running."
REACH_NO_STRATEGY = "initiative reaches no published strategy", "initiatives reach no published strategy"


def way_up(work: Span, goals: Sequence[Span], strategy: Span | None) -> tuple[Span, ...]:
    """From work over the goals, lowest first, to the strategy; a long way leaves out the goals in the middle."""
    steps = [*goals] if len(goals) <= 2 * ENDS else [*goals[:ENDS], Span("…"), *goals[-ENDS:]]
    steps += [strategy] if strategy else []
    return (work, *(span for step in steps for span in (ARROW, step)))


def beside_the_way(*, others: int, is_partly_lost: bool) -> str:
    """What one way leaves out: `others` counts goals of further counting links, `is_partly_lost` a part that reaches
    nothing."""
    also = f"It serves {counted(others, 'other goal')} as well." if others else ""
    return " ".join(filter(None, [also, "A part of its effort reaches nothing." if is_partly_lost else ""]))


def explores(until: dt.date | None = None) -> str:
    return f" explores until {whole_day(until)}." if until else " explores."
