"""Raw SQL cannot break the model: what spec/bundle.md rules out, PostgreSQL refuses whoever writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, DataError, IntegrityError, InternalError, connection, transaction

from teams.enums import Role
from teams.models import Company, LogEntry, Person
from tests.factories import (
    DAY,
    NOW,
    AdminFactory,
    ContextPageFactory,
    FlagFactory,
    GoalFactory,
    GoalSuccessorFactory,
    InitiativeFactory,
    LinkFactory,
    LogEntryFactory,
    MeasureFactory,
    MembershipFactory,
    MissionGoalFactory,
    PersonaFactory,
    PersonFactory,
    StrategyFactory,
    SupportFactory,
    TeamFactory,
    TeamPersonaFactory,
)

pytestmark = pytest.mark.django_db

Make = Callable[[], Any]


def run(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(sql: str, *parameters: Any) -> str:
    with pytest.raises((IntegrityError, DataError, InternalError)) as caught:
        run(sql, *parameters)
    return str(caught.value)


ROWS: dict[str, Make] = {
    "teams_person": PersonFactory,
    "teams_team": TeamFactory,
    "teams_membership": MembershipFactory,
    "teams_initiative": InitiativeFactory,
    "teams_support": SupportFactory,
    "strategy_strategy": StrategyFactory,
    "strategy_goal": GoalFactory,
    "strategy_measure": MeasureFactory,
    "strategy_persona": PersonaFactory,
    "strategy_contextpage": ContextPageFactory,
    "alignment_link": LinkFactory,
    "alignment_flag": FlagFactory,
    "teams_company": Company.objects.get,
}

KEYED = (
    "teams_team",
    "teams_initiative",
    "strategy_strategy",
    "strategy_goal",
    "strategy_measure",
    "strategy_persona",
    "strategy_contextpage",
)
TITLED = tuple(table for table in KEYED if table not in {"teams_team", "strategy_persona"})
NAMED = ("teams_person", "teams_team", "strategy_persona", "teams_company")

DAYS = (
    *(("teams_team", column) for column in ("stance_until", "archived_on")),
    *(("teams_initiative", column) for column in ("starts_on", "ends_on", "touched_on")),
    ("teams_support", "asked_on"),
    ("teams_support", "needed_on"),
    ("teams_support", "due_on"),
    *(("strategy_strategy", column) for column in ("starts_on", "ends_on")),
    *(("strategy_goal", column) for column in ("starts_on", "ends_on", "meaning_changed_on")),
    *(("alignment_link", column) for column in ("review_on", "confirmed_on")),
)

WRONG: list[tuple[str, str, Any]] = [
    *((table, "key", value) for table in KEYED for value in ("", "Upper", "-dash", "two words", "line\n", "a" * 81)),
    *((table, "title", value) for table in TITLED for value in ("", " \t", "two\nlines", "a" * 201)),
    *((table, "name", value) for table in NAMED for value in ("", "\u00a0 ", "bell\x07", "a" * 201)),
    ("teams_person", "email", "a" * 255),
    ("teams_person", "role", "king"),
    ("teams_team", "stance", "sideways"),
    ("teams_team", "mission", "a" * 2001),
    ("teams_team", "mission", " \n "),
    ("teams_team", "stance_reason", "a" * 1001),
    ("teams_membership", "role", "boss"),
    ("teams_initiative", "kind", "hobby"),
    ("teams_initiative", "kind", "explore"),  # has no end
    ("teams_initiative", "origin", "heaven"),
    ("teams_initiative", "status", "late"),
    ("teams_initiative", "effort", 0),
    ("teams_initiative", "effort", -1),
    ("teams_initiative", "effort", 100_000),
    ("teams_initiative", "problem", "a" * 50_001),
    ("teams_initiative", "url", "ftp://example.com"),
    ("teams_initiative", "url", "https://example.com/" + "a" * 2000),
    *((table, column, day) for table, column in DAYS for day in ("1969-12-31", "2101-01-01", "infinity")),
    *(("strategy_measure", column, "NaN") for column in ("baseline", "target", "current")),
    ("teams_initiative", "touched_on", None),
    ("teams_support", "size", "vast"),
    ("teams_support", "status", "maybe"),
    ("teams_support", "ask", "two\nlines"),
    ("teams_support", "key", "A Key"),
    ("teams_support", "unconfirmed", True),
    ("teams_support", "asked_on", None),
    ("strategy_strategy", "status", "active"),
    ("strategy_strategy", "narrative", "a" * 50_001),
    ("strategy_goal", "status", "published"),
    ("strategy_goal", "kind", "goal"),
    ("strategy_goal", "visibility", "nobody"),
    ("strategy_goal", "weight", 0),
    ("strategy_goal", "weight", 10_000),
    ("strategy_goal", "why", "a" * 50_001),
    ("strategy_goal", "why", " "),
    ("strategy_goal", "strategy_id", None),  # a company root without a strategy
    ("strategy_measure", "kind", "feeling"),
    ("strategy_measure", "unit", "a" * 41),
    ("strategy_measure", "target", 10**15),
    ("strategy_measure", "target", None),
    ("strategy_contextpage", "lens", "telescope"),
    ("alignment_link", "share", 0),
    ("alignment_link", "share", "1.000001"),
    ("alignment_link", "state", "unsure"),
    ("alignment_link", "outcome", "great"),
    ("alignment_link", "rationale", "a" * 2001),
    ("alignment_link", "rationale", "\n"),
    ("alignment_link", "evidence", "two\nlines"),
    ("alignment_link", "confirmed_on", None),
    ("alignment_link", "expected_change", 1),  # of no measure
    ("alignment_flag", "code", "nonsense"),
    ("alignment_flag", "initiative_id", None),  # about nothing
    ("alignment_flag", "resolved_on", DAY - dt.timedelta(days=1)),
    ("teams_company", "id", 2),
    ("teams_company", "grace_days", -1),
    ("teams_company", "silent_days", 3651),
    ("teams_company", "default_effort", 0),
]


@pytest.mark.parametrize(("table", "column", "value"), WRONG, ids=lambda value: repr(value)[:30])
def test_column_refuses(table: str, column: str, value: Any):
    row = ROWS[table]()
    refused(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', value, row.pk)


@pytest.mark.parametrize("column", ["coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor"])
@pytest.mark.parametrize("value", ["-0.1", "1.000001"])
def test_stance_range_is_a_part_of_one(column: str, value: str):
    refused(f"UPDATE teams_stancerange SET {column} = %s WHERE stance = 'core'", value)


@pytest.mark.parametrize("table", ["teams_initiative", "strategy_strategy", "strategy_goal"])
def test_end_before_start_is_refused(table: str):
    row = ROWS[table]()
    run(f"UPDATE {table} SET starts_on = %s, ends_on = %s WHERE id = %s", DAY, DAY, row.pk)
    refused(f"UPDATE {table} SET ends_on = %s WHERE id = %s", DAY - dt.timedelta(days=1), row.pk)


PAIRS: list[tuple[str, Make, tuple[str, ...]]] = [
    ("teams_membership", MembershipFactory, ("team_id", "person_id", "role", "version")),
    ("teams_support", SupportFactory, ("initiative_id", "team_id", "ask", "size", "status", "asked_on", "version")),
    ("alignment_flag", FlagFactory, ("code", "initiative_id", "first_seen")),
    ("strategy_missiongoal", MissionGoalFactory, ("team_id", "goal_id")),
    ("strategy_goalsuccessor", GoalSuccessorFactory, ("goal_id", "successor_id")),
    ("strategy_teampersona", TeamPersonaFactory, ("team_id", "persona_id")),
    (
        "alignment_link",
        LinkFactory,
        ("initiative_id", "goal_id", "rationale", "state", "evidence", "outcome", "confirmed_on", "version"),
    ),
]


@pytest.mark.parametrize(("table", "make", "columns"), PAIRS, ids=lambda value: value if isinstance(value, str) else "")
def test_pair_stands_once(table: str, make: Make, columns: tuple[str, ...]):
    row, names = make(), ", ".join(columns)
    assert "once" in refused(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE id = %s", row.pk)


def test_email_stands_once_whatever_its_case():
    PersonFactory(email="ada@example.com")
    other = PersonFactory(email="bea@example.com")
    assert "once" in refused("UPDATE teams_person SET email = 'ADA@example.com' WHERE id = %s", other.pk)


def test_goal_below_another_has_no_strategy_and_team_root_has_none():
    root = GoalFactory()
    child, own = GoalFactory(parent=root), GoalFactory(team=TeamFactory())
    for goal in (child, own):
        assert "strategy_goal_root" in refused(
            "UPDATE strategy_goal SET strategy_id = %s WHERE id = %s", root.strategy_id, goal.pk
        )


def test_shares_of_one_initiative_are_at_most_one():
    work = InitiativeFactory()
    first, second = LinkFactory(initiative=work, share="0.6"), LinkFactory(initiative=work, share="0.4")
    LinkFactory(initiative=work)
    assert "shares" in refused("UPDATE alignment_link SET share = 0.400001 WHERE id = %s", second.pk)
    run("UPDATE alignment_link SET share = 1 - share WHERE id IN (%s, %s)", first.pk, second.pk)
    with pytest.raises(DatabaseError, match="add up to more than 1"), transaction.atomic():
        LinkFactory(initiative=work, share="0.000001")


def test_team_does_not_ask_itself():
    ask = SupportFactory()
    assert "ask itself" in refused(
        "UPDATE teams_support SET team_id = %s WHERE id = %s", ask.initiative.team_id, ask.pk
    )
    assert "ask itself" in refused(
        "UPDATE teams_initiative SET team_id = %s WHERE id = %s", ask.team_id, ask.initiative_id
    )


def test_measure_of_a_link_is_of_its_goal_or_below():
    root = GoalFactory()
    middle, beside = GoalFactory(parent=root), GoalFactory(parent=root)
    measure, elsewhere = MeasureFactory(goal=middle), MeasureFactory(goal=beside)
    link = LinkFactory(goal=root, measure=measure)
    run("UPDATE alignment_link SET goal_id = %s WHERE id = %s", middle.pk, link.pk)
    for sql, row in (
        ("UPDATE alignment_link SET goal_id = %s WHERE id = %s", (beside.pk, link.pk)),
        ("UPDATE alignment_link SET measure_id = %s WHERE id = %s", (elsewhere.pk, link.pk)),
        ("UPDATE strategy_measure SET goal_id = %s WHERE id = %s", (root.pk, measure.pk)),
    ):
        assert "measure of its goal" in refused(sql, *row)


def test_measure_of_a_link_stays_below_when_a_goal_moves():
    root, other = GoalFactory(), GoalFactory()
    middle = GoalFactory(parent=root)
    leaf = GoalFactory(parent=middle)
    LinkFactory(goal=root, measure=MeasureFactory(goal=leaf))
    run("UPDATE strategy_goal SET parent_id = %s WHERE id = %s", root.pk, leaf.pk)
    assert "measure of its goal" in refused("UPDATE strategy_goal SET parent_id = %s WHERE id = %s", other.pk, leaf.pk)


def test_last_administrator_stays():
    admin, second = AdminFactory(), AdminFactory()
    run("UPDATE teams_person SET role = 'member' WHERE id = %s", second.pk)
    for sql in (
        "UPDATE teams_person SET role = 'leader' WHERE id = %s",
        "UPDATE teams_person SET is_active = false WHERE id = %s",
        "DELETE FROM teams_person WHERE id = %s",
    ):
        assert "needs an administrator" in refused(sql, admin.pk)
    assert Person.objects.get(role=Role.ADMIN) == admin


def test_log_refuses_update_and_delete():
    entry = LogEntryFactory()
    assert "Cannot update" in refused("UPDATE teams_logentry SET action = 'x' WHERE id = %s", entry.pk)
    assert "Cannot update or delete" in refused("DELETE FROM teams_logentry WHERE id = %s", entry.pk)
    assert LogEntry.objects.get() == entry


NEVER_EMPTIED = [(model, trigger) for model, trigger in pgtrigger.registered() if trigger.name == "never_emptied"]


def test_what_only_grows_cannot_be_emptied_either():
    assert {model._meta.db_table for model, _ in NEVER_EMPTIED} == {
        *("teams_logentry", "teams_logref", "strategy_checkin", "alignment_initiativehistory"),
        *("strategy_edition", "strategy_editiongoal", "alignment_linkhistory"),
        *("alignment_companyweek", "alignment_teamweek", "alignment_goalweek"),
    }


@pytest.mark.parametrize(("model", "trigger"), NEVER_EMPTIED, ids=[row[0]._meta.object_name for row in NEVER_EMPTIED])
def test_truncate_is_refused(model, trigger):
    assert "Cannot truncate" in refused(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_version_counts_edits_and_nothing_else():
    team, person = TeamFactory(), PersonFactory()
    TeamFactory(parent=team)
    run("UPDATE teams_team SET name = 'Other' WHERE id = %s", team.pk)
    run("UPDATE teams_team SET name = 'Other' WHERE id = %s", team.pk)
    run("UPDATE teams_person SET last_login = now() WHERE id = %s", person.pk)
    team.refresh_from_db()
    person.refresh_from_db()
    assert (team.version, person.version) == (2, 1)


def test_check_in_has_a_judgement_that_there_is_and_corrects_nothing_later():
    measure = MeasureFactory()
    values = "measure_id, at, value, note, confidence, corrects"
    for sure, corrects in (("certain", None), ("on_track", NOW + dt.timedelta(seconds=1))):
        refused(
            f"INSERT INTO strategy_checkin ({values}) VALUES (%s, %s, 1, '', %s, %s)",
            *(measure.pk, NOW, sure, corrects),
        )


def test_milestone_is_zero_or_one():
    measure = MeasureFactory(kind="milestone", baseline=0, target=1, current=1)
    for column, value in (("current", "0.5"), ("baseline", "1"), ("target", "2")):
        refused(f"UPDATE strategy_measure SET {column} = %s WHERE id = %s", value, measure.pk)
