"""The result of an import or of a dry run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.bundle.problems import Notice


@dataclass(frozen=True)
class Counts:
    """Rows of one file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> int:
        return self.created + self.updated


@dataclass(frozen=True)
class Presence:
    """The ids of people whom an import made inactive, of those whom it made active again, and of those who had no
    digests and want them now."""

    left: Sequence[int] = ()
    back: Sequence[int] = ()
    written_to: Sequence[int] = ()


@dataclass(frozen=True)
class ImportResult:
    """Counts for each file in the bundle, in the order of spec/bundle.md, by its name without `.csv`; and what was
    taken, but may have been meant in another way."""

    tables: dict[str, Counts]
    notices: tuple[Notice, ...] = ()

    @property
    def changed(self) -> bool:
        return any(counts.changed for counts in self.tables.values())
