"""The naive implementation against hand-worked companies and a real one; the random companies against the rules."""

import csv
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.alignment.companies import Bundle, Drawn, companies, write_folder
from tests.alignment.naive import report
from tests.alignment.roadmap import YEARS, Year, made_up
from tests.alignment.worked import (
    GOAL_CODES,
    INITIATIVE_CODES,
    REASONS,
    SHARES,
    STRATEGY_CODES,
    TEAM_CODES,
    WORKED,
    Worked,
    differences,
)
from tests.examples import examples

CODES = INITIATIVE_CODES | GOAL_CODES | STRATEGY_CODES | TEAM_CODES
PARTS = ("aligned", "exploring", "sustaining", "orphaned")


def read_folder(path: Path) -> Bundle:
    bundle = {}
    for file in sorted(path.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            bundle[file.stem] = list(csv.DictReader(lines))
    return bundle


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_report_worked_by_hand(case: Worked):
    assert differences(case, report(case.bundle, case.as_of, case.imported_on)) == []


def test_worked_has_every_flag_code_and_reason():
    codes = {code for case in WORKED for code in case.flags}
    reasons = {reason for case in WORKED for links in case.reasons.values() for reason in links.values()}
    assert codes == CODES
    assert reasons == REASONS


def test_differences_name_what_is_wrong():
    answer = report(SHARES.bundle, SHARES.as_of, SHARES.imported_on)
    answer["company"]["coverage"] += 0.000001
    answer["goals"]["old"]["covered"] = False
    answer["flags"] = [*answer["flags"][1:], {"code": "silent", "subject_type": "initiative", "subject": "b"}]
    assert [line.split(" is ")[0] for line in differences(SHARES, answer)] == [
        "company: coverage",
        "goal old: covered",
        "flag missing: ('partly_orphaned', 'initiative', 'a')",
        "flag not expected: ('silent', 'initiative', 'b')",
    ]


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_report_of_a_whole_organisation(year: Year):
    answer = report(read_folder(year.folder) if year.folder else made_up(), date(2026, 11, 22))
    figures = answer["company"]
    assert figures["coverage"] == pytest.approx(28 / 76)
    assert figures["strategy_coverage"] == 1.0
    assert figures["priority_fit"] == pytest.approx(year.priority_fit, abs=5e-7)
    assert Counter(flag["code"] for flag in answer["flags"]) == year.flags


@settings(max_examples=examples(30), deadline=None)
@given(companies())
def test_report_of_random_companies_adds_up(drawn: Drawn):
    answer = report(drawn.bundle, drawn.as_of, drawn.today)
    for figures in [answer["company"], *answer["initiatives"].values()]:
        total = figures["total"] if "total" in figures else figures["effort"]
        assert sum(figures[part] for part in PARTS) == pytest.approx(total)
        assert 0 <= figures["endorsed"] <= figures["reasoned"] <= figures["aligned"]
    roots = [team["key"] for team in drawn.bundle["teams"] if not team.get("parent")]
    below_roots = sum(answer["teams"][team]["subtree"]["total"] for team in roots)
    assert below_roots == pytest.approx(answer["company"]["total"])


@settings(max_examples=examples(30), deadline=None)
@given(companies())
def test_random_companies_keep_the_rules_of_bundles(drawn: Drawn):
    assert broken_rules(drawn) == []


@pytest.mark.slow
def test_random_companies_reach_every_flag_code_and_reason():
    codes: set[str] = set()
    reasons: set[str] = set()
    sides: set[int] = set()

    @settings(max_examples=500, deadline=None, derandomize=True, database=None)
    @given(companies())
    def look(drawn: Drawn) -> None:
        flags = report(drawn.bundle, drawn.as_of, drawn.today)["flags"]
        codes.update(flag["code"] for flag in flags)
        reasons.update(reason for flag in flags for reason in flag.get("links", {}).values())
        sides.add((drawn.as_of > drawn.today) - (drawn.as_of < drawn.today))

    look()
    assert codes == CODES
    assert reasons == REASONS
    assert sides == {-1, 0, 1}


def test_write_folder_is_read_back(tmp_path: Path):
    bundle = {"goals": [{"key": "g", "why": "It, \n or not."}, {"key": "h", "team": "é"}], "links": []}
    assert read_folder(write_folder(bundle, tmp_path / "company")) == {
        "goals": [{"key": "g", "why": "It, \n or not.", "team": ""}, {"key": "h", "why": "", "team": "é"}]
    }


def broken_rules(drawn: Drawn) -> list[str]:
    """Rules of `spec/bundle.md` (rejections, and the order of limits in the settings) that the company breaks."""
    bundle, today = drawn.bundle, drawn.today
    tables = {table: {row["key"]: row for row in bundle[table]} for table in ("strategies", "goals", "teams")}
    return [
        *(f"{table}: pair or key twice" for table in bundle if has_twins(bundle[table])),
        *(f"goal {key}" for key, goal in tables["goals"].items() if not is_well_placed(goal, tables)),
        *(f"dates of {row}" for rows in bundle.values() for row in rows if not has_ordered_dates(row)),
        *(f"future in {row}" for rows in bundle.values() for row in rows if has_future_day(row, today)),
        *(f"shares of {row['key']}" for row in bundle["initiatives"] if explicit_shares(bundle, row["key"]) > 1),
        *(f"endless {row}" for row in bundle["initiatives"] if row.get("kind") == "explore" and not row["ends_on"]),
        *(f"self {row}" for row in bundle["support"] if row["team"] == team_of(bundle, row["initiative"])),
        *(f"measure {row}" for row in bundle["links"] if row.get("expected_change") and not row["measure"]),
    ]


def has_twins(rows: list[dict[str, str]]) -> bool:
    names = ("setting", "key", "initiative", "goal", "team", "email")
    keys = [row.get("key") or tuple(row.get(name, "") for name in names) for row in rows]
    return len(set(keys)) < len(keys)


def is_well_placed(goal: dict[str, str], tables: dict[str, dict[str, dict[str, str]]]) -> bool:
    root, seen = goal, {goal["key"]}
    while root.get("parent"):
        root = tables["goals"][root["parent"]]
        if root["key"] in seen:
            return False
        seen.add(root["key"])
    if root.get("team"):
        return not root.get("strategy") and not goal.get("strategy")
    return root["strategy"] in tables["strategies"] and goal.get("strategy", "") in ("", root["strategy"])


def has_ordered_dates(row: dict[str, str]) -> bool:
    return not row.get("starts_on") or not row.get("ends_on") or row["starts_on"] <= row["ends_on"]


def has_future_day(row: dict[str, str], today: date) -> bool:
    columns = ("touched_on", "confirmed_on", "asked_on", "meaning_changed_on")
    tomorrow = (today + timedelta(days=1)).isoformat()
    return any(row.get(column, "") >= tomorrow for column in columns)


def explicit_shares(bundle: Bundle, initiative: str) -> Fraction:
    links = [row for row in bundle["links"] if row["initiative"] == initiative]
    return sum((Fraction(row.get("share") or "0") for row in links), Fraction(0))


def team_of(bundle: Bundle, initiative: str) -> str:
    return next(row["team"] for row in bundle["initiatives"] if row["key"] == initiative)
