"""Figures with their limits, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

FORMATS = {
    "seconds": "{:.1f} s",
    "ms": "{:.0f} ms",
    "floors": "{:.1f}× the floor",
    "times": "{:.1f}×",
    "p50_ms": "{:.1f} ms",
    "p95_ms": "p95 {:.1f} ms",
    "per_second": "{:.0f} a second",
    "failed": "{:.0f} failed",
    "drifted": "{:.0f} drifted",
    "peak_mb": "{:.0f} MB",
    "kb": "{:.0f} kB",
    "shift": "shift {:.3f}",
    "paint_ms": "paint {:.0f} ms",
    "beside_static": "{:.2f}× a file",
    "rows": "{:,.0f} rows",
    "queries": "{:.0f} queries",
    "sql_p50_ms": "SQL {:.1f} ms",
    "sql_p95_ms": "p95 {:.1f} ms",
    "page_p50_ms": "page {:.0f} ms",
}
"""Each figure's name in JSON, and its format in the table."""

MARKS = {True: "ok", False: "FAIL", None: ""}


@dataclass(frozen=True)
class Row:
    """A measurement. `limits` apply to figures of the same name; `slowest` is the slowest URL, `problem` what went
    wrong, and `note` why there are no figures.
    """

    part: str
    what: str
    figures: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    slowest: str = ""
    problem: str = ""
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """None without limits."""
        if self.problem:
            return False
        if not self.limits:
            return None
        return all(self.figures[name] <= limit for name, limit in self.limits.items())

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return self.what, self.problem or self.note or _read(self.figures), _read(self.limits), MARKS[self.ok]


def _read(figures: dict[str, float]) -> str:
    return ", ".join(FORMATS[name].format(value) for name, value in figures.items())


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest rank: the smallest measured value at or below which `percent` of all values are."""
    return sorted(values)[max(ceil(len(values) * percent / 100), 1) - 1]


def table(rows: Iterable[Row]) -> str:
    """A Markdown table, aligned."""
    cells = [("what", "measured", "limit", ""), *(row.cells for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "| " + " | ".join("-" * max(width, 3) for width in widths) + " |", *lines[1:]])


def write(path: Path, rows: Iterable[Row], **about: Any) -> None:
    """Writes `about` and the rows, each with its verdict."""
    content = {**about, "rows": [{**asdict(row), "ok": row.ok} for row in rows]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> list[Row]:
    return [
        Row(**{name: value for name, value in row.items() if name != "ok"})
        for row in json.loads(path.read_text(encoding="utf-8"))["rows"]
    ]
