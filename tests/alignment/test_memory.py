"""What a recompute keeps in memory at once: so much for each initiative, whatever the size (measured by what Python
allocates)."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import numpy as np
import pytest

from alignment.engine import (
    Asks,
    Company,
    Goals,
    Initiatives,
    Links,
    Missions,
    Rules,
    Strategies,
    Teams,
    compute,
    trees,
)
from alignment.engine.model import NEVER
from alignment.models import Flag, InitiativeFigures, LinkFigures
from alignment.refresh import differences
from alignment.refresh.drift import find_drift
from alignment.refresh.recompute import recompute_alignment
from strategy.models import Goal
from teams.models import Initiative
from tests.firm import Firm

WORK = 60_000
OF_AN_INITIATIVE = 320
"""Bytes, with two links: a million of them leave room for the rest of an import in 500 MB."""
MONDAY = dt.date(2026, 3, 16)


def never(count: int) -> np.ndarray:
    return np.full(count, NEVER, dtype=np.int32)


def code(count: int, value: int = 0) -> np.ndarray:
    return np.full(count, value, dtype=np.int8)


def company() -> Company:
    """As `company_columns` reads it: goals in a tree, and two links for each initiative."""
    goals, teams, links = WORK // 10, WORK // 50, WORK * 2
    goal, link, work = np.arange(goals), np.arange(links), np.arange(WORK)
    yes, none = np.ones(goals, dtype=bool), np.zeros(0, dtype=np.int32)
    above, top = ((goal - 1) // 8).astype(np.int32), np.where(goal < 1, 0, -1).astype(np.int32)
    no_team, weight = np.zeros(goals, dtype=bool), np.ones(goals)
    return Company(
        rules=Rules(14, 90, 4.0, *(np.full(4, 0.2) for _ in range(5))),
        strategies=Strategies(np.array([1]), code(1, 1), never(1), never(1)),
        goals=Goals(
            *(goal, above, top, no_team, yes, code(goals, 1), never(goals), never(goals), weight, yes, yes),
            *(never(goals), np.zeros(goals)),
        ),
        teams=Teams(np.arange(teams), np.full(teams, -1, dtype=np.int32), np.ones(teams, dtype=bool), code(teams),
                    never(teams), np.ones(teams, dtype=bool)),
        missions=Missions(none, none),
        initiatives=Initiatives(
            *(work, (work % teams).astype(np.int32), code(WORK), code(WORK), code(WORK, 1), np.ones(WORK)),
            *(never(WORK), np.zeros(WORK, dtype=np.int32)),
        ),
        links=Links(
            *(link, (link // 2).astype(np.int32), (link * 7 % goals).astype(np.int32)),
            *(np.full(links, -1, dtype=np.int32), code(links), code(links), np.ones(links, dtype=bool)),
            *(np.zeros(links, dtype=np.int32), np.zeros(links), never(links)),
        ),
        asks=Asks(none, code(0), none),
    )  # fmt: skip


def test_engine_takes_so_much_memory_for_each_initiative(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "AT_ONCE", WORK // 4)
    tracemalloc.start()
    try:
        alignment = compute(company(), 100)
        assert alignment.parts.active.all()
        assert alignment.bets.amount.all()
        _flags, _counted = alignment.flags, [alignment.contributors(team=team) for team in (False, True)]
        assert tracemalloc.get_traced_memory()[1] < OF_AN_INITIATIVE * WORK
    finally:
        tracemalloc.stop()


def test_columns_are_read_as_narrow_as_they_are_counted_here(firm: Firm) -> None:
    read, drawn = alignment_of_today().company, company()
    for table in ("goals", "teams", "missions", "initiatives", "links", "asks"):
        one, other = vars(getattr(read, table)), vars(getattr(drawn, table))
        assert {name: column.dtype for name, column in one.items()} == {
            name: column.dtype for name, column in other.items()
        }


def alignment_of_today():
    return recompute_alignment(as_of=MONDAY, at=dt.datetime.combine(MONDAY, dt.time(9), dt.UTC)).alignment


@pytest.mark.parametrize("size", [1, 2, 1_000])
def test_recompute_stores_the_same_in_parts(size: int, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    alignment_of_today()
    whole = stored()
    assert all(whole)
    Goal.objects.filter(parent=None).update(status="dropped")
    alignment_of_today()
    closed = stored()
    assert closed != whole
    monkeypatch.setattr(differences, "AT_ONCE", size)
    monkeypatch.setattr(trees, "AT_ONCE", size)
    Goal.objects.filter(parent=None).update(status="active")
    Initiative.objects.filter(pk=Initiative.objects.latest("pk").pk).update(status="done")
    alignment_of_today()
    monkeypatch.undo()
    found = find_drift()
    assert found is not None
    assert not found.size
    assert stored() != closed


def stored() -> tuple[list, list, list]:
    flags = Flag.objects.open().order_by("code", "pk").values_list("code", "initiative", "goal", "team")
    return (
        list(InitiativeFigures.objects.order_by("pk").values_list("pk", "aligned", "orphaned")),
        list(LinkFigures.objects.order_by("pk").values_list("pk", "amount")),
        list(flags),
    )


@pytest.mark.parametrize("count", [0, 1, 4, 5, 8, 9, 23])
def test_parts_have_every_position_once_and_every_id(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "AT_ONCE", 4)
    ids = np.random.default_rng(1).permutation(count) * 3 + 10
    parts = list(differences.parts_of(ids))
    assert sorted(at for positions, _among in parts for at in positions.tolist()) == list(range(count))
    assert all(len(positions) <= 4 for positions, _among in parts)
    for one in range(100):
        among = [part for part, (_at, sql) in enumerate(parts) if holds(sql, one)]
        assert len(among) == 1
        assert [part for part, (at, _sql) in enumerate(parts) if one in ids[at]] in ([], among)


def holds(sql: str, key: int) -> bool:
    terms = sql.format(key=key).split(" AND ")
    return all(term == "TRUE" or eval(term) for term in terms)  # noqa: S307 -- two numbers
