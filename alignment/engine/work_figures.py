"""Figures of a set of initiatives from its sums (spec/alignment.md, *Effort*): the only place that divides them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from alignment.engine.model import Company, Floats
from alignment.engine.parts import OWN_CHOICE, ZERO, Parts, weighted

SUMS = (
    "effort",
    "aligned",
    "reasoned",
    "endorsed",
    "exploring",
    "sustaining",
    "orphaned",
    "own_choice",
    "own_choice_aligned",
    "initiatives",
    "unsized",
)
"""The columns of a sums matrix and of TeamFigures."""


def ratio(part: Any, whole: Any, total: Any) -> npt.NDArray[np.float64]:
    """part ÷ whole, for numbers or arrays; NaN where `whole` is negligible against `total`."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    exists = whole > ZERO * np.asarray(total, dtype=float)
    return np.where(exists, part / np.where(exists, whole, 1.0), np.nan)


def below(figure: Any, bound: Any) -> npt.NDArray[np.bool_]:
    """figure < bound beyond the tolerance; False for NaN."""
    return np.asarray(bound - figure > ZERO * np.maximum(figure, bound))


def columns_by_initiative(company: Company, parts: Parts) -> Iterator[Floats]:
    """The columns of SUMS, one value per initiative, 0 where it is not active. Each is made when it is asked for."""
    own = parts.active & (company.initiatives.origin == OWN_CHOICE)
    yield from (parts.effort, parts.aligned, parts.reasoned, parts.endorsed)
    yield from (parts.exploring, parts.sustaining, parts.orphaned)
    yield np.where(own, parts.aligned + parts.exploring + parts.orphaned, 0.0)
    yield np.where(own, parts.aligned, 0.0)
    yield parts.active.astype(float)
    yield parts.unsized.astype(float)


def sums_by_team(company: Company, parts: Parts) -> Floats:
    """One row per team, in the columns of SUMS."""
    team, teams = company.initiatives.team, len(company.teams.id)
    return np.stack([weighted(team, column, teams) for column in columns_by_initiative(company, parts)], axis=1)


@dataclass(frozen=True)
class Figures:
    """The figures of a set: efforts in person-weeks, ratios 0..1 or None where the set has no discretionary effort."""

    effort: float = 0.0
    aligned: float = 0.0
    reasoned: float = 0.0
    endorsed: float = 0.0
    exploring: float = 0.0
    sustaining: float = 0.0
    orphaned: float = 0.0
    own_choice: float = 0.0
    own_choice_aligned: float = 0.0
    initiatives: int = 0
    unsized: int = 0

    @classmethod
    def of(cls, row: Any) -> Figures:
        """From one row of a sums matrix, or any sequence in the order of SUMS."""
        sums: dict[str, Any] = {name: float(value or 0) for name, value in zip(SUMS, row, strict=True)}
        return cls(**sums | {name: round(sums[name]) for name in ("initiatives", "unsized")})

    @property
    def total(self) -> float:
        return self.effort

    @property
    def discretionary(self) -> float:
        """The total without upkeep; added rather than subtracted, so that a small amount beside a large one is not
        lost."""
        return self.aligned + self.exploring + self.orphaned

    def _of_discretionary(self, part: float) -> float | None:
        figure = float(ratio(part, self.discretionary, self.effort))
        return None if np.isnan(figure) else figure

    @property
    def coverage(self) -> float | None:
        return self._of_discretionary(self.aligned)

    @property
    def reasoned_coverage(self) -> float | None:
        return self._of_discretionary(self.reasoned)

    @property
    def endorsed_coverage(self) -> float | None:
        return self._of_discretionary(self.endorsed)

    @property
    def autonomy(self) -> float | None:
        return self._of_discretionary(self.own_choice)

    @property
    def aligned_autonomy(self) -> float | None:
        return self._of_discretionary(self.own_choice_aligned)

    @property
    def exploring_share(self) -> float | None:
        return self._of_discretionary(self.exploring)

    @property
    def sustaining_share(self) -> float | None:
        """The share of the total effort, not of the discretionary effort."""
        return self.sustaining / self.effort if self.effort > 0 else None
