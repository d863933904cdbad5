"""What the migration makes of a company that had published before there were editions."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection

from strategy.enums import EditionKind, GoalStatus, StrategyStatus, Visibility
from strategy.models import Edition, Strategy
from strategy.selectors.snapshots import snapshot_of, snapshots
from tests import factories as make
from tests.strategy.editions import assert_editions_are_up_to_date

pytestmark = pytest.mark.django_db

BEGIN = import_module("strategy.migrations.0010_first_editions").BEGIN


def begun() -> dict[str, Edition]:
    with connection.cursor() as cursor:
        cursor.execute(BEGIN)
    return {edition.strategy.key: edition for edition in Edition.objects.select_related("strategy")}


def test_everything_published_has_an_edition_that_says_what_it_says() -> None:
    plan = make.StrategyFactory(key="plan", narrative="Two\nlines", ends_on=dt.date(2026, 12, 31))
    growth = make.GoalFactory(strategy=plan, weight="2.5000", starts_on=dt.date(2026, 1, 1))
    make.MeasureFactory(goal=growth, baseline="1000.50", target="-3")
    hidden = make.GoalFactory(parent=growth, visibility=Visibility.LEADERS)
    below = make.GoalFactory(parent=hidden, status=GoalStatus.MISSED, closing_reason="Too late.")
    draft = make.GoalFactory(parent=growth, status=GoalStatus.DRAFT)
    make.GoalFactory(parent=draft)
    make.GoalFactory(parent=growth, team=make.TeamFactory())
    make.StrategyFactory(key="old", status=StrategyStatus.ARCHIVED)
    make.StrategyFactory(key="draft", status=StrategyStatus.DRAFT)

    made = begun()

    assert made.keys() == {"plan", "old"}
    now = snapshots([plan])[plan.pk]
    for goal in now["goals"].values():
        assert [goal.pop(name) for name in ("learned", "situation", "boundaries")] == [
            "",
            "",
            "",
        ]  # editions did not have it then
    assert snapshot_of(made["plan"]) == now
    assert (made["plan"].kind, made["plan"].number) == (EditionKind.BEGUN, 1)
    assert {*made["plan"].goals.values_list("goal", "hidden")} == {
        *((growth.pk, False), (hidden.pk, True), (below.pk, True)),
    }
    assert snapshot_of(made["old"])["goals"] == {}
    assert_editions_are_up_to_date()
    assert begun() == made
    assert Strategy.objects.get(key="draft").editions.count() == 0
