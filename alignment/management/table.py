"""Formats the alignment report for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from alignment.enums import FlagCode
from lib.text.numbers import number, percent, weeks
from teams.narrative import here_text
from teams.selectors.presence import Presence

Report = dict[str, Any]
Cell = Callable[[Any], str]

COMPANY: tuple[tuple[str, str, Cell], ...] = (
    ("Coverage", "coverage", percent),
    ("  with a reason", "reasoned_coverage", percent),
    ("  endorsed", "endorsed_coverage", percent),
    ("Autonomy", "autonomy", percent),
    ("  aligned", "aligned_autonomy", percent),
    ("Strategy coverage", "strategy_coverage", percent),
    ("Priority fit", "priority_fit", percent),
    ("Effort", "total", weeks),
    ("  aligned", "aligned", weeks),
    ("  exploring", "exploring", weeks),
    ("  sustaining", "sustaining", weeks),
    ("  orphaned", "orphaned", weeks),
    ("Initiatives", "initiatives", number),
)
TEAM: tuple[tuple[str, str, Cell], ...] = (
    ("initiatives", "initiatives", number),
    ("weeks", "total", number),
    ("aligned", "aligned", number),
    ("exploring", "exploring", number),
    ("sustaining", "sustaining", number),
    ("orphaned", "orphaned", number),
    ("coverage", "coverage", percent),
    ("autonomy", "autonomy", percent),
)


def report_table(report: Report) -> str:
    """Figures of the company, the number of its flags by code, and the figures of each team with sub-teams."""
    company = report["company"]
    unsized = sum(flag["code"] == FlagCode.UNSIZED for flag in report["flags"])
    figures = [[label, cell(company[name])] for label, name, cell in COMPANY]
    parts = [
        f"Alignment as of {report['as_of']}",
        _aligned([*figures, ["  Not sized, counted as the company's default", number(unsized)]]),
        f"Work reaches {number(company['goals_covered'])} of {number(company['goals_anchored'])} anchored goals.",
        *_here(company),
        _flags(report["flags"]),
        _teams(report["teams"]),
    ]
    return "\n\n".join(parts) + "\n"


def _here(company: Report) -> list[str]:
    """Beside the figures, how many teams are here; none where all are."""
    if "teams" not in company:
        return []
    return [f"{here_text(Presence(company['teams'], company['teams_here']))}."]


def _flags(flags: list[Report]) -> str:
    counts = Counter(flag["code"] for flag in flags)
    if not counts:
        return "No flags."
    rows = [[code.label, code.value, number(counts[code.value])] for code in FlagCode if counts[code.value]]
    return _aligned([["Flags", "", number(sum(counts.values()))], *rows], left=2)


def _teams(teams: Report) -> str:
    busy = {key: team["subtree"] for key, team in sorted(teams.items()) if team["subtree"]["initiatives"]}
    idle = len(teams) - len(busy)
    rows = [[key, *(cell(figures[name]) for _label, name, cell in TEAM)] for key, figures in busy.items()]
    header = ["Teams with their sub-teams", *(label for label, _name, _cell in TEAM)]
    return _aligned([header, *rows]) + (f"\nWithout active work: {number(idle)}." if idle else "")


def _aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns side by side, the first `left` of them left-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def cells(row: Sequence[str]) -> Iterator[str]:
        for at, (text, width) in enumerate(zip(row, widths, strict=True)):
            yield text.ljust(width) if at < left else text.rjust(width)

    return "\n".join("  ".join(cells(row)).rstrip() for row in rows)
