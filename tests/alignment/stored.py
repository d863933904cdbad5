"""What is stored of a company, and what a full recompute would store."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from alignment.enums import Subject
from alignment.models import Flag, GoalFigures, InitiativeFigures, LinkFigures, Recompute, TeamFigures
from alignment.refresh.recompute import recompute_alignment

TABLES = {"initiatives": InitiativeFigures, "links": LinkFigures, "teams": TeamFigures, "goals": GoalFigures}
AT = dt.datetime(2026, 3, 16, 9, tzinfo=dt.UTC)


def stored() -> dict[str, Any]:
    """By table and key, every figure; and the open flags."""
    found: dict[str, Any] = {
        name: {row.pop(model._meta.pk.attname): row for row in model._default_manager.values()}
        for name, model in TABLES.items()
    }
    flags = Flag.objects.open().values_list("code", *Subject.values)
    return found | {"flags": sorted(flags, key=str)}


def recomputed() -> dict[str, Any]:
    """As `stored` after a full recompute as of the same day, of which nothing stays."""
    latest = Recompute.objects.first()
    assert latest is not None
    with transaction.atomic():
        recompute_alignment(as_of=latest.as_of, at=AT)
        found = stored()
        transaction.set_rollback(True)
    return found


def assert_no_drift() -> None:
    now, right = stored(), recomputed()
    assert now["flags"] == right["flags"]
    for table in TABLES:
        assert now[table].keys() == right[table].keys()
        for key, row in right[table].items():
            exact = {name: value for name, value in row.items() if not isinstance(value, float)}
            rest = {name: value for name, value in row.items() if isinstance(value, float)}
            assert {name: now[table][key][name] for name in exact} == exact, (table, key)
            assert {name: now[table][key][name] for name in rest} == pytest.approx(rest, rel=1e-9, abs=1e-9), (
                table,
                key,
            )
