"""A tree that is edited in place: rows by key, each below another one or at the top, in the order in which they stand
beside each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

STEPS = ("up", "down", "in", "out")


class RowTree:
    """`keys` are its rows, those beside each other in their order; `below` names the row above each. One that is below
    no row of these, or in a circle, is at the top (`misplaced`).
    """

    def __init__(self, keys: Iterable[str], below: Mapping[str, str]) -> None:
        self.keys = list(dict.fromkeys(keys))
        self.below = {key: below.get(key, "") for key in self.keys}
        self.misplaced = [key for key in self.keys if not self._is_placed(key)]
        self.below |= dict.fromkeys(self.misplaced, "")

    def _is_placed(self, key: str) -> bool:
        passed = {key}
        above = self.below[key]
        while above:
            if above in passed or above not in self.below:
                return False
            passed.add(above)
            above = self.below[above]
        return True

    def rows(self) -> list[tuple[str, int]]:
        """Each row with its depth; those below a row follow it."""
        beside: dict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            beside[self.below[key]].append(key)
        found: list[tuple[str, int]] = []
        waiting = [(key, 0) for key in reversed(beside[""])]
        while waiting:
            key, depth = waiting.pop()
            found.append((key, depth))
            waiting += [(each, depth + 1) for each in reversed(beside[key])]
        return found

    def beside(self, key: str) -> list[str]:
        return [each for each in self.keys if self.below[each] == self.below[key]]

    def may(self, key: str, step: str) -> bool:
        beside = self.beside(key)
        if step == "out":
            return bool(self.below[key])
        return beside[-1 if step == "down" else 0] != key

    def move(self, key: str, step: str) -> None:
        """One place up or down among those beside it, in below the one before it, or out beside the one above it.
        Nothing where there is no such row, step or place."""
        if key not in self.below or step not in STEPS or not self.may(key, step):
            return
        beside = self.beside(key)
        if step in {"up", "down"}:
            other = beside[beside.index(key) + (1 if step == "down" else -1)]
            here, there = self.keys.index(key), self.keys.index(other)
            self.keys[here], self.keys[there] = other, key
            return
        self.keys.remove(key)
        if step == "in":
            self.below[key] = beside[beside.index(key) - 1]
            self.keys.append(key)
        else:
            above = self.below[key]
            self.below[key] = self.below[above]
            self.keys.insert(self.keys.index(above) + 1, key)

    def add(self, below: str = "") -> str:
        """A new row, the last below the row `below` or at the top; returns its key."""
        new = next(key for number in range(1, len(self.keys) + 2) if (key := f"n{number}") not in self.below)
        self.keys.append(new)
        self.below[new] = below if below in self.below else ""
        return new
