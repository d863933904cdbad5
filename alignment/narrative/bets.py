"""Whether the bets on a measure add up to what is wanted of it."""

from __future__ import annotations

from decimal import Decimal

from lib.text.counts import counted
from lib.text.numbers import exact, signed
from strategy.enums import AT_A_LIMIT, MeasureKind
from strategy.models import Measure


def bets_text(measure: Measure, *, bets: int, change: Decimal) -> str:
    """What `bets` that are not tested yet expect of `measure`, `change` together, beside what is wanted; '' for a
    milestone, which is reached or not.
    """
    if measure.kind == MeasureKind.MILESTONE:
        return ""
    if not bets:
        return "No bet says by how much it would move it."
    then = measure.current + change
    who = f"{counted(bets, 'bet')} {'expects' if bets == 1 else 'expect'} {signed(change)}"
    together = " in all" if bets > 1 else ""
    return f"{who}{together}: {exact(measure.current)} would be {exact(then)}, {_beside(measure, then)}."


def _beside(measure: Measure, then: Decimal) -> str:
    rises = measure.target >= measure.baseline
    if measure.kind in AT_A_LIMIT:
        rises = measure.kind == MeasureKind.AT_LEAST
    short = measure.target - then if rises else then - measure.target
    if short > 0:
        return f"{exact(short)} short of {exact(measure.target)}"
    return f"which {'keeps' if measure.kind in AT_A_LIMIT else 'reaches'} {exact(measure.target)}"
