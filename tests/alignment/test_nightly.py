"""The night's run: what waits is worked off first, then drift is looked for, then the new day is computed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from alignment.models import CompanyWeek, Dirty, GoalFigures, InitiativeHistory, Recompute, TeamFigures
from alignment.refresh import edits, nightly, reading
from alignment.refresh.nightly import recompute_when_stale
from teams.models import Initiative, LogEntry
from teams.services.initiatives import edit_initiative
from tests.alignment.hills import TOMORROW, Hills, build_hills
from tests.alignment.stored import assert_no_drift
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


def size(hills: Hills, key: str, effort: int) -> LogEntry:
    row = Initiative.objects.get(key=key)
    edit_initiative(row, actor=hills.admin, at=NOW, version=row.version, effort=Decimal(effort))
    return LogEntry.objects.latest("id")


def actions() -> list[str]:
    return list(
        LogEntry.objects.filter(action__startswith="alignment.").order_by("id").values_list("action", flat=True)
    )


def test_edits_that_wait_are_worked_off_before_the_nights_run_with_their_cause(hills, monkeypatch):
    """As of the day on which they were made."""
    monkeypatch.setattr(edits, "INLINE", -1)
    first, second = size(hills, "climb", 5), size(hills, "steady", 6)

    assert recompute_when_stale(at=TOMORROW) is True

    rows = InitiativeHistory.objects.filter(cause__gte=first).order_by("id")
    assert list(rows.values_list("initiative__key", "effort", "cause", "as_of")) == [
        ("climb", 5, first.pk, DAY),
        ("steady", 6, second.pk, DAY),
    ]
    assert not Dirty.objects.exists()
    assert actions() == ["alignment.recomputed"] * 2


def test_drift_is_looked_for_behind_edits_that_wait(hills, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", -1)
    size(hills, "climb", 5)
    TeamFigures.objects.filter(team=hills.others).update(effort=99)

    recompute_when_stale(at=TOMORROW)

    assert actions() == ["alignment.recomputed", "alignment.drift_found", "alignment.recomputed"]
    assert LogEntry.objects.get(action="alignment.drift_found").note["teams"] == [hills.others.pk]
    assert_no_drift()


def test_who_contributes_to_large_trees_is_no_drift_of_the_night(hills, monkeypatch):
    monkeypatch.setattr(reading, "SMALL_TREE", -1)
    row = Initiative.objects.get(key="climb")
    edit_initiative(row, actor=hills.admin, at=NOW, version=row.version, effort=None)
    assert GoalFigures.objects.get(goal__key="top").unsized == 0

    recompute_when_stale(at=TOMORROW)

    assert GoalFigures.objects.get(goal__key="top").unsized == 1
    assert actions() == ["alignment.recomputed"] * 2


def test_night_is_logged_with_its_day_and_keeps_the_week(hills):
    assert recompute_when_stale(at=TOMORROW) is True

    latest, entry = Recompute.objects.latest("id"), LogEntry.objects.latest("id")
    assert (latest.as_of, latest.finished_at, latest.cause) == (DAY + ONE, TOMORROW, entry)
    assert (entry.action, entry.actor, entry.at, entry.note) == (
        "alignment.recomputed",
        None,
        TOMORROW,
        {"as_of": "2026-03-17"},
    )
    week = CompanyWeek.objects.get()
    assert (week.week, week.as_of, week.at) == (DAY, DAY + ONE, TOMORROW)


def test_of_two_nights_runs_the_second_finds_nothing_to_do(hills, monkeypatch):
    """It comes while the first looks for drift, and is through before it."""
    did = []

    def overtaken(*, at: dt.datetime) -> None:
        monkeypatch.undo()
        did.append(recompute_when_stale(at=at))

    monkeypatch.setattr(nightly, "mend_drift", overtaken)

    assert recompute_when_stale(at=TOMORROW) is False
    assert did == [True]
    assert Recompute.objects.filter(as_of=DAY + ONE).count() == 1


@pytest.mark.parametrize("at", [NOW - ONE, TOMORROW, NOW + 40 * ONE])
def test_any_other_day_than_that_of_the_figures_is_computed(hills, at):
    """A company whose zone is set anew may have a day again."""
    assert recompute_when_stale(at=at) is True
    assert recompute_when_stale(at=at) is False
    assert Recompute.objects.latest("id").as_of == at.date()


def test_nothing_is_done_on_the_day_of_the_figures(hills, monkeypatch):
    monkeypatch.setattr(edits, "INLINE", -1)
    size(hills, "climb", 5)

    assert recompute_when_stale(at=NOW + dt.timedelta(hours=14)) is False
    assert Dirty.objects.exists()


def test_first_night_computes_what_was_never_computed(hills):
    Recompute.objects.all().delete()

    assert recompute_when_stale(at=NOW) is True
    assert Recompute.objects.get().as_of == DAY
