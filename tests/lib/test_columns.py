"""Columns of the database: what comes back by COPY is what was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from lib.columns import places, read


@pytest.mark.django_db
def test_read_gives_each_kind_as_it_was():
    source = "(VALUES (7, 2.5, TRUE, 3, -1), (8, -0.25, FALSE, 127, -2147483648)) AS rows (id, size, kept, code, day)"
    columns = read(
        {"id": ("l", "id"), "kept": ("b", "kept"), "size": ("d", "size"), "code": ("c", "code"), "day": ("i", "day")},
        source,
    )
    assert list(columns) == ["id", "kept", "size", "code", "day"]
    assert columns["id"].tolist() == [7, 8]
    assert columns["kept"].tolist() == [True, False]
    assert columns["size"].tolist() == [2.5, -0.25]
    assert columns["code"].tolist() == [3, 127]
    assert columns["day"].tolist() == [-1, -(2**31)]


@pytest.mark.django_db
def test_read_of_more_small_columns_than_share_a_field():
    wanted = {f"small{at}": ("c", f"first + {at}") for at in range(19)}
    columns = read(wanted, "(VALUES (0), (100)) AS rows (first)")
    assert [columns[name].tolist() for name in wanted] == [[at, 100 + at] for at in range(19)]


@pytest.mark.django_db
def test_read_of_nothing_gives_empty_columns():
    columns = read({"id": ("l", "1"), "kept": ("b", "TRUE")}, "teams_team")
    assert [(column.dtype, len(column)) for column in columns.values()] == [(np.int64, 0), (np.bool_, 0)]


@pytest.mark.parametrize("gap", [1, 10**12])
def test_places_of_ids_close_together_and_far_apart(gap):
    ids = np.array([3, 1, 2], dtype=np.int64) * gap
    asked = np.array([1 * gap, 0, 3 * gap, 2 * gap + 5, -1, 4 * gap], dtype=np.int64)
    assert places(asked, ids).tolist() == [1, -1, 0, -1, -1, -1]


def test_places_where_there_is_nothing():
    assert places(np.array([1, 2]), np.array([], dtype=np.int64)).tolist() == [-1, -1]
