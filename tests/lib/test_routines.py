"""Functions of the database that are written in Python, and statements sent together."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from lib import routines
from lib.routines import Routine
from lib.statements import ask, flush, run, together
from teams.models import Team
from tests import factories as make


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


def test_statements_together_are_one_message_in_their_order(db, django_assert_num_queries):
    team = make.TeamFactory(name="old")
    with django_assert_num_queries(1), together():
        run("UPDATE teams_team SET name = %s WHERE id = %s", ["100 % new", team.pk])
        run("UPDATE teams_team SET name = name || '!' WHERE id = %s", [team.pk])

    assert Team.objects.get(pk=team.pk).name == "100 % new!"


def test_what_has_to_be_first_flushes(db):
    team = make.TeamFactory(name="old")
    with together():
        run("UPDATE teams_team SET name = %s WHERE id = %s", ["new", team.pk])
        flush()
        assert Team.objects.get(pk=team.pk).name == "new"


def test_nothing_kept_is_sent_after_an_error(db):
    team = make.TeamFactory(name="old")

    def fail():
        with together():
            run("UPDATE teams_team SET name = %s WHERE id = %s", ["new", team.pk])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    run("UPDATE teams_team SET name = name || '.' WHERE id = %s", [team.pk])

    assert Team.objects.get(pk=team.pk).name == "old."


def test_statement_that_the_database_refuses_is_raised_at_the_end(db):
    with pytest.raises(DatabaseError), transaction.atomic(), together():
        run("SELECT 1 / 0")


def test_routine_that_is_not_in_the_database_is_missed(doubled):
    assert not routines.are_missing()
    Routine("tests_tripled", {}, {}, "RETURN '[]'::json;")

    assert routines.are_missing()


def test_question_is_one_message_with_what_was_kept_and_after_it(db, django_assert_num_queries):
    team = make.TeamFactory(name="old")
    with together():
        with django_assert_num_queries(1):
            run("UPDATE teams_team SET name = %s WHERE id = %s", ["new", team.pk])
            assert ask("SELECT name FROM teams_team WHERE id = %s", [team.pk]) == "new"
        run("UPDATE teams_team SET name = name || '!' WHERE id = %s", [team.pk])
    assert Team.objects.get(pk=team.pk).name == "new!"


def test_question_alone_is_asked_at_once(db):
    assert ask("SELECT 1 + %s", [2]) == 3


def test_statement_alone_is_run_at_once(db):
    team = make.TeamFactory(name="old")
    run("UPDATE teams_team SET name = 'new' WHERE id = %s", [team.pk])
    assert Team.objects.get(pk=team.pk).name == "new"


def test_nothing_kept_sends_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0), together():
        flush()
    with django_assert_num_queries(0):
        flush()


def test_routine_is_planned_once_for_any_values(doubled):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = %s", [doubled.name])
        assert cursor.fetchone() == (["plan_cache_mode=force_generic_plan"],)


def test_routine_of_an_older_release_does_not_stand_in_for_ours(doubled):
    """Of two with one stem, the other is in the database."""
    Routine("tests_doubled", {}, {}, "RETURN '[7]'::json;")

    assert routines.are_missing()
