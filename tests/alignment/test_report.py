"""A random company moves in: the report and what is stored, against the naive implementation."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from alignment.enums import Subject
from alignment.models import Flag, GoalFigures, InitiativeFigures, TeamFigures
from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.report import alignment_report
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from tests.alignment.companies import Drawn, companies, write_folder
from tests.alignment.naive import report as naive_report
from tests.alignment.reports import approximately, plain
from tests.alignment.worked import WORKED, Worked, differences
from tests.examples import examples

pytestmark = pytest.mark.django_db

PARTS = ("effort", "aligned", "reasoned", "endorsed", "exploring", "sustaining", "orphaned")


def move_in(bundle: dict[str, list[dict[str, str]]], on: dt.date) -> None:
    with tempfile.TemporaryDirectory() as folder:
        import_bundle(write_folder(bundle, Path(folder)), actor=SYSTEM, at=dt.datetime.combine(on, dt.time(12), dt.UTC))


def stored_flags() -> set[tuple[str, str, str]]:
    rows = Flag.objects.open().values_list("code", *(f"{kind}__key" for kind in Subject))
    kinds = tuple(Subject)
    return {next((code, kind, key) for kind, key in zip(kinds, keys, strict=True) if key) for code, *keys in rows}


def stored_initiatives() -> dict[str, dict[str, float]]:
    rows = InitiativeFigures.objects.values_list("initiative__key", *PARTS)
    return {key: dict(zip(PARTS, values, strict=True)) for key, *values in rows}


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_report_of_a_company_worked_by_hand(case: Worked):
    move_in(case.bundle, case.imported_on)
    assert differences(case, alignment_report(on=case.as_of)) == []


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(companies())
def test_report_and_stored_figures_equal_naive(drawn: Drawn):
    with transaction.atomic():
        move_in(drawn.bundle, drawn.today)
        expected = naive_report(drawn.bundle, drawn.as_of, drawn.today)
        assert plain(alignment_report(on=drawn.as_of)) == approximately(plain(expected))
        recompute_alignment(as_of=drawn.as_of, at=dt.datetime.combine(drawn.today, dt.time(13), dt.UTC))
        assert stored_initiatives() == approximately(expected["initiatives"])
        assert stored_flags() == {(flag["code"], flag["subject_type"], flag["subject"]) for flag in expected["flags"]}
        assert_own_rows(expected)
        transaction.set_rollback(True)


def assert_own_rows(expected: dict[str, Any]) -> None:
    teams = {row.team.key: row for row in TeamFigures.objects.select_related("team")}
    for key, figures in expected["teams"].items():
        own = {name: getattr(teams[key], name) for name in PARTS[1:]} | {"initiatives": teams[key].initiatives}
        assert own == approximately({name: figures["own"][name] for name in own})
    goals = {row.goal.key: row for row in GoalFigures.objects.select_related("goal")}
    for key, figures in expected["goals"].items():
        row = goals[key]
        assert {"live": row.live, "anchored": row.anchored} == {name: figures[name] for name in ("live", "anchored")}
        assert (row.initiatives, row.teams) == (figures["initiatives"], figures["teams"])
        assert (row.reason == "") == row.anchored
        below = sum(other.effort for other in goals.values() if row.goal_id in other.goal.path)
        assert below == approximately(figures["effort"])
