"""Columns of the database: what comes back by COPY is what was asked for."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from django.db import connection

from lib.db import columns as columns_of_the_database
from lib.db.columns import Table, places, read, read_together, write


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


@pytest.mark.parametrize("last", [23, 24, 25])
def test_places_around_the_width_up_to_which_a_table_is_made(last):
    """Three ids are looked up in a table while they lie within 24."""
    ids = np.array([last, 0, 7], dtype=np.int64)
    asked = np.array([0, 7, last, -1, 1, last + 1, last - 1, 10**15], dtype=np.int64)
    assert places(asked, ids).tolist() == [1, 2, 0, -1, -1, -1, -1, -1]


def test_places_of_nothing():
    assert places(np.array([], dtype=np.int64), np.array([1, 2])).tolist() == []


@pytest.mark.django_db
def test_parameters_are_filled_into_the_source():
    columns = read({"n": ("l", "n")}, "generate_series(1, 9) AS rows (n) WHERE n %% %s = 0", (4,))
    assert columns["n"].tolist() == [4, 8]


@pytest.mark.django_db
def test_rows_that_are_written_are_read_back():
    kinds = {"whole": "i", "long": "l", "real": "d", "yes": "b"}
    values = {
        "whole": np.array([1, -(2**31)]),
        "long": np.array([2**40, -1]),
        "real": np.array([0.1, -2.5]),
        "yes": np.array([True, False]),
    }
    with connection.cursor() as cursor:
        cursor.execute('CREATE TEMPORARY TABLE written (yes bool, whole int4, long int8, "real" float8)')
    write("written", {name: (kind, values[name]) for name, kind in kinds.items()})
    found = read({name: (kind, f'"{name}"') for name, kind in kinds.items()}, "written")
    assert {name: column.tolist() for name, column in found.items()} == {
        name: column.tolist() for name, column in values.items()
    }


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 6, 7, 8, 100])
def test_many_rows_go_and_come_in_parts(rows: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(columns_of_the_database, "_CHUNK", 7)
    monkeypatch.setattr(columns_of_the_database, "_BLOCK", 100)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE many (n int8, half float8)")
    n = np.arange(rows)
    write("many", {"n": ("l", n), "half": ("d", n / 2)})
    found = read({"n": ("l", "n"), "half": ("d", "half"), "even": ("b", "n %% 2 = 0")}, "many")
    assert found["n"].tolist() == n.tolist()
    assert found["half"].tolist() == (n / 2).tolist()
    assert found["even"].tolist() == [one % 2 == 0 for one in range(rows)]


@pytest.mark.django_db
def test_rows_are_never_whole_in_memory_as_bytes():
    """200,000 rows are 5.2 MB on the wire, and 3.2 MB as columns."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE many (n int8, half float8)")
    n = np.arange(200_000)
    columns = {"n": ("l", n), "half": ("d", n / 2)}
    tracemalloc.start()
    try:
        write("many", columns)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
        tracemalloc.reset_peak()
        assert len(read({"n": ("l", "n"), "half": ("d", "half")}, "many")["n"]) == 200_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
def test_tables_read_together_share_what_is_common(django_assert_num_queries):
    tables = {
        "small": Table("few", {"n": ("l", "n"), "even": ("b", "n %% 2 = 0"), "half": ("d", "n / 2.0")}),
        "none": Table("few WHERE n > 100", {"n": ("l", "n"), "code": ("c", "1")}),
    }
    with django_assert_num_queries(1):
        found = read_together(tables, {"most": 3}, common="few AS (SELECT n FROM generate_series(1, %(most)s) n)")
    assert {name: column.tolist() for name, column in found["small"].items()} == {
        "n": [1, 2, 3], "even": [False, True, False], "half": [0.5, 1.0, 1.5],
    }  # fmt: skip
    assert [(column.dtype, len(column)) for column in found["none"].values()] == [(np.int64, 0), (np.int8, 0)]
