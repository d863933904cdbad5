"""What the database takes at its limits and what it refuses one beyond, what stays for ever, and that models and
migrations say the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from alignment.models import Link
from strategy.models import CheckIn, Edition, EditionGoal, Goal
from teams.models import Company, Person
from tests import factories as make
from tests.database.test_constraints import refused, run
from tests.factories import DAY, NOW
from tests.strategy.editions import add_edition

pytestmark = pytest.mark.django_db


def check_in() -> CheckIn:
    return CheckIn.objects.create(measure=make.MeasureFactory(), at=NOW, value=Decimal(1))


def edition() -> Edition:
    return add_edition(make.StrategyFactory(), {"title": "Plan", "goals": {}})


def edition_goal() -> EditionGoal:
    return EditionGoal.objects.create(edition=edition(), goal=make.GoalFactory(), says=None, hidden=False)


ROWS: dict[str, Callable[[], Any]] = {
    "teams_person": make.PersonFactory,
    "teams_team": make.TeamFactory,
    "teams_initiative": make.InitiativeFactory,
    "teams_support": make.SupportFactory,
    "teams_company": Company.objects.get,
    "strategy_strategy": make.StrategyFactory,
    "strategy_goal": make.GoalFactory,
    "strategy_measure": make.MeasureFactory,
    "strategy_checkin": check_in,
    "strategy_persona": make.PersonaFactory,
    "strategy_contextpage": make.ContextPageFactory,
    "alignment_link": make.LinkFactory,
    "alignment_flag": make.FlagFactory,
}
KEYED = ("teams_team", "teams_initiative", "strategy_strategy", "strategy_goal", "strategy_measure", "strategy_persona",
         "strategy_contextpage")  # fmt: skip
DAYS = "teams_team.stance_until teams_initiative.starts_on teams_initiative.ends_on teams_initiative.touched_on"
MORE_DAYS = (
    "teams_team.archived_on teams_support.asked_on teams_support.needed_on teams_support.due_on"
    " strategy_strategy.starts_on strategy_strategy.ends_on"
    " strategy_goal.starts_on strategy_goal.ends_on strategy_goal.meaning_changed_on strategy_goal.closed_on"
    " alignment_link.review_on alignment_link.confirmed_on alignment_link.judged_on"
)
URL = "https://example.com/"
LARGEST = "999999999999999.999999"

EDGES: list[tuple[str, Any, Any, Any]] = [
    *((f"{table}.key", "a-0", "a" * 80, "a" * 81) for table in KEYED),
    *((column, "1970-01-01", "2100-12-31", "2101-01-01") for column in f"{DAYS} {MORE_DAYS}".split()),
    ("teams_company.grace_days", 0, 3650, 3651),
    ("teams_company.silent_days", 0, 3650, -1),
    ("teams_company.default_effort", "0.01", "99999.99", "0"),
    ("teams_person.digest_weekday", 1, 7, 8),
    ("teams_person.digest_weekday", 1, None, 0),
    ("teams_person.digest_hour", 0, 23, 24),
    ("teams_person.digest_hour", 0, None, -1),
    ("teams_person.refusal", "", "a" * 1_000, "a" * 1_001),
    ("teams_person.refusal", "", "a", "two\nlines"),
    ("teams_person.role", "viewer", "leader", "guest"),
    ("teams_team.mission", "", "a" * 2_000, "a" * 2_001),
    ("teams_team.stance_reason", "", "a" * 1_000, "two\nlines"),
    ("teams_initiative.effort", "0.01", "99999.99", "0"),
    ("teams_initiative.problem", " ", "a" * 50_000, "a" * 50_001),
    ("teams_initiative.declaration", "", "a" * 2_000, "a" * 2_001),
    ("teams_initiative.status_reason", "", "a" * 2_000, "a" * 2_001),
    ("teams_initiative.learned", "", "a" * 2_000, "a" * 2_001),
    ("teams_initiative.url", "", URL + "a" * (2_000 - len(URL)), "https://exam ple.com"),
    ("teams_initiative.url", "http://a", "https://a", "javascript:alert(1)"),
    ("teams_support.ask", "", "a" * 1_000, "a" * 1_001),
    ("teams_support.answer", "", "a" * 1_000, "two\nlines"),
    ("teams_support.thanks", "", "a" * 1_000, "two\nlines"),
    ("strategy_strategy.narrative", " ", "a" * 50_000, "a" * 50_001),
    ("strategy_goal.weight", "0.0001", "9999.9999", "0"),
    ("strategy_goal.why", "", "a" * 50_000, " \n"),
    ("strategy_goal.closing_reason", "", "a" * 2_000, "a" * 2_001),
    ("strategy_goal.situation", "", "a" * 50_000, " \n"),
    ("strategy_goal.boundaries", "", "a" * 50_000, "a" * 50_001),
    ("strategy_goal.learned", "", "a" * 2_000, "a" * 2_001),
    ("strategy_persona.problem", "", "a" * 50_000, "a" * 50_001),
    ("strategy_contextpage.body", "", "a" * 50_000, "a" * 50_001),
    *((f"strategy_measure.{column}", f"-{LARGEST}", LARGEST, "NaN") for column in ("baseline", "target", "current")),
    ("strategy_measure.kind", "target", "at_most", "milestone"),  # which has no other number than 0 and 1
    ("teams_company.check_in_rhythm", "week", "month", "year"),
    ("strategy_measure.unit", "", "a" * 40, "two\nlines"),
    ("alignment_link.share", "0.000001", "1", "0"),
    ("alignment_link.rationale", "", "a" * 2_000, "\t"),
    ("alignment_link.evidence", "", "a" * 1_000, "a" * 1_001),
    ("alignment_link.note", "", "a" * 2_000, "a" * 2_001),
    ("alignment_link.outcome_note", "", "a" * 2_000, "a" * 2_001),
    ("alignment_flag.resolved_on", DAY, None, "2026-03-15"),
]


@pytest.mark.parametrize(("column", "low", "high", "beyond"), EDGES, ids=lambda value: repr(value)[:30])
def test_column_takes_what_is_within_its_limits_alone(column: str, low: Any, high: Any, beyond: Any):
    table, _, name = column.partition(".")
    row = ROWS[table]()
    for value in (low, high):
        run(f'UPDATE {table} SET "{name}" = %s WHERE id = %s', value, row.pk)
    run(f'UPDATE {table} SET "{name}" = %s WHERE id = %s', low, row.pk)
    refused(f'UPDATE {table} SET "{name}" = %s WHERE id = %s', beyond, row.pk)


@pytest.mark.parametrize(
    "name", ["coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling"]
)
def test_stance_range_is_from_none_to_all(name: str):
    for value in ("0", "1", "0.000001"):
        run(f"UPDATE teams_stancerange SET {name} = %s WHERE stance = 'core'", value)
    for value in ("-0.000001", "1.000001"):
        refused(f"UPDATE teams_stancerange SET {name} = %s WHERE stance = 'core'", value)


def test_check_in_holds_a_number_and_a_note():
    measure = make.MeasureFactory()
    for value, note, good in ((LARGEST, "a" * 2_000, True), ("NaN", "", False), ("1", "a" * 2_001, False)):
        insert = "INSERT INTO strategy_checkin (measure_id, at, value, note) VALUES (%s, %s, %s, %s)"
        (run if good else refused)(insert, measure.pk, NOW, value, note)


@pytest.mark.parametrize("make_row", [make.TeamFactory, make.GoalFactory])
def test_tree_is_at_most_250_deep(make_row: Any):
    """The depth of a path is a constraint of its own, also where rows were written long ago."""
    row = make_row()
    table = row._meta.db_table
    for number in range(249):
        with connection.cursor() as cursor:
            columns = {field.column for field in row._meta.concrete_fields} - {"id", "key", "parent_id", "strategy_id"}
            names = ", ".join(sorted(columns))
            cursor.execute(
                f"INSERT INTO {table} (key, parent_id, {names}) SELECT %s, %s, {names} FROM {table} WHERE id = %s"
                " RETURNING id, cardinality(path)",
                [f"level-{number}", row.pk, row.pk],
            )
            row.pk, depth = cursor.fetchone()
    assert depth == 250
    with pytest.raises(IntegrityError, match=f"{table}_depth"), transaction.atomic():
        make_row(parent=type(row).objects.get(pk=row.pk))


def test_id_of_a_row_in_a_tree_does_not_change():
    team = make.TeamFactory()
    assert "does not change" in refused("UPDATE teams_team SET id = id + 1000000 WHERE id = %s", team.pk)


def test_root_of_a_team_or_of_the_company_becomes_a_child_and_back():
    strategy, team = make.StrategyFactory(), make.TeamFactory()
    root, other = make.GoalFactory(strategy=strategy), make.GoalFactory(strategy=strategy)
    below = make.GoalFactory(parent=other)
    run("UPDATE strategy_goal SET parent_id = %s, strategy_id = NULL WHERE id = %s", root.pk, other.pk)
    assert Goal.objects.get(pk=below.pk).path == [root.pk, other.pk, below.pk]
    assert [goal.pk for goal in Goal.objects.below(Goal.objects.get(pk=other.pk))] == [other.pk, below.pk]
    assert [goal.pk for goal in Goal.objects.above(Goal.objects.get(pk=below.pk))] == [root.pk, other.pk]
    run("UPDATE strategy_goal SET parent_id = NULL, team_id = %s WHERE id = %s", team.pk, other.pk)
    assert Goal.objects.get(pk=below.pk).path == [other.pk, below.pk]
    assert [Goal.objects.get(pk=goal.pk).depth for goal in (root, other, below)] == [0, 0, 1]


FOREVER: dict[str, Callable[[], Any]] = {
    "teams_logentry": make.LogEntryFactory,
    "teams_logref": make.LogRefFactory,
    "strategy_checkin": check_in,
    "strategy_edition": edition,
    "strategy_editiongoal": edition_goal,
    "alignment_initiativehistory": make.InitiativeHistoryFactory,
    "alignment_linkhistory": make.LinkHistoryFactory,
    "alignment_companyweek": make.CompanyWeekFactory,
    "alignment_teamweek": make.TeamWeekFactory,
    "alignment_goalweek": make.GoalWeekFactory,
}


def test_what_stays_for_ever_is_this_and_nothing_else():
    names = {model._meta.db_table for model, trigger in pgtrigger.registered() if trigger.name == "append_only"}
    assert names == FOREVER.keys()


@pytest.mark.parametrize("table", FOREVER)
def test_row_that_stays_for_ever_is_neither_changed_nor_taken_away(table: str):
    column = FOREVER[table]()._meta.concrete_fields[-1].column
    assert "Cannot update" in refused(f"UPDATE {table} SET {column} = {column}")
    assert "Cannot update or delete" in refused(f"DELETE FROM {table}")


EDITED: dict[str, tuple[str, Any]] = {
    "teams_company": ("name", "Other"),
    "teams_team": ("stance", "explore"),
    "teams_initiative": ("declaration", "Why"),
    "teams_support": ("answer", "Yes"),
    "strategy_strategy": ("narrative", "Other"),
    "strategy_goal": ("closing_reason", "Why"),
    "strategy_measure": ("current", 5),
    "strategy_persona": ("problem", "Other"),
    "strategy_contextpage": ("body", "Other"),
    "alignment_link": ("note", "No"),
}


@pytest.mark.parametrize("table", EDITED)
def test_each_edit_of_a_row_counts_its_version_once(table: str):
    row, (name, value) = ROWS[table](), EDITED[table]
    for _ in range(2):
        run(f"UPDATE {table} SET {name} = %s, version = 77 WHERE id = %s AND {name} <> %s", value, row.pk, value)
        row.refresh_from_db()
        assert row.version == 2


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ("teams_initiative", "touched_on", "2026-03-20"),
        ("teams_person", "last_login", NOW),
        ("teams_person", "password", "x"),
    ],
)
def test_what_happens_by_the_way_is_no_edit(table: str, name: str, value: Any):
    row = ROWS[table]()
    run(f"UPDATE {table} SET {name} = %s WHERE id = %s", value, row.pk)
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("email", "x@example.com"), ("name", "X"), ("role", "leader"), ("timezone", "UTC"), ("is_active", False)),
        *(("digests", False), ("digests_always", True), ("digest_weekday", 3), ("digest_hour", 9)),
    ],
)
def test_what_somebody_says_of_a_person_is_an_edit(name: str, value: Any):
    person = make.PersonFactory()
    run(f"UPDATE teams_person SET {name} = %s WHERE id = %s", value, person.pk)
    person.refresh_from_db()
    assert person.version == 2


def test_administrator_who_has_left_does_not_count():
    admin, gone = make.AdminFactory(), make.AdminFactory(is_active=False)
    run("DELETE FROM teams_person WHERE id = %s", gone.pk)
    assert "needs an administrator" in refused("UPDATE teams_person SET role = 'member' WHERE id = %s", admin.pk)


def test_two_may_hand_over_in_one_transaction():
    admin, other = make.AdminFactory(), make.LeaderFactory()
    run(
        "UPDATE teams_person SET role = CASE id WHEN %s THEN 'leader' ELSE 'admin' END WHERE id IN (%s, %s)",
        admin.pk, admin.pk, other.pk,
    )  # fmt: skip
    assert Person.objects.get(role="admin") == other


def test_models_and_migrations_say_the_same():
    """Fields, constraints, indexes and triggers: what stands in a model is what the database has."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# Two at once


def beside(work: Callable[[], object]) -> tuple[threading.Thread, list[str]]:
    """`work` in another connection; what the database said to it."""
    said: list[str] = []

    def go() -> None:
        try:
            with transaction.atomic():
                work()
        except DatabaseError as error:
            said.append(str(error).splitlines()[0])
        finally:
            connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    return thread, said


@pytest.mark.django_db(transaction=True)
def test_shares_of_one_initiative_are_written_one_after_the_other():
    work = make.InitiativeFactory()
    goals = [make.GoalFactory(), make.GoalFactory()]
    with transaction.atomic():
        Link.objects.create(initiative=work, goal=goals[0], share=Decimal("0.6"), confirmed_on=DAY)
        thread, said = beside(
            lambda: Link.objects.create(initiative=work, goal=goals[1], share=Decimal("0.6"), confirmed_on=DAY)
        )
        thread.join(0.3)
        assert thread.is_alive(), "the second waits for the first"
    thread.join(10)
    assert said == ["the shares of one initiative add up to more than 1"]
    assert Link.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_go_at_the_same_time():
    one, other = make.AdminFactory(), make.AdminFactory()

    def leave(person: Person) -> None:
        Person.objects.filter(pk=person.pk).update(role="leader")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with transaction.atomic():
        leave(one)
        thread, said = beside(lambda: leave(other))
        thread.join(0.3)
        assert thread.is_alive(), "the second waits for the first"
    thread.join(10)
    assert said == ["the company needs an administrator"]
    assert Person.objects.get(role="admin") == other
