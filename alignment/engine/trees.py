"""Forests as a parent column (-1: a root), processed one level per vectorised step."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from alignment.engine.model import Bools, Floats, Ints

AT_ONCE = 500_000
"""How many occurrences are sorted at once; two million of them would take 150 MB."""


class Forest:
    """Levels, preorder and sums of a forest of `n` nodes. Raises ValueError for a cycle."""

    def __init__(self, parent: Ints) -> None:
        self.parent = parent
        self.depth = np.zeros(len(parent), dtype=np.int64)
        self.levels: list[Ints] = []
        level, seen = np.flatnonzero(parent < 0), 0
        order = np.argsort(parent, kind="stable")
        ordered = parent[order]
        while len(level):
            self.depth[level] = len(self.levels)
            self.levels.append(level)
            seen += len(level)
            first = np.searchsorted(ordered, level, "left")
            count = np.searchsorted(ordered, level, "right") - first
            level = order[_ranges(first, count)]
        if seen != len(parent):
            raise ValueError("a node hangs below itself")

    def pass_down(self, values: npt.NDArray[Any], combine: np.ufunc) -> npt.NDArray[Any]:
        """Each node's value combined with those of all its ancestors."""
        result = values.copy()
        for level in self.levels[1:]:
            result[level] = combine(result[self.parent[level]], values[level])
        return result

    def sum_up(self, values: Floats) -> Floats:
        """The sum of each subtree, node included; computed by level, so that small sums are not lost beside large
        ones."""
        result = values.astype(np.float64)
        for level in reversed(self.levels[1:]):
            np.add.at(result, self.parent[level], result[level])
        return result

    def any_up(self, values: Bools) -> Bools:
        """Whether the value is true for a node or any below it."""
        result = values.copy()
        for level in reversed(self.levels[1:]):
            result[self.parent[level][result[level]]] = True
        return result

    @cached_property
    def root(self) -> Ints:
        root = np.arange(len(self.parent))
        for level in self.levels[1:]:
            root[level] = root[self.parent[level]]
        return root

    @cached_property
    def preorder(self) -> Ints:
        """The position of each node in a depth-first walk."""
        size = self.sum_up(np.ones(len(self.parent))).astype(np.int64)
        position = np.zeros(len(self.parent), dtype=np.int64)
        for level in self.levels:
            nodes = level[np.argsort(self.parent[level], kind="stable")]
            above = self.parent[nodes]
            before = np.cumsum(size[nodes]) - size[nodes]
            eldest = np.flatnonzero(np.r_[True, above[1:] != above[:-1]])
            before -= np.repeat(before[eldest], np.diff(np.r_[eldest, len(nodes)]))
            position[nodes] = before + np.where(above < 0, 0, position[above] + 1)
        return position

    @cached_property
    def _at(self) -> Ints:
        """The node at each position of the walk."""
        return np.argsort(self.preorder)

    def count_distinct(self, things: Ints, nodes: Ints) -> Ints:
        """The number of distinct `things` in each subtree, where things[i] is at nodes[i].

        Sorted by (thing, preorder), each occurrence adds one at its node, and each pair of neighbours subtracts one at
        its lowest common ancestor. Many are counted in parts, each of other things.
        """
        parts = len(things) // AT_ONCE + 1
        if parts == 1:
            return self.sum_up(self._distinct(things, nodes)).astype(np.int64)
        count = np.zeros(len(self.parent))
        for part in range(parts):
            of_part = things % parts == part
            count += self._distinct(things[of_part], nodes[of_part])
        return self.sum_up(count).astype(np.int64)

    def _distinct(self, things: Ints, nodes: Ints) -> Floats:
        """What each node adds to the counts of itself and of those above it."""
        pairs = np.sort(things.astype(np.int64) * len(self.parent) + self.preorder[nodes])
        pairs = pairs[np.r_[True, pairs[1:] != pairs[:-1]]] if len(pairs) else pairs
        things, nodes = pairs // max(len(self.parent), 1), self._at[pairs % max(len(self.parent), 1)]
        count = np.bincount(nodes, minlength=len(self.parent)).astype(np.float64)
        same = things[1:] == things[:-1]
        meeting = self._meeting(nodes[:-1][same], nodes[1:][same])
        np.subtract.at(count, meeting[meeting >= 0], 1.0)
        return count

    def _meeting(self, one: Ints, other: Ints) -> Ints:
        """The lowest common ancestor of each pair, -1 in different trees."""
        one, other = one.copy(), other.copy()
        apart = np.flatnonzero(one != other)
        while len(apart):
            left, right = one[apart], other[apart]
            up_left = self.depth[left] >= self.depth[right]
            up_right = self.depth[right] >= self.depth[left]
            left, right = np.where(up_left, self.parent[left], left), np.where(up_right, self.parent[right], right)
            one[apart], other[apart] = left, right
            lost = (left < 0) | (right < 0)
            one[apart[lost]] = other[apart[lost]] = -1
            apart = apart[(left != right) & ~lost]
        return one


def _ranges(first: Ints, count: Ints) -> Ints:
    """first[0], …, first[0] + count[0] − 1, first[1], …"""
    ends = np.cumsum(count)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - count), count))
