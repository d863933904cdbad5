"""Counts with their nouns: the one place for plurals."""

from __future__ import annotations

from lib.db import counting
from lib.text.numbers import number


def plural(count: int, one: str, many: str = "") -> str:
    """The noun for `count`; without `many`, the plural adds an s."""
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "") -> str:
    """As in "1 goal", "1 200 goals", "2 links wait"."""
    return f"{number(count)} {plural(count, one, many)}"


def count_text(count: int, one: str, many: str, most: int | None = None) -> str:
    """As in "1 team", "34 teams", "More than 1 000 teams"; `most` is the count's limit (None: lib.db.counting.MANY)."""
    stop = most or counting.MANY
    return f"More than {number(stop)} {many}" if count > stop else counted(count, one, many)
