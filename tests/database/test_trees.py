"""Paths of teams and goals under random moves, bad moves, and two writers at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.db.triggers import subtree
from strategy.models import Goal
from teams.models import Initiative, Team
from tests.examples import examples
from tests.factories import GoalFactory, InitiativeFactory, StrategyFactory, TeamFactory


def walked(teams: list[Team]) -> dict[int, list[int]]:
    """The path of each by following its parents."""
    parents = {team.pk: team.parent_id for team in teams}
    paths = {}
    for pk in parents:
        path, above = [pk], parents[pk]
        while above is not None:
            path.insert(0, above)
            above = parents[above]
        paths[pk] = path
    return paths


@pytest.mark.django_db
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 7)), max_size=25))
def test_path_follows_every_move(moves: list[tuple[int, int]]):
    with transaction.atomic():
        teams = [TeamFactory() for _ in range(8)]
        for at, to in moves:
            above = teams[to].pk if to >= 0 else None
            below = Team.objects.below(Team.objects.get(pk=teams[at].pk)).values_list("pk", flat=True)
            if above in set(below):
                with pytest.raises(DatabaseError, match="cannot hang below itself"), transaction.atomic():
                    Team.objects.filter(pk=teams[at].pk).update(parent=above)
            else:
                Team.objects.filter(pk=teams[at].pk).update(parent=above)
        rows = list(Team.objects.all())
        paths = walked(rows)
        assert {row.pk: row.path for row in rows} == paths
        for row in rows:
            assert {team.pk for team in Team.objects.below(row)} == {pk for pk, path in paths.items() if row.pk in path}
            assert [team.pk for team in Team.objects.above(row)] == paths[row.pk][:-1]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_path_cannot_be_written():
    root = TeamFactory()
    child = TeamFactory(parent=root)
    Team.objects.update(path=[1, 2, 3])
    assert list(Team.objects.order_by("id").values_list("path", flat=True)) == [[root.pk], [root.pk, child.pk]]


@pytest.mark.django_db
def test_one_statement_may_move_a_branch_and_its_parts():
    a, d = GoalFactory(), GoalFactory()
    b = GoalFactory(parent=a)
    c = GoalFactory(parent=b)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE strategy_goal SET strategy_id = NULL, parent_id = %s WHERE id IN (%s, %s)",
            [d.pk, a.pk, c.pk],
        )
    paths = dict(Goal.objects.values_list("pk", "path"))
    assert paths == {a.pk: [d.pk, a.pk], b.pk: [d.pk, a.pk, b.pk], c.pk: [d.pk, c.pk], d.pk: [d.pk]}


@pytest.mark.django_db
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-1, 6), min_size=7, max_size=7), st.lists(st.integers(-1, 6), min_size=7, max_size=7))
def test_one_statement_moves_many_rows_or_none(before: list[int], after: list[int]):
    """Seven teams get other parents at once: all paths are right, or (should it look like a cycle) nothing moved."""
    with transaction.atomic():
        teams = [TeamFactory().pk for _ in before]
        for at, to in enumerate(before):
            if 0 <= to < at:
                Team.objects.filter(pk=teams[at]).update(parent=teams[to])
        started = dict(Team.objects.values_list("pk", "path"))
        parents = {team: teams[to] if to >= 0 else None for team, to in zip(teams, after, strict=True)}
        cases = " ".join(f"WHEN {team} THEN {above or 'NULL'}" for team, above in parents.items())
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE teams_team SET parent_id = (CASE id {cases} END)::bigint")
        except IntegrityError:
            assert dict(Team.objects.values_list("pk", "path")) == started
        else:
            assert dict(Team.objects.values_list("pk", "path")) == walked(list(Team.objects.all()))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_one_statement_makes_no_cycle_by_the_order_of_its_rows():
    """Each row alone looks right against the paths before: B below A, then A below C, which hung below B."""
    a, b = TeamFactory(), TeamFactory()
    c = TeamFactory(parent=b)
    for pair in ((a, b), (b, a)):
        moves = {a.pk: c.pk, b.pk: a.pk}
        with pytest.raises(DatabaseError, match="hang below"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE teams_team SET parent_id = wanted.parent FROM (VALUES (%s, %s), (%s, %s)) wanted (id, parent)"
                " WHERE teams_team.id = wanted.id",
                [value for team in pair for value in (team.pk, moves[team.pk])],
            )


@pytest.mark.django_db
def test_all_below_is_one_query(django_assert_num_queries: Any):
    root = TeamFactory()
    leaf = TeamFactory(parent=TeamFactory(parent=root))
    work = [InitiativeFactory(team=team) for team in (root, leaf)]
    InitiativeFactory()
    with django_assert_num_queries(1):
        assert set(Initiative.objects.filter(subtree(root.path, "team__"))) == set(work)


@pytest.mark.django_db
def test_missing_parent_is_refused():
    team = TeamFactory()
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        Team.objects.filter(pk=team.pk).update(parent_id=team.pk + 1000)


def in_thread(work: Any) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_cycle():
    """A below B while B goes below A: the second waits, and finds what the first did."""
    strategy = StrategyFactory()
    a, b = GoalFactory(strategy=strategy), GoalFactory(strategy=strategy)
    failures: list[DatabaseError] = []

    def other() -> None:
        try:
            Goal.objects.filter(pk=b.pk).update(parent=a.pk, strategy=None)
        except DatabaseError as error:
            failures.append(error)

    with transaction.atomic():
        Goal.objects.filter(pk=a.pk).update(parent=b.pk, strategy=None)
        thread = in_thread(other)
        thread.join(0.3)
        assert thread.is_alive(), "the second move waits for the first"
    thread.join(10)
    assert [str(error).splitlines()[0] for error in failures] == [f"strategy_goal {b.pk} cannot hang below itself"]
    assert Goal.objects.get(pk=a.pk).path == [b.pk, a.pk]


@pytest.mark.django_db(transaction=True)
def test_insert_during_a_move_gets_the_moved_path():
    root, middle = TeamFactory(), TeamFactory()
    with transaction.atomic():
        Team.objects.filter(pk=middle.pk).update(parent=root)
        thread = in_thread(lambda: TeamFactory(key="late", parent_id=middle.pk))
        thread.join(0.3)
        assert thread.is_alive(), "the insert waits for the move"
    thread.join(10)
    late = Team.objects.get(key="late")
    assert late.path == [root.pk, middle.pk, late.pk]
