"""The report: whole for leaders and administrators, for others without what they may not see."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.selectors.report import alignment_report
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from strategy.models import Goal
from teams.models import Company
from tests import factories as make
from tests.alignment.companies import write_folder
from tests.alignment.worked import WORKED, Worked, differences
from tests.api.conftest import LOWER, UPPER, pointers

ADDRESS = "/api/v1/alignment/report/"
DAY = {"as_of": make.DAY.isoformat()}


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_report_of_company_worked_by_hand(case: Worked, signed_in, tmp_path):
    noon = dt.datetime.combine(case.imported_on, dt.time(12), dt.UTC)
    import_bundle(write_folder(case.bundle, tmp_path / "bundle"), actor=SYSTEM, at=noon)
    report = signed_in("leader").get(ADDRESS, {"as_of": case.as_of.isoformat()}).json()
    assert report["as_of"] == case.as_of.isoformat()
    assert differences(case, report) == []


@pytest.mark.parametrize("role", UPPER)
def test_leaders_get_the_whole_report(role, company, signed_in):
    response = signed_in(role).get(ADDRESS, DAY)
    assert response.json() == json.loads(json.dumps(alignment_report(on=make.DAY)))
    assert "hidden" in response.json()["goals"]


@pytest.mark.parametrize("role", LOWER)
def test_others_get_it_without_hidden_goals_and_the_same_sums(role, company, signed_in):
    make.LinkFactory(initiative__key="lost", goal=Goal.objects.get(key="drafted"))
    report, whole = (signed_in(who).get(ADDRESS, DAY).json() for who in (role, "leader"))
    assert set(report["goals"]) == {"open", "below-open", "of-crew"}
    for part in ("company", "teams", "initiatives"):
        assert report[part] == whole[part]
    flags = {(flag["code"], flag["subject"]): flag for flag in report["flags"]}
    assert flags["disconnected", "lost"]["links"] == {}
    assert {flag["subject"] for flag in report["flags"] if flag["subject_type"] == "goal"} <= set(report["goals"])
    assert {"hidden", "below-hidden", "drafted"} <= {flag["subject"] for flag in whole["flags"]} | set(whole["goals"])
    assert "hidden" not in json.dumps(report)
    assert "drafted" not in json.dumps(report)


def test_numbers_are_numbers_with_all_their_digits(company, signed_in):
    make.InitiativeFactory(effort="0.07", team__key="small")
    report = signed_in("leader").get(ADDRESS, DAY).json()
    assert report["company"]["coverage"] == 4 / 4.07
    assert report["goals"]["open"]["covered"] is True
    assert report["goals"]["of-crew"]["covered"] is None


def test_without_a_day_it_is_today_where_the_company_is(company, signed_in):
    Company.objects.update(timezone="Pacific/Auckland")
    client = signed_in("viewer")
    with time_machine.travel(dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC), tick=False):
        assert client.get(ADDRESS).json()["as_of"] == "2026-04-01"


@pytest.mark.parametrize("day", ["1970-01-01", "2100-12-31"])
def test_first_and_last_day_are_days(day, company, signed_in):
    assert signed_in("viewer").get(ADDRESS, {"as_of": day}).json()["as_of"] == day


ARABIC_DIGITS = "2026-03-15".translate({ord("0") + digit: 0x660 + digit for digit in range(10)})


@pytest.mark.parametrize(
    "day", ["garbage", "1969-12-31", "2101-01-01", "2026-02-30", "20260315", "2026-W10-1", ARABIC_DIGITS]
)
def test_what_is_no_day_is_refused(day, company, signed_in):
    errors = pointers(signed_in("viewer").get(ADDRESS, {"as_of": day}))
    assert errors == {"#/as_of": "Give a day of the years 1970 to 2100, written like 2026-03-31."}


def test_report_reads_twenty_times_whatever_the_company(company, signed_in):
    """Session and person, seven tables whole and the settings (2) in one snapshot, the keys of four tables, the
    goals that may be seen, and of each kind what somebody owes an answer about."""
    client = signed_in("viewer")
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS, DAY)
        assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 20
        make.LinkFactory.create_batch(5)


def test_parameter_it_does_not_have_is_refused(company, signed_in):
    assert pointers(signed_in("viewer").get(ADDRESS, {"asof": "2026-03-15"})) == {
        "#/asof": "There is no such parameter here. Known: as_of."
    }
