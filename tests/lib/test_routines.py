"""Functions of the database that are written in Python."""

from __future__ import annotations

import pytest
from django.db import connection

from lib.db import routines
from lib.db.routines import Routine


@pytest.fixture
def doubled(db, monkeypatch):
    monkeypatch.setattr(routines, "_routines", [])
    routine = Routine(
        "tests_doubled",
        {"numbers": "bigint[]"},
        {"sum": "bigint"},
        "%(sum)s := (SELECT sum(n) FROM unnest(%(numbers)s) n); RETURN json_build_array(%(sum)s * 2, 7 %% 4);",
    )
    routine.make()
    return routine


def test_routine_answers_with_what_its_body_returns(doubled):
    assert doubled(numbers=[1, 2, 4]) == [14, 3]


def test_routine_of_another_text_has_another_name(doubled):
    other = Routine("tests_doubled", {"numbers": "bigint[]"}, {}, "RETURN '[]'::json;")

    assert other.name != doubled.name
    assert other.name.startswith("tests_doubled_")


def test_migrating_makes_the_routines_that_edits_call(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'alignment\\_%'")
        found = {name.rpartition("_")[0] for (name,) in cursor.fetchall()}

    assert {"alignment_work", "alignment_sums", "alignment_lines"} <= found


def test_routine_that_is_not_in_the_database_is_missed(doubled):
    assert not routines.are_missing()
    Routine("tests_tripled", {}, {}, "RETURN '[]'::json;")

    assert routines.are_missing()


def test_routine_is_planned_once_for_any_values(doubled):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = %s", [doubled.name])
        assert cursor.fetchone() == (["plan_cache_mode=force_generic_plan"],)


def test_routine_of_an_older_release_does_not_stand_in_for_ours(doubled):
    """Of two with one stem, the other is in the database."""
    Routine("tests_doubled", {}, {}, "RETURN '[7]'::json;")

    assert routines.are_missing()
