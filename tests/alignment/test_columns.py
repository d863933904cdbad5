"""The company as columns, read from the database: every column of a row that says something in each, a few rows as the
engine needs them, and one state of the database for all of it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.db import connection

from alignment.engine.model import NEVER, Company
from alignment.selectors.columns import FewReader, company_columns, one_snapshot
from lib.db.columns import Table
from strategy.models import Goal, Strategy
from teams.models import Company as Settings
from teams.models import StanceRange
from tests import factories as make

EPOCH = dt.date(1970, 1, 1)


def days(text: str) -> int:
    return (dt.date.fromisoformat(text) - EPOCH).days


def row(table, at: int) -> dict:
    return {name: column[at].item() for name, column in vars(table).items()}


@pytest.fixture
def company(db) -> dict:
    """Two of everything, the second with as little as may be. The rows stand in the order of their ids, which here is
    the other way round than they refer to each other where they may."""
    plan = make.StrategyFactory(starts_on="2026-01-01", ends_on="2026-12-31")
    draft = make.StrategyFactory(status="archived")
    crew = make.TeamFactory(mission="", stance="core")
    fleet = make.TeamFactory(mission="Sail.", stance="spotlight", stance_until="2026-05-01")
    type(crew).objects.filter(pk=crew.pk).update(parent=fleet)
    below = make.GoalFactory(team=crew, why="", status="missed")
    top = make.GoalFactory(
        strategy=plan, weight="2.5", starts_on="1970-01-01", ends_on="2100-12-31", meaning_changed_on="2026-02-01",
        meaning_changed_at="2026-02-01T09:00:00.5Z",
    )  # fmt: skip
    Goal.objects.filter(pk=below.pk).update(parent=top)
    make.MeasureFactory(goal=top)
    unsized = make.InitiativeFactory(team=fleet, effort=None, status="paused", touched_on="2026-03-01")
    look = make.InitiativeFactory(
        team=crew, kind="explore", origin="assigned", effort="2.25", ends_on="2026-06-30", touched_on="2026-03-02"
    )
    plain = make.LinkFactory(initiative=unsized, goal=below, rationale="", confirmed_on="2026-03-03")
    bet = make.LinkFactory(
        initiative=look, goal=top, share="0.333333", state="endorsed", outcome="failed", confirmed_on="2026-03-04",
        confirmed_at="2026-03-04T00:00:01Z", review_on="2026-04-01",
    )  # fmt: skip
    make.MissionGoalFactory(team=crew, goal=top)
    make.SupportFactory(initiative=unsized, team=crew, status="declined", asked_on="2026-03-05")
    make.SupportFactory(initiative=look, team=fleet, asked_on="2026-03-06")
    Settings.objects.update(grace_days=7, silent_days=9, default_effort="1.25")
    StanceRange.objects.filter(stance="explore").update(
        coverage_floor="0.11", exploring_floor="0.12", exploring_ceiling="0.13", autonomy_floor="0.14",
        sustaining_ceiling="0.15",
    )  # fmt: skip
    return locals()


def test_every_column_is_what_the_row_says(company):
    read = company_columns()
    assert [row(read.strategies, at) for at in (0, 1)] == [
        {"id": company["plan"].pk, "status": 1, "starts_on": days("2026-01-01"), "ends_on": days("2026-12-31")},
        {"id": company["draft"].pk, "status": 2, "starts_on": NEVER, "ends_on": NEVER},
    ]
    assert [row(read.goals, at) for at in (0, 1)] == [
        {
            "id": company["below"].pk, "parent": 1, "strategy": -1, "team": True, "here": True, "status": 3,
            "starts_on": NEVER, "ends_on": NEVER, "weight": 1.0, "explained": False, "measured": False,
            "meaning_changed_on": NEVER, "meaning_changed_at": 0.0,
        },
        {
            "id": company["top"].pk, "parent": -1, "strategy": 0, "team": False, "here": True, "status": 1,
            "starts_on": 0, "ends_on": days("2100-12-31"), "weight": 2.5, "explained": True, "measured": True,
            "meaning_changed_on": days("2026-02-01"), "meaning_changed_at": 1_769_936_400.5,
        },
    ]  # fmt: skip
    assert [row(read.teams, at) for at in (0, 1)] == [
        {"id": company["crew"].pk, "parent": 1, "mission": False, "stance": 1, "stance_until": NEVER, "here": True},
        {
            "id": company["fleet"].pk,
            "parent": -1,
            "mission": True,
            "stance": 0,
            "stance_until": days("2026-05-01"),
            "here": True,
        },
    ]
    assert [row(read.initiatives, at) for at in (0, 1)] == [
        {
            "id": company["unsized"].pk, "team": 1, "kind": 0, "origin": 0, "status": 2, "effort": 0.0,
            "ends_on": NEVER, "touched_on": days("2026-03-01"),
        },
        {
            "id": company["look"].pk, "team": 0, "kind": 1, "origin": 1, "status": 1, "effort": 2.25,
            "ends_on": days("2026-06-30"), "touched_on": days("2026-03-02"),
        },
    ]  # fmt: skip
    assert sorted((row(read.links, at) for at in (0, 1)), key=lambda each: each["id"]) == [
        {
            "id": company["plain"].pk, "initiative": 0, "goal": 0, "share": -1, "state": 0, "outcome": 0,
            "reasoned": False, "confirmed_on": days("2026-03-03"), "confirmed_at": 0.0, "review_on": NEVER,
        },
        {
            "id": company["bet"].pk, "initiative": 1, "goal": 1, "share": 333_333, "state": 1, "outcome": 2,
            "reasoned": True, "confirmed_on": days("2026-03-04"), "confirmed_at": 1_772_582_401.0,
            "review_on": days("2026-04-01"),
        },
    ]  # fmt: skip
    assert (read.missions.team.tolist(), read.missions.goal.tolist()) == ([0], [1])
    assert sorted(zip(*(column.tolist() for column in vars(read.asks).values()), strict=True)) == [
        (0, 2, days("2026-03-05")),
        (1, 0, days("2026-03-06")),
    ]


def test_rules_are_the_settings_by_stance(company):
    rules = company_columns().rules
    assert (rules.grace_days, rules.silent_days, rules.default_effort) == (7, 9, 1.25)
    assert rules.coverage_floor.tolist() == [0.9, 0.7, 0.11]
    assert rules.exploring_floor.tolist() == [0, 0.05, 0.12]
    assert rules.exploring_ceiling.tolist() == [0.1, 0.3, 0.13]
    assert rules.autonomy_floor.tolist() == [0.2, 0.4, 0.14]
    assert rules.sustaining_ceiling.tolist() == [0.4, 0.5, 0.15]


def few(initiatives=(), goals=(), teams=()) -> Company:
    reader = FewReader({"extra": Table("generate_series(1, 2) AS rows (n)", {"n": ("l", "n")})})
    wanted = {"initiatives": initiatives, "goals": goals, "teams": teams}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jit', 'off', true)",
        )
        sql = reader.sql
        for name in wanted:
            sql = sql.replace(f"%({name})s", f"%({name})s::bigint[]")
        cursor.execute(sql, {name: [each.pk for each in rows] for name, rows in wanted.items()})
        (answer,) = cursor.fetchone()
    found = reader.few(answer)
    assert found.more["extra"]["n"].tolist() == [1, 2]
    return found.company


def ids(read: Company) -> dict[str, list[int]]:
    names = ("strategies", "goals", "teams", "initiatives", "links")
    return {name: sorted(getattr(read, name).id.tolist()) for name in names}


def test_few_initiatives_come_with_their_links_goals_above_and_strategies(company):
    work, below, top = company["unsized"], company["below"], company["top"]
    read = few(initiatives=[work])
    assert ids(read) == {
        "strategies": [company["plan"].pk],
        "goals": sorted([below.pk, top.pk]),
        "teams": [company["fleet"].pk],
        "initiatives": [work.pk],
        "links": [company["plain"].pk],
    }
    assert len(read.asks.initiative) == len(read.missions.team) == 0
    assert dict(zip(read.goals.id.tolist(), read.goals.measured.tolist(), strict=True)) == {
        below.pk: False,
        top.pk: True,
    }


def test_few_goals_come_with_those_above_alone(company):
    read = few(goals=[company["top"]])
    assert ids(read) == {
        "strategies": [company["plan"].pk], "goals": [company["top"].pk], "teams": [], "initiatives": [], "links": [],
    }  # fmt: skip


def test_few_teams_come_with_missions_and_in_the_spotlight_with_what_they_asked(company):
    crew, fleet = company["crew"], company["fleet"]
    read = few(teams=[crew])
    assert ids(read)["teams"] == [crew.pk]
    assert ids(read)["goals"] == [company["top"].pk]
    assert (len(read.missions.team), len(read.asks.initiative), len(read.initiatives.id)) == (1, 0, 0)
    read = few(teams=[fleet])
    assert ids(read)["initiatives"] == [company["unsized"].pk]
    assert read.asks.status.tolist() == [2]
    assert read.teams.parent.tolist() == [-1]


def test_few_rows_say_what_the_whole_says(company):
    whole, part = company_columns(), few(initiatives=[company["look"], company["unsized"]], teams=[company["crew"]])
    for table in ("strategies", "goals", "teams", "initiatives"):
        kept = np.isin(getattr(whole, table).id, getattr(part, table).id)
        for name, column in vars(getattr(part, table)).items():
            if name not in {"parent", "strategy", "team"} or table == "goals":
                assert column.tolist() == getattr(getattr(whole, table), name)[kept].tolist(), (table, name)


def test_rows_in_another_order_than_their_ids_come_in_that_of_their_ids(company):
    """An update writes a row anew at the end of its table."""
    before = company_columns()
    Strategy.objects.filter(pk=company["plan"].pk).update(title="Other")
    Goal.objects.filter(pk=company["below"].pk).update(title="Other")
    after = company_columns()
    for table in ("strategies", "goals"):
        for name, column in vars(getattr(before, table)).items():
            assert getattr(getattr(after, table), name).tolist() == column.tolist()


def test_snapshot_inside_of_a_transaction_is_that_transactions_view(db):
    with one_snapshot(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


@pytest.mark.django_db(transaction=True)
def test_snapshot_of_its_own_is_of_one_instant_and_writes_nothing():
    with one_snapshot(), connection.cursor() as cursor:
        seen = []
        for name in ("transaction_isolation", "transaction_read_only"):
            cursor.execute(f"SHOW {name}")
            seen.append(cursor.fetchone()[0])
    assert seen == ["repeatable read", "on"]
