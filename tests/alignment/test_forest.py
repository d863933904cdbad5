"""The forests of the engine on one drawn by hand, its rows in no order.

7            3          9
├─ 2         └─ 0
│  ├─ 5         └─ 8
│  └─ 1
└─ 4
   └─ 6
"""

from __future__ import annotations

import numpy as np
import pytest

from alignment.engine.trees import Forest

PARENT = [3, 2, 7, -1, 7, 2, 4, -1, 0, -1]


@pytest.fixture
def forest() -> Forest:
    return Forest(np.array(PARENT))


def test_root_and_depth_of_each(forest):
    assert forest.root.tolist() == [3, 7, 7, 3, 7, 7, 7, 7, 3, 9]
    assert forest.depth.tolist() == [1, 2, 1, 0, 1, 2, 2, 0, 2, 0]
    assert [sorted(level.tolist()) for level in forest.levels] == [[3, 7, 9], [0, 2, 4], [1, 5, 6, 8]]


def test_sum_of_each_subtree(forest):
    sums = forest.sum_up(np.array([1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512]))
    assert sums.tolist() == [257, 2, 38, 265, 80, 32, 64, 246, 256, 512]


def test_holding_anywhere_in_a_subtree(forest):
    holds = np.zeros(10, dtype=bool)
    holds[[6, 0]] = True
    assert np.flatnonzero(forest.any_up(holds)).tolist() == [0, 3, 4, 6, 7]
    assert np.flatnonzero(holds).tolist() == [0, 6]


def test_holding_all_the_way_down(forest):
    live = np.ones(10, dtype=bool)
    live[[4, 8]] = False
    assert np.flatnonzero(~forest.pass_down(live, np.logical_and)).tolist() == [4, 6, 8]
    live[3] = False
    assert np.flatnonzero(~forest.pass_down(live, np.logical_and)).tolist() == [0, 3, 4, 6, 8]


def test_walk_keeps_each_subtree_together(forest):
    """Roots and siblings by their number: 3 0 8, 7 2 1 5 4 6, 9."""
    assert forest.preorder.tolist() == [1, 5, 4, 0, 7, 6, 8, 3, 2, 9]


def test_distinct_things_of_each_subtree(forest):
    """Thing 1 is at both leaves of 2 and at 4's; thing 2 twice at 6, at its root and in another tree; thing 3 at the
    lone root."""
    things = np.array([1, 1, 1, 2, 2, 2, 2, 3])
    nodes = np.array([5, 1, 6, 6, 6, 7, 8, 9])
    assert forest.count_distinct(things, nodes).tolist() == [1, 1, 1, 1, 2, 1, 2, 2, 1, 1]


def test_nothing_to_count(forest):
    nothing = np.zeros(0, dtype=np.int64)
    assert forest.count_distinct(nothing, nothing).tolist() == [0] * 10
    empty = Forest(nothing)
    assert (empty.levels, empty.root.tolist(), empty.count_distinct(nothing, nothing).tolist()) == ([], [], [])


@pytest.mark.parametrize("parent", [[0], [1, 0], [-1, 2, 3, 1]])
def test_cycle_is_refused(parent):
    with pytest.raises(ValueError, match="below itself"):
        Forest(np.array(parent))
