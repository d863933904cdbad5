"""The four parts of effort (spec/alignment.md) with one order and one label for pages, charts and mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lib.text.numbers import percent, weeks

LABELS = {"aligned": "Aligned", "exploring": "Exploring", "sustaining": "Sustaining", "orphaned": "Orphaned"}
MEANINGS = {
    "aligned": "reaches a goal of a published strategy",
    "exploring": "looks for what is next, until a set day",
    "sustaining": "keeps what exists running",
    "orphaned": "reaches no published strategy yet",
}
NARROWEST = 1.0


class Parts(Protocol):
    """Person-weeks; the four parts add up to `total`."""

    @property
    def total(self) -> float: ...
    @property
    def aligned(self) -> float: ...
    @property
    def exploring(self) -> float: ...
    @property
    def sustaining(self) -> float: ...
    @property
    def orphaned(self) -> float: ...


@dataclass(frozen=True)
class Segment:
    """One part of a bar. `x` and `width` are SVG lengths in per cent of the bar."""

    code: str
    label: str
    meaning: str
    weeks: float
    share: float
    x: str
    width: str


def segments(parts: Parts) -> list[Segment]:
    """All four parts in order; none where there is no effort.

    A part above zero gets at least about 1 % of the bar, so that it is visible.
    """
    total = parts.total
    if total <= 0:
        return []
    shares = {code: max(getattr(parts, code), 0.0) / total for code in LABELS}
    widths = {code: max(share * 100, NARROWEST) if share > 1e-9 else 0.0 for code, share in shares.items()}
    scale = 100 / sum(widths.values())
    drawn, x = [], 0.0
    for code, label in LABELS.items():
        width = widths[code] * scale
        drawn.append(
            Segment(code, label, MEANINGS[code], shares[code] * total, shares[code], f"{x:.3f}%", f"{width:.3f}%")
        )
        x += width
    return drawn


def sentence(parts: Parts) -> str:
    """The bar as text, for screen readers."""
    drawn = segments(parts)
    if not drawn:
        return "No active work"
    return f"{weeks(parts.total)}: " + ", ".join(f"{part.label.lower()} {percent(part.share)}" for part in drawn)
