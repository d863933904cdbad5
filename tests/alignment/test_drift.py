"""The nightly look for drift, and the day that passes."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.models import CompanyWeek, Flag, InitiativeFigures, InitiativeHistory, Recompute, TeamFigures
from alignment.refresh import drift
from alignment.refresh.drift import find_drift, mend_drift
from alignment.refresh.nightly import recompute_when_stale
from teams.models import LogEntry
from tests.alignment.stored import assert_no_drift
from tests.factories import DAY, NOW
from tests.firm import Firm


def spoil(firm: Firm) -> None:
    """As a mistake of ours would: figures of an initiative and of a team, a flag too many and one too few."""
    InitiativeFigures.objects.filter(initiative=firm.work["half"]).update(aligned=2, orphaned=0)
    TeamFigures.objects.filter(team=firm.search).update(effort=99)
    Flag.objects.filter(initiative=firm.work["lost"], code="disconnected").delete()
    Flag.objects.create(team=firm.ops, code="directed", first_seen=DAY)


def test_nothing_is_found_in_figures_that_are_right(firm):
    found = find_drift()

    assert found is not None
    assert found.size == 0
    assert mend_drift(at=NOW) is None


@pytest.mark.parametrize("by_key", [True, False], ids=["by key", "all at once"])
def test_drift_is_repaired_logged_and_reported(firm, by_key, caplog, monkeypatch):
    spoil(firm)
    if not by_key:
        monkeypatch.setattr(drift, "REPAIRED_BY_KEY", 0)

    found = mend_drift(at=NOW)

    work = firm.work
    assert found == drift.Drift(
        initiatives=sorted([work["half"].pk, work["lost"].pk]),
        teams=sorted([firm.search.pk, firm.ops.pk]),
        goals=[],
        strategies=[],
    )
    entry = LogEntry.objects.get(action="alignment.drift_found")
    assert entry.note["found"] == {"initiatives": 2, "teams": 2, "goals": 0, "strategies": 0}
    assert InitiativeHistory.objects.filter(cause=entry, initiative=work["half"]).count() == 1
    assert "figures had drifted" in caplog.text
    assert_no_drift()


@pytest.mark.parametrize("by_key", [True, False], ids=["by key", "all at once"])
def test_drift_of_a_flag_about_a_strategy_is_repaired(firm, by_key, monkeypatch):
    Flag.objects.create(code="ending", strategy=firm.strategy, first_seen=DAY)
    if not by_key:
        monkeypatch.setattr(drift, "REPAIRED_BY_KEY", 0)

    found = mend_drift(at=NOW)

    assert found == drift.Drift([], [], [], [firm.strategy.pk])
    assert not Flag.objects.open().filter(code="ending").exists()


def test_drift_is_not_looked_for_while_edits_wait(firm):
    from alignment.models import Dirty

    spoil(firm)
    Dirty.objects.create(what="team", of=firm.ops.pk, cause=LogEntry.objects.earliest("id"))

    assert find_drift() is None


def test_a_new_day_checks_computes_and_keeps_the_week(firm):
    spoil(firm)

    assert recompute_when_stale(at=NOW + dt.timedelta(days=1)) is True
    assert recompute_when_stale(at=NOW + dt.timedelta(days=1, hours=5)) is False

    assert Recompute.objects.latest("id").as_of == DAY + dt.timedelta(days=1)
    assert LogEntry.objects.filter(action="alignment.drift_found").count() == 1
    assert CompanyWeek.objects.get().week == DAY
    assert_no_drift()
