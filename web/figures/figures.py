"""Figures for pages: each with its formula, its own numbers in it, and a link to the rows behind it.

alignment.engine defines what is divided by what; this module puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from alignment.engine import Figures, goal_figures
from lib.text.counts import counted
from lib.text.numbers import SHARE_DECIMALS, number, percent, rounded_together, weeks
from lib.text.parts import in_unit, is_unsized

NOTHING_TO_COVER = "There is no discretionary work: nothing to divide by."
NO_WORK = "There is no active work."
NOT_SIZED = "None of the work that reaches it is sized yet."


@dataclass(frozen=True)
class Figure:
    """What components/_figure.html shows (docs/design-system.md). `missing` is the reason when `value` is None."""

    label: str
    value: float | None
    unit: str
    formula: str = ""
    worked: str = ""
    missing: str = ""
    note: str = ""
    rows_url: str = ""
    rows_label: str = ""
    ask_url: str = ""


def initiatives_url(**filters: str) -> str:
    """The list of initiatives behind a figure."""
    return f"{reverse('initiative_list')}?{urlencode(filters)}" if filters else reverse("initiative_list")


def unsized_note(figures: Figures, default_effort: Decimal | float) -> str:
    """As in "12 of 76 not sized, counted as 1 week each", where a figure rests on such work; '' otherwise."""
    if not figures.unsized:
        return ""
    if is_unsized(figures):
        return "Not sized yet" if figures.initiatives == 1 else "None is sized yet: each counts the same"
    each = float(default_effort)
    week = f"{number(each)} week{'' if each == 1 else 's'}"
    return f"{number(figures.unsized)} of {number(figures.initiatives)} not sized, counted as {week} each"


def divided(part: float, whole: float, result: float | None) -> str:
    """As in "28 ÷ 76 = 36.8 %"; '' where there is no result."""
    return "" if result is None else f"{number(part)} ÷ {number(whole)} = {percent(result)}"


@dataclass(frozen=True)
class Explained:
    """The figures of one set of initiatives: the company, a team with its sub-teams, a team alone.

    `rows` are the filters of the initiative list that show the set; `default_effort` is the company's, in person-weeks.
    """

    figures: Figures
    rows: Mapping[str, str]
    default_effort: Decimal | float

    @property
    def _unit(self) -> str:
        return "initiatives" if is_unsized(self.figures) else "person-weeks"

    def _figure(
        self,
        label: str,
        value: float | None,
        formula: str,
        part: float,
        whole: float,
        missing: str,
        rows: dict[str, str],
        rows_label: str,
    ) -> Figure:
        return Figure(
            label=label,
            value=value,
            unit="percent",
            formula=f"{formula}, in {self._unit}",
            worked=divided(in_unit(part, self.figures), in_unit(whole, self.figures), value),
            missing=missing,
            note=unsized_note(self.figures, self.default_effort),
            rows_url=initiatives_url(**(dict(self.rows) | rows)),
            rows_label=rows_label,
        )

    def _of_discretionary(
        self, label: str, part_name: str, part: float, value: float | None, rows: dict[str, str], rows_label: str
    ) -> Figure:
        formula = f"{part_name} ÷ discretionary effort (everything but upkeep)"
        return self._figure(label, value, formula, part, self.figures.discretionary, NOTHING_TO_COVER, rows, rows_label)

    @property
    def coverage(self) -> Figure:
        figures, rows = self.figures, {"part": "aligned"}
        return self._of_discretionary(
            "Coverage",
            "aligned effort",
            figures.aligned,
            figures.coverage,
            rows,
            "The work that reaches a published strategy",
        )

    @property
    def reasoned_coverage(self) -> Figure:
        figures, rows = self.figures, {"part": "aligned"}
        part = "aligned effort whose link has a reason or the goal owner's endorsement"
        return self._of_discretionary(
            "Reasoned coverage", part, figures.reasoned, figures.reasoned_coverage, rows, "The work behind it"
        )

    @property
    def endorsed_coverage(self) -> Figure:
        figures, rows = self.figures, {"part": "aligned"}
        part = "aligned effort whose link the goal's owner endorsed"
        return self._of_discretionary(
            "Endorsed coverage", part, figures.endorsed, figures.endorsed_coverage, rows, "The work behind it"
        )

    @property
    def autonomy(self) -> Figure:
        figures, rows = self.figures, {"origin": "team"}
        part = "discretionary effort that teams chose themselves"
        return self._of_discretionary(
            "Autonomy", part, figures.own_choice, figures.autonomy, rows, "The work that teams chose"
        )

    @property
    def aligned_autonomy(self) -> Figure:
        figures, rows = self.figures, {"origin": "team", "part": "aligned"}
        part = "aligned effort that teams chose themselves"
        return self._of_discretionary(
            "Aligned autonomy",
            part,
            figures.own_choice_aligned,
            figures.aligned_autonomy,
            rows,
            "The aligned work that teams chose",
        )

    @property
    def exploring_share(self) -> Figure:
        figures, rows = self.figures, {"part": "exploring"}
        return self._of_discretionary(
            "Exploring", "exploring effort", figures.exploring, figures.exploring_share, rows, "The explorations"
        )

    @property
    def sustaining_share(self) -> Figure:
        figures, rows = self.figures, {"part": "sustaining"}
        formula = "sustaining effort ÷ all effort"
        return self._figure(
            "Sustaining",
            figures.sustaining_share,
            formula,
            figures.sustaining,
            figures.effort,
            NO_WORK,
            rows,
            "The upkeep",
        )

    @property
    def orphaned(self) -> Figure:
        figures = self.figures
        return Figure(
            label="Orphaned",
            value=figures.orphaned,
            unit="weeks",
            formula="effort that reaches no published strategy and is neither declared exploration nor upkeep",
            worked=f"{weeks(figures.orphaned)} of {weeks(figures.effort)}",
            note=unsized_note(figures, self.default_effort),
            rows_url=initiatives_url(**(dict(self.rows) | {"part": "orphaned"})),
            rows_label="The work that reaches nothing",
        )


def strategy_coverage(covered: int, anchored: int) -> Figure:
    value = goal_figures.strategy_coverage(covered, anchored)
    return Figure(
        label="Strategy coverage",
        value=value,
        unit="percent",
        formula="goals that somebody works on ÷ goals that count (live, down from a published strategy)",
        worked=divided(covered, anchored, value),
        missing="There is no live goal in a published strategy.",
        rows_url=f"{reverse('flag_list')}?code=uncovered" if covered < anchored else reverse("strategy_list"),
        rows_label="The goals nobody works on" if covered < anchored else "The goals",
    )


def priority_fit(value: float | None, shares: list[tuple[str, float, float]]) -> Figure:
    """`shares` holds (title, wanted share p, actual share e) of each company root goal that counts."""
    gaps = [abs(wanted - actual) for _title, wanted, actual in shares]
    shown = rounded_together(gaps, sum(gaps), SHARE_DECIMALS)
    summed = " + ".join(percent(gap) for gap in shown[:6]) + (" + …" if len(gaps) > 6 else "")
    return Figure(
        label="Priority fit",
        value=value,
        unit="percent",
        formula="1 − ½ × the gaps between wanted and actual share of the effort, summed over the company’s top goals",
        worked="" if value is None else f"1 − ½ × ({summed}) = 1 − ½ × {percent(sum(gaps))} = {percent(value)}",
        missing="No effort reaches a company goal yet.",
        rows_url=reverse("strategy_list"),
        rows_label="The goals with their shares",
    )


def goal_effort(
    effort: float, *, key: str, anchored: bool, initiatives: int, unsized: int, default_effort: Decimal | float
) -> Figure:
    """Effort that reaches a goal or one below it; None where links do not count."""
    work = counted(initiatives, "initiative")
    of = replace(Figures(), initiatives=initiatives, unsized=unsized)
    sized = not is_unsized(of)
    return Figure(
        label="Effort",
        value=effort if anchored and sized else None,
        unit="weeks",
        formula="initiative's effort × link's share, summed over the links that count to this goal or one below",
        worked=f"{weeks(effort)} from {work}" if anchored and sized else "",
        missing=NOT_SIZED if anchored else "Links to this goal do not count.",
        note=unsized_note(of, default_effort) if sized else "",
        rows_url=initiatives_url(goal=key),
        rows_label="The work behind it",
    )
