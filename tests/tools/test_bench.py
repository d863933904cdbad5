"""The benchmarks run to their end on a small company; what they measure there is not judged.

First pages are measured in tests/config/test_demo.py, of a demo that is built there anyway.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.permissions.table import ROWS
from tools.bench.__main__ import OF_THE_COMPANY
from tools.bench.edits import POINT_EDITS
from tools.bench.pages import NOT_PAGES, PLACED, WHOLE_COMPANY
from tools.bench.previews import PREVIEWS
from tools.bench.report import Row, percentile, table

ROOT = Path(__file__).resolve().parents[2]
PARTS = ",".join(OF_THE_COMPANY)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    output = tmp_path_factory.mktemp("bench") / "figures.json"
    environment = {**os.environ, "BENCH_SIZE": "XS", "BENCH_ONLY": PARTS, "BENCH_JSON": str(output)}
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert output.exists(), done.stderr
    return done.stdout, json.loads(output.read_text(encoding="utf-8"))


@pytest.mark.benchmarks
def test_bench_measures_import_recompute_and_pages(bench):
    _printed, figures = bench
    assert (figures["size"], figures["machine"]["cores"]) == ("XS", os.cpu_count())
    parts = ("import", "recompute", "pages")
    by_part = {part: [row for row in figures["rows"] if row["part"] == part] for part in parts}
    assert {"seconds", "peak_mb"} == by_part["import"][1]["figures"].keys()
    assert any({"floors", "ms", "rows"} == row["figures"].keys() for row in by_part["recompute"])
    paged = [row for row in by_part["pages"] if row["what"].startswith("initiative_list")]
    assert {"queries", "sql_p50_ms", "sql_p95_ms", "page_p50_ms"} == paged[0]["figures"].keys()
    assert paged[0]["limits"].keys() == {"queries", "sql_p95_ms"}
    assert paged[0]["limits"]["queries"] == 12
    assert paged[0]["limits"]["sql_p95_ms"] >= 50


@pytest.mark.benchmarks
def test_bench_reaches_every_page_as_member_and_administrator(bench):
    printed, figures = bench
    assert [
        (row["what"], row["problem"], row["note"]) for row in figures["rows"] if row["problem"] or row["note"]
    ] == []
    whats = {row["what"] for row in figures["rows"]}
    for name in ("home", "goal_detail root", "team_detail leaf", "initiative_list two at once", "flag_list by code"):
        assert {f"{name}, member", f"{name}, admin"} <= whats
        assert f"| {name}, member " in printed
    assert {"link_edit own, member", "initiative_edit own, member"} <= whats
    shown = {row.name for row in ROWS if row.method == "get" and row.statuses[-1] == 200}
    pages = {name for name in shown if ":" not in name and not NOT_PAGES.fullmatch(name)}
    assert pages - {what.partition(",")[0].partition(" ")[0] for what in whats} == set()


@pytest.mark.benchmarks
def test_bench_holds_pages_to_limits_unless_they_read_the_whole_company(bench):
    _printed, figures = bench
    paged = [row for row in figures["rows"] if row["part"] == "pages"]
    unlimited = {row["what"] for row in paged if not row["limits"]}
    assert {what.partition(",")[0].partition(" ")[0] for what in unlimited} == WHOLE_COMPANY | {"goal_position"}
    assert all(PLACED in what for what in unlimited if what.startswith("goal_position"))


@pytest.mark.benchmarks
def test_bench_measures_each_preview(bench):
    _printed, figures = bench
    rows = {row["what"]: row["figures"] for row in figures["rows"] if row["part"] == "previews"}
    assert rows.keys() == {name.replace("_", " ") for name in PREVIEWS}
    assert all({"p50_ms", "p95_ms"} == row.keys() for row in rows.values())


@pytest.mark.benchmarks
def test_bench_edits_and_loses_nothing_to_writers_at_once(bench):
    _printed, figures = bench
    rows = {row["what"].partition(" (")[0]: row["figures"] for row in figures["rows"] if row["part"] == "edits"}
    assert rows.keys() == {*POINT_EDITS, "one writer", "16 writers", "16 writers beside one"}
    assert all({"times", "p50_ms", "p95_ms"} == rows[edit].keys() for edit in POINT_EDITS)
    together = rows["16 writers"]
    assert {"per_second", "p95_ms", "failed", "drifted", "rows"} == together.keys()
    assert (together["failed"], together["drifted"]) == (0, 0)
    assert rows["16 writers beside one"].keys() == {"times"}


def test_row_is_judged_by_its_limits():
    within = Row("pages", "home", {"queries": 8, "sql_p95_ms": 12.0}, {"queries": 8, "sql_p95_ms": 50})
    beyond = Row("pages", "teams", {"queries": 9, "sql_p95_ms": 12.0}, {"queries": 8, "sql_p95_ms": 50})
    broken = Row("pages", "people", problem="500 at /people/")
    unlimited = Row("pages", "report", {"queries": 12})
    assert [row.ok for row in (within, beyond, broken, unlimited)] == [True, False, False, None]
    lines = table([within, beyond]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert ("ok" in lines[2], "FAIL" in lines[3]) == (True, True)


def test_percentile_is_a_value_that_was_measured():
    values = [float(value) for value in range(30, 0, -1)]
    assert (percentile(values, 50), percentile(values, 95), percentile([7.0], 95)) == (15, 29, 7)
