"""Links that are confirmed and goals that change on one day: the later instant counts (spec/alignment.md, *Flags*)."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from alignment.models import Link
from alignment.rules import was_confirmed_before
from alignment.services import links
from exchange.bundle.export import export_bundle
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from strategy.models import Goal
from strategy.services import goals
from tests.alignment.hills import TOMORROW, Hills, build_hills, of, open_flags
from tests.alignment.stored import assert_no_drift
from tests.exchange.bundles import lines_of
from tests.factories import DAY

pytestmark = pytest.mark.django_db

THAT_DAY = DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


def at(minutes: int) -> dt.datetime:
    return TOMORROW + dt.timedelta(minutes=minutes)


def means_else(hills: Hills, key: str, minutes: int) -> None:
    row = Goal.objects.get(key=key)
    why = f"Because of {minutes}"
    goals.edit_goal(row, actor=hills.admin, at=at(minutes), version=row.version, why=why, meaning_changed=True)


def holds(hills: Hills, minutes: int) -> None:
    links.confirm_link(hills.links["climb"], actor=hills.admin, at=at(minutes))


def asked() -> bool:
    stored = of("reconfirm", "climb") <= open_flags()
    assert was_confirmed_before(Link.objects.select_related("goal").get(initiative__key="climb")) is stored
    assert_no_drift()
    return stored


def test_each_change_of_one_day_asks_again(hills: Hills) -> None:
    holds(hills, 0)
    assert not asked()
    for minutes in (5, 15):
        means_else(hills, "leaf", minutes)
        assert asked()
        holds(hills, minutes + 5)
        assert not asked()


def test_change_above_asks_again_where_the_goal_itself_changed_earlier_that_day(hills: Hills) -> None:
    means_else(hills, "leaf", 0)
    holds(hills, 5)
    means_else(hills, "top", 10)
    assert asked()


def confirmed_on() -> str:
    (row,) = [row for row in csv.DictReader(lines_of("links")) if row["initiative"] == "climb"]
    return row["confirmed_on"]


@pytest.mark.parametrize("goal", ["leaf", "top"])
def test_export_has_the_day_before_where_the_change_came_later(hills: Hills, goal: str) -> None:
    means_else(hills, goal, 0)
    holds(hills, 5)
    assert confirmed_on() == THAT_DAY.isoformat()
    means_else(hills, goal, 10)

    assert confirmed_on() == DAY.isoformat()


def test_import_of_an_export_changes_no_confirmation(hills: Hills, tmp_path: Path) -> None:
    holds(hills, 0)
    means_else(hills, "top", 5)
    export_bundle(tmp_path / "out.zip")

    assert not import_bundle(tmp_path / "out.zip", actor=SYSTEM, at=at(10)).changed


def brought(tmp_path: Path, minutes: int, **files: str) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    import_bundle(tmp_path, actor=SYSTEM, at=at(minutes))


def test_confirmation_that_is_imported_is_later_than_changes_before_the_import(hills: Hills, tmp_path: Path) -> None:
    means_else(hills, "leaf", 5)
    brought(tmp_path, 10, links=f"initiative,goal,confirmed_on\nclimb,leaf,{THAT_DAY}\n")
    assert not asked()
    means_else(hills, "leaf", 15)

    assert asked()


def test_change_that_is_imported_is_no_later_than_confirmations_of_its_day(hills: Hills, tmp_path: Path) -> None:
    holds(hills, 5)
    means_else(hills, "leaf", 10)
    brought(tmp_path, 15, goals=f"key,meaning_changed_on\nleaf,{DAY}\n")
    assert not asked()
    brought(tmp_path, 20, goals=f"key,meaning_changed_on\nleaf,{THAT_DAY}\n")

    assert not asked()


def test_import_that_says_the_same_day_leaves_the_instants(hills: Hills, tmp_path: Path) -> None:
    holds(hills, 5)
    means_else(hills, "leaf", 10)
    brought(
        tmp_path,
        15,
        goals=f"key,meaning_changed_on\nleaf,{THAT_DAY}\n",
        links=f"initiative,goal,confirmed_on,evidence\nclimb,leaf,{THAT_DAY},Seen\n",
    )

    assert asked()
