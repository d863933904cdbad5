"""What a step would do to the headline figures of the company: "Strategy coverage falls by 13.0 points, to 62.0 %." """

from __future__ import annotations

from collections.abc import Sequence

from alignment.engine.comparison import FigureChange
from lib.text.numbers import UNCHANGED, percent, points

NO_CHOICE = "there is no discretionary work"
HEADLINES = {
    "coverage": ("Coverage of the company", NO_CHOICE),
    "reasoned_coverage": ("Reasoned coverage", NO_CHOICE),
    "endorsed_coverage": ("Endorsed coverage", NO_CHOICE),
    "autonomy": ("Autonomy", NO_CHOICE),
    "aligned_autonomy": ("Aligned autonomy", NO_CHOICE),
    "exploring_share": ("The exploring share", NO_CHOICE),
    "sustaining_share": ("The sustaining share", "there is no active work"),
    "strategy_coverage": ("Strategy coverage", "there is no live goal in a published strategy"),
    "priority_fit": ("Priority fit", "no work reaches a top goal of the company"),
}
"""By figure, its name at the start of a sentence, and why it would not exist."""
NO_OTHER = "No other headline figure changes."


def headline_sentences(figures: Sequence[FigureChange]) -> list[str]:
    """One for each figure that moves, and whether others stay; that all of them stay in one. Coverage comes first."""
    moving = [_moves(figure) for figure in figures if figure.moves]
    if not moving:
        return [_all_stay(figures[0])]
    return moving if len(moving) == len(figures) else [*moving, NO_OTHER]


def _all_stay(coverage: FigureChange) -> str:
    if coverage.now is None:
        return f"No headline figure changes; there is no coverage, as {NO_CHOICE}."
    return f"No headline figure changes: coverage of the company stays at {percent(coverage.now)}."


def _moves(figure: FigureChange) -> str:
    label, missing = HEADLINES[figure.name]
    if figure.now is None or figure.after is None:
        if figure.now is None:
            return f"{label} has no figure now, as {missing}; it becomes {percent(figure.after)}."
        return f"{label} is {percent(figure.now)} now; after this {missing}, so it has no figure."
    change = figure.after - figure.now
    by = points(change) if abs(change) >= UNCHANGED else f"less than {points(2 * UNCHANGED)}"
    return f"{label} {'rises' if change > 0 else 'falls'} by {by}, to {percent(figure.after)}."
