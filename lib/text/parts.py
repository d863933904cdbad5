"""The four parts of effort (spec/alignment.md) with one order and one label for pages, charts and mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lib.text.counts import counted, plural
from lib.text.numbers import number, percent, weeks

LABELS = {"aligned": "Aligned", "exploring": "Exploring", "sustaining": "Sustaining", "orphaned": "Orphaned"}
MEANINGS = {
    "aligned": "reaches a goal of a published strategy",
    "exploring": "looks for what is next, until a set day",
    "sustaining": "keeps what exists running",
    "orphaned": "reaches no published strategy yet",
}
NARROWEST = 1.0


class Parts(Protocol):
    """Person-weeks of so many `initiatives`; the four parts add up to `total`. `unsized` ones have no effort of their
    own and count with the same default."""

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
    @property
    def initiatives(self) -> int: ...
    @property
    def unsized(self) -> int: ...


@dataclass(frozen=True)
class Segment:
    """One part of a bar. `amount` has its unit; `x` and `width` are SVG lengths in per cent of the bar."""

    code: str
    label: str
    meaning: str
    amount: str
    share: float
    x: str
    width: str


def is_unsized(parts: Parts) -> bool:
    """Whether nobody has sized any of the work, so that its person-weeks are nobody's."""
    return 0 < parts.initiatives <= parts.unsized


def in_unit(value: float, parts: Parts) -> float:
    """A part of the effort in person-weeks, or in initiatives where none is sized."""
    return value / parts.total * parts.initiatives if is_unsized(parts) and parts.total > 0 else value


def amount(value: float, parts: Parts) -> str:
    """As `in_unit`, with the unit; '' for a part of a single initiative that is not sized."""
    if not is_unsized(parts):
        return weeks(value)
    if parts.initiatives == 1:
        return ""
    text = number(in_unit(value, parts))
    return f"{text} {plural(1 if text == '1' else 2, 'initiative')}"


def whole(parts: Parts) -> str:
    """What the bar is the whole of, as in "432 person-weeks in 76 initiatives"."""
    if is_unsized(parts):
        none = "not sized yet" if parts.initiatives == 1 else "none of them sized yet"
        return f"{counted(parts.initiatives, 'initiative')}, {none}"
    of = f" in {counted(parts.initiatives, 'initiative')}" if parts.initiatives > 1 else ""
    return f"{weeks(parts.total)}{of}"


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
            Segment(
                code,
                label,
                MEANINGS[code],
                amount(shares[code] * total, parts),
                shares[code],
                f"{x:.3f}%",
                f"{width:.3f}%",
            )
        )
        x += width
    return drawn


def sentence(parts: Parts) -> str:
    """The bar as text, for screen readers."""
    drawn = segments(parts)
    if not drawn:
        return "No active work"
    return f"{whole(parts)}: " + ", ".join(f"{part.label.lower()} {percent(part.share)}" for part in drawn)
