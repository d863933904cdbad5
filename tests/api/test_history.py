"""The weeks before: for everybody signed in, of the company and of a team."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.weeks import snapshot_when_due
from teams.models import Initiative, Team
from tests import factories as make
from tests.api.conftest import ROLES, pointers
from tests.factories import DAY, NOW

ADDRESS = "/api/v1/alignment/history/"
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def kept(company):
    """Two weeks: `work` as it is, and with `idle` (1 week, not sized) taken up."""
    snapshot_when_due(as_of=DAY, at=NOW)
    Initiative.objects.filter(key="idle").update(status="active")
    recompute_alignment(as_of=DAY + WEEK, at=NOW + WEEK)
    snapshot_when_due(as_of=DAY + WEEK, at=NOW + WEEK)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_the_weeks_oldest_first(role, kept, signed_in):
    first, second = signed_in(role).get(ADDRESS).json()["weeks"]

    assert (first["week"], second["week"], second["as_of"]) == ("2026-03-16", "2026-03-23", "2026-03-23")
    assert (first["company"]["total"], first["company"]["coverage"], second["company"]["coverage"]) == (4, 1, 0.8)
    assert (second["company"]["goals_anchored"], second["company"]["strategy_coverage"]) == (4, 0.75)
    assert "team" not in first


def test_company_part_is_that_of_the_report(kept, signed_in):
    client = signed_in("leader")
    report = client.get("/api/v1/alignment/report/", {"as_of": "2026-03-23"}).json()

    assert client.get(ADDRESS).json()["weeks"][-1]["company"] == pytest.approx(report["company"])
    assert client.get(ADDRESS, {"team": "fleet"}).json()["weeks"][-1]["team"] == report["teams"]["fleet"]


def test_team_has_its_own_figures_and_those_of_its_sub_teams(kept, signed_in):
    weeks = signed_in("viewer").get(ADDRESS, {"team": "fleet"}).json()["weeks"]

    assert [week["team"]["own"]["total"] for week in weeks] == [0, 1]
    assert [week["team"]["own"]["coverage"] for week in weeks] == [None, 0]
    assert [week["team"]["subtree"]["total"] for week in weeks] == [4, 5]


def test_so_many_weeks_are_the_newest(kept, signed_in):
    (week,) = signed_in("viewer").get(ADDRESS, {"weeks": "1", "team": "crew"}).json()["weeks"]

    assert (week["week"], week["team"]["own"]["total"]) == ("2026-03-23", 4)


def test_nothing_kept_yet_is_no_weeks(company, signed_in):
    assert signed_in("viewer").get(ADDRESS).json() == {"weeks": []}


@pytest.mark.parametrize("weeks", ["0", "521", "-1", "1.5", "ten", "1e2", "\N{ARABIC-INDIC DIGIT FIVE}", "9" * 5000])
def test_what_is_no_number_of_weeks_is_refused(weeks, company, signed_in):
    errors = pointers(signed_in("viewer").get(ADDRESS, {"weeks": weeks}))
    assert errors == {"#/weeks": "Give a number of weeks from 1 to 520."}


def test_team_that_is_not_there_has_no_weeks(kept, signed_in):
    assert signed_in("viewer").get(ADDRESS, {"team": "nothing-like-it"}).json() == {"weeks": []}


@pytest.mark.parametrize("team", ["a\0b", "Not a key", "x" * 300])
def test_what_is_no_key_is_refused(team, kept, signed_in):
    assert set(pointers(signed_in("viewer").get(ADDRESS, {"team": team}))) == {"#/team"}


def test_history_takes_few_queries_whatever_the_company(kept, signed_in, django_assert_num_queries):
    client = signed_in("viewer")
    for _round in range(2):
        with django_assert_num_queries(6):
            client.get(ADDRESS, {"team": "crew"})
        make.TeamWeekFactory.create_batch(5)
        make.TeamFactory(parent=Team.objects.get(key="crew"))
