"""Every limit of spec/bundle.md, exactly at it and one beyond."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from exchange.bundle import problems as listing
from exchange.bundle import staging
from exchange.bundle.files import reading, sources
from exchange.bundle.files.reading import Records
from exchange.bundle.files.sources import ReadError
from exchange.bundle.format.contents import BY_NAME, SETTINGS
from exchange.bundle.format.kinds import blank
from exchange.bundle.problems import CellError, Problems, TooManyProblemsError, shown
from exchange.bundle.staging import refuse_after
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from strategy.models import Goal
from teams.models import Team
from tests.exchange.bundles import AT, TODAY, counted, imported, places, refused

NAMED = (
    "people.name personas.name teams.name context.title strategies.title goals.title measures.title initiatives.title"
    " decisions.title"
)
KEYED = "personas context teams strategies goals decisions measures initiatives threads support"
MARKDOWN = (
    "personas.problem context.body strategies.narrative goals.why initiatives.problem decisions.context"
    " decisions.options decisions.choice decisions.reasons decisions.consequences"
)
SENTENCES = "teams.stance_reason links.evidence support.ask support.answer support.thanks"
EVER = (
    "teams.stance_until teams.archived_on strategies.starts_on strategies.ends_on goals.starts_on goals.ends_on"
    " initiatives.starts_on initiatives.ends_on links.review_on goals.meaning_changed_on initiatives.touched_on"
    " links.confirmed_on support.asked_on goals.closed_on links.judged_on check_ins.on decisions.decided_on"
    " threads.due_on support.needed_on support.due_on"
)
MEASURED = "measures.baseline measures.target measures.current links.expected_change check_ins.value"
LINES = (
    "teams.mission links.rationale goals.closing_reason goals.learned initiatives.declaration"
    " initiatives.status_reason initiatives.learned links.note links.outcome_note check_ins.note"
)
HOST = "@" + ".".join(["h" * 61] * 3) + ".com"
URL = "https://x.example/"

LIMITS: list[tuple[str, str, str]] = [
    *((f"{table}.key", "k" * 80, "k" * 81) for table in KEYED.split()),
    *((column, "n" * 200, "n" * 201) for column in NAMED.split()),
    ("measures.unit", "u" * 40, "u" * 41),
    *((column, "s" * 1_000, "s" * 1_001) for column in SENTENCES.split()),
    ("people.email", "a" * 64 + HOST, "a" * 64 + HOST.replace("h", "hh", 1)),
    ("initiatives.url", URL + "u" * (2_000 - len(URL)), URL + "u" * (2_001 - len(URL))),
    *((column, "é" * 2_000, "é" * 2_001) for column in LINES.split()),
    ("initiatives.labels", "l" * 40 + ";b", "l" * 41),
    ("initiatives.labels", "a;b;c;d;e;f;g;h;i;j", "a;b;c;d;e;f;g;h;i;j;k"),
    *((column, "m" * 50_000, "m" * 50_001) for column in MARKDOWN.split()),
    *((column, "1970-01-01", "1969-12-31") for column in EVER.split()),
    *((column, "2100-12-31", "2101-01-01") for column in EVER.split()),
    ("check_ins.confidence", "at_risk", "certain"),
    ("check_ins.corrects", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    ("threads.kind", "question", "chat"),
    ("threads.about_kind", "company", "person"),
    ("threads.turn", "answers", "leaders"),
    ("threads.aspect", "a" * 40, "a" * 41),
    ("threads.about", "a" * 254, "a" * 255),
    ("threads.outcome", "o" * 20, "o" * 21),
    ("threads.opened_at", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    ("messages.number", "999999999", "1000000000"),
    ("messages.number", "1", "0"),
    ("messages.text", "m" * 50_000, "m" * 50_001),
    ("messages.pinned", "no", "maybe"),
    ("check_ins.at", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    ("check_ins.at", "2100-12-31T23:59:59.999999Z", "2100-12-31T23:59:60Z"),
    *((f"people.{name}", "no", "maybe") for name in ("active", "digests", "digests_always")),
    ("teams.here", "no", "maybe"),
    ("people.digest_weekday", "1", "0"),
    ("people.digest_weekday", "7", "8"),
    ("people.digest_weekday", "7", "1.5"),
    ("people.digest_hour", "0", "-1"),
    ("people.digest_hour", "23", "24"),
    ("initiatives.effort", "99999.99", "100000"),
    ("initiatives.effort", "0.01", "0.001"),
    ("initiatives.effort", "0.01", "0"),
    ("goals.weight", "9999.9999", "10000"),
    ("goals.weight", "0.0001", "0.00001"),
    ("goals.weight", "0.0001", "0.0000"),
    ("links.share", "0.000001", "0.0000001"),
    ("links.share", "1", "1.000001"),
    ("links.share", "1.000000", "0"),
    *((column, "9" * 15 + ".999999", "1" + "0" * 15) for column in MEASURED.split()),
    *((column, "-" + "9" * 15 + ".999999", "-1" + "0" * 15) for column in MEASURED.split()),
    *((column, "0.000001", "0.0000001") for column in MEASURED.split()),
]
SETTING_LIMITS = [
    ("name", "n" * 200, "n" * 201),
    *((name, "3650", "3651") for name in ("grace_days", "silent_days")),
    *((name, "0", "-1") for name in ("grace_days", "silent_days")),
    ("default_effort", "99999.99", "100000"),
    ("default_effort", "0.01", "0"),
    ("check_in_rhythm", "month", "year"),
    *((name, "1", "1.000001") for name in SETTINGS if "." in name),
    *((name, "0", "-0.000001") for name in SETTINGS if "." in name),
    *((name, "0.000001", "0.0000001") for name in SETTINGS if "." in name),
]


@pytest.mark.parametrize(("column", "good", "bad"), LIMITS, ids=lambda text: text[:24])
def test_cell_is_taken_at_its_limit_and_refused_beyond(column: str, good: str, bad: str) -> None:
    table, _, name = column.partition(".")
    kind = BY_NAME[table].by_name[name].kind
    assert kind.clean(good)
    with pytest.raises(CellError):
        kind.clean(bad)


@pytest.mark.parametrize(("name", "good", "bad"), SETTING_LIMITS, ids=lambda text: text[:24])
def test_setting_is_taken_at_its_limit_and_refused_beyond(name: str, good: str, bad: str) -> None:
    assert SETTINGS[name].clean(good)
    with pytest.raises(CellError):
        SETTINGS[name].clean(bad)


def test_fifteen_settings_are_those_of_the_three_stances() -> None:
    assert len([name for name in SETTINGS if "." in name]) == 15
    assert len(SETTINGS) == 22


def test_lines_count_as_they_are_stored() -> None:
    assert BY_NAME["teams"].by_name["mission"].kind.clean("a\r\n" * 1_000) == "a\n" * 1_000


@pytest.mark.parametrize(
    ("column", "cell", "stored"),
    [
        ("initiatives.effort", "007.50", "7.5"), ("initiatives.effort", "1.000", "1"), ("measures.target", "-0.0", "0"),
        ("measures.target", "-00.10", "-0.1"), ("measures.target", "0" * 30, "0"),
        ("people.email", "Ada@Example.ORG", "ada@example.org"),
        ("context.owner", "ADA@example.org", "ada@example.org"), ("goals.parent", "Growth", "Growth"),
        ("initiatives.labels", " Web, mobile;web,", "mobile, web"),
        ("teams.mission_goals", " b;a ;b", "a;b"), ("people.timezone", "Europe/Berlin", "Europe/Berlin"),
        ("initiatives.url", "http://u@x.example:8080?q#f", "http://u@x.example:8080?q#f"),
    ],
)  # fmt: skip
def test_cell_is_stored_in_one_form(column: str, cell: str, stored: str) -> None:
    table, _, name = column.partition(".")
    assert BY_NAME[table].by_name[name].kind.clean(cell) == stored


@pytest.mark.parametrize(("cell", "is_blank"), [("", True), (" \t\n\u00a0", True), (" a", False), ("0", False)])
def test_blank_is_empty_or_white_space(cell: str, is_blank: bool) -> None:
    assert blank(cell) is is_blank


def test_day_of_the_import_is_not_after_it() -> None:
    refuse_after(AT.date(), TODAY)
    with pytest.raises(CellError, match="2026-06-16 is after today"):
        refuse_after(AT.date(), "2026-06-16")


# What the database takes too


def row(table: str, **cells: str) -> str:
    return ",".join(cells) + "\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"


AT_LIMITS = {
    "people": {"email": "a" * 64 + HOST, "name": "n" * 200},
    "personas": {"key": "k" * 80, "name": "n" * 200, "problem": "m" * 50_000},
    "context": {"key": "k" * 80, "lens": "product", "title": "n" * 200, "body": "m" * 50_000},
    "teams": {
        "key": "k" * 80, "name": "n" * 200, "mission": "m" * 2_000, "stance_reason": "s" * 1_000,
        "stance_until": "2100-12-31", "here": "no",
    },
    "strategies": {"key": "k" * 80, "title": "n" * 200, "narrative": "m" * 50_000, "starts_on": "1970-01-01",
                   "ends_on": "2100-12-31"},
    "goals": {"key": "k" * 80, "title": "n" * 200, "strategy": "k" * 80, "why": "m" * 50_000, "weight": "9999.9999",
              "starts_on": "1970-01-01", "ends_on": "2100-12-31", "meaning_changed_on": TODAY},
    "measures": {"key": "k" * 80, "goal": "k" * 80, "title": "n" * 200, "unit": "u" * 40,
                 "target": "9" * 15 + ".999999", "baseline": "-" + "9" * 15 + ".999999"},
    "initiatives": {"key": "k" * 80, "team": "k" * 80, "title": "n" * 200, "problem": "m" * 50_000,
                    "effort": "99999.99", "starts_on": "2100-12-31", "ends_on": "2100-12-31",
                    "url": URL + "u" * (2_000 - len(URL)),
                    "touched_on": TODAY},
    "links": {"initiative": "k" * 80, "goal": "k" * 80, "share": "1", "rationale": "m" * 2_000, "evidence": "s" * 1_000,
              "review_on": "2100-12-31", "confirmed_on": TODAY, "measure": "k" * 80,
              "expected_change": "9" * 15 + ".999999"},
    "support": {"initiative": "k" * 80, "team": "depot", "ask": "s" * 1_000, "asked_on": TODAY, "key": "k" * 80,
                "needed_on": "2100-12-31", "due_on": "2100-12-31", "thanks": "s" * 1_000, "offered": "yes"},
}  # fmt: skip


@pytest.mark.usefixtures("company")
def test_rows_that_are_as_large_as_rows_may_be_are_taken_and_say_the_same_again() -> None:
    files = {table: row(table, **cells) for table, cells in AT_LIMITS.items()}
    files["company"] = "setting,value\n" + "".join(f"{name},{good}\n" for name, good, _ in SETTING_LIMITS[:3:2])
    assert counted(files) == {"company": (0, 2, 0)} | dict.fromkeys(AT_LIMITS, (1, 0, 0))
    assert not imported(files).changed


@pytest.mark.usefixtures("company")
def test_goals_as_deep_as_a_path_may_be_are_taken() -> None:
    """growth and 249 below one another; one more is refused."""
    rows = "".join(f"g{number},G,{f'g{number - 1}' if number else 'growth'}\n" for number in range(249))
    assert counted({"goals": "key,title,parent\n" + rows}) == {"goals": (249, 0, 0)}
    assert len(Goal.objects.get(key="g248").path) == 250
    assert places(refused({"goals": "key,title,parent\none,One,g248\n"})) == [("goals.csv", 2, "parent")]


@pytest.mark.usefixtures("company")
def test_tree_that_comes_too_deep_by_a_move_is_refused_at_what_moves() -> None:
    """What is too deep in the end is not in the bundle: its nearest row above is named."""
    rows = "".join(f"t{number},T,{f't{number - 1}' if number else ''}\n" for number in range(249))
    imported({"teams": "key,name,parent\n" + rows})
    assert counted({"teams": "key,parent\nt0,home\n"}) == {"teams": (0, 1, 0)}
    assert places(refused({"teams": "key,parent\nhome,depot\n"})) == [("teams.csv", 2, "parent")]


# Files


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return path


@pytest.mark.django_db
def test_zip_may_unpack_to_just_what_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"teams": "key,name\na,A\n", "personas": "key,name\nb,B\n"}
    assert sources.UNPACKED_LIMIT == 1_000_000_000
    monkeypatch.setattr(sources, "UNPACKED_LIMIT", sum(map(len, files.values())))
    assert import_bundle(zipped(tmp_path / "b.zip", **files), actor=SYSTEM, at=AT).tables["teams"].created == 1
    monkeypatch.setattr(sources, "UNPACKED_LIMIT", sum(map(len, files.values())) - 1)
    with pytest.raises(listing.BundleProblems, match="more than 1 GB"):
        import_bundle(zipped(tmp_path / "b.zip", **files), actor=SYSTEM, at=AT)


@pytest.mark.django_db
def test_zip_that_turns_out_to_unpack_to_more_is_refused_with_what_was_found_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "b.zip", personas="key,name\nB,B\n", teams="key,name\na,A\n")
    monkeypatch.setattr(sources._Counter, "bytes", sources.UNPACKED_LIMIT - 20)
    with pytest.raises(listing.BundleProblems) as caught:
        import_bundle(path, actor=SYSTEM, at=AT)
    assert [(problem.file, problem.column) for problem in caught.value.problems] == [
        ("personas.csv", "key"),
        ("b.zip", None),
    ]
    assert "more than 1 GB" in str(caught.value.problems[-1])
    assert not Team.objects.filter(key="a").exists()


KNOWN = ("k", "n")


def records(text: str) -> Records:
    return Records(io.BytesIO(text.encode()))


def test_cell_of_a_million_characters_is_read_and_a_longer_one_is_not() -> None:
    assert len(records("a" * 1_000_000 + "\n").header(KNOWN)[0]) == 1_000_000
    with pytest.raises(ReadError, match="more than 1,000,000"):
        records("a" * 1_000_001 + "\n").header(KNOWN)


def test_row_has_to_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row by itself, its line breaks included."""
    assert reading.RECORD_LIMIT == 2_000_000
    monkeypatch.setattr(reading, "RECORD_LIMIT", 20)
    good = records("k,n\n" + "a,bbbbbbbbbbbbbbbb\n" * 3)
    assert good.header(KNOWN) == ["k", "n"]
    assert [len(batch.rows) for batch in good.batches()] == [3]
    bad = records('k,n\na,b\n"a\nb\nc","dddddddddddd\n\n\n"\n')
    bad.header(KNOWN)
    with pytest.raises(ReadError, match="a row of more than 2,000,000 characters") as caught:
        list(bad.batches())
    assert caught.value.line == 3


@pytest.mark.parametrize(("rows", "characters"), [(2, 10**6), (10**6, 8), (1, 1), (10**6, 10**6)])
def test_rows_come_in_batches_with_the_line_of_each(
    rows: int, characters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH_ROWS", rows)
    monkeypatch.setattr(reading, "BATCH_CHARACTERS", characters)
    read = records('k,n\r\na,1\r\n\r\n\r\n"b\nb",2\r\nc,3\r\nd,4\r\ne,5\r\n\r\n\n')
    assert read.header(KNOWN) == ["k", "n"]
    found = [each for batch in read.batches() for each in zip(batch.lines, batch.rows, strict=True)]
    assert found == [
        (2, ["a", "1"]), (5, ["b\nb", "2"]), (7, ["c", "3"]), (8, ["d", "4"]), (9, ["e", "5"]),
    ]  # fmt: skip


def test_batch_has_two_thousand_rows() -> None:
    read = records("k\n" + "a\n" * 4_001)
    read.header(KNOWN)
    assert [len(batch.rows) for batch in read.batches()] == [2_000, 2_000, 1]


@pytest.mark.usefixtures("company")
def test_values_that_repeat_are_the_same_however_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "KEPT", 1)
    monkeypatch.setattr(reading, "BATCH_ROWS", 2)
    stances = ["core", "explore", "", "spotlight", "core", "", "explore"]
    rows = "".join(f"t{number},T,{stance}\n" for number, stance in enumerate(stances))
    imported({"teams": "key,name,stance\n" + rows})
    found = dict(Team.objects.filter(name="T").values_list("key", "stance"))
    assert found == {f"t{number}": stance or "core" for number, stance in enumerate(stances)}


# The list of problems


def test_list_of_problems_ends_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (listing.COUNTED, listing.CAUSES) == (50_000, 500)
    monkeypatch.setattr(listing, "COUNTED", 3)
    found = Problems(["a.csv"])
    found.add("a.csv", 1, None, "w", "r")
    found.add("a.csv", 2, None, "w", "r")
    assert [problem.times for problem in found.listed()] == [2]
    with pytest.raises(TooManyProblemsError):
        found.add("a.csv", 3, "k", "w", "r")
    assert [problem.line for problem in found.listed()] == [1, 3, None]
    assert "this is not all: reading stopped after 3 problems" in str(found.listed()[-1])


def test_list_of_problems_ends_where_its_causes_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CAUSES", 2)
    found = Problems(["a.csv"])
    for line in range(10):
        found.add("a.csv", line, None, f'"{line}" is wrong', "r", cell=f'"{line}"')
    with pytest.raises(TooManyProblemsError):
        found.add("a.csv", 3, None, "something else", "r")


def test_what_is_skipped_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 3)
    found = Problems(["a.csv"])
    found.excuse("a.csv", 1, "k")
    found.excuse("a.csv", 2, "k")
    with pytest.raises(TooManyProblemsError):
        found.excuse("a.csv", 3, "k")


def test_same_cause_is_said_once_with_its_count_and_its_first_places() -> None:
    found = Problems(["a.csv"])
    for line in range(2, 12):
        cell = f'"{line}"' if line != 4 else '"2"'
        found.add("a.csv", line, "k", f"{cell} is no key", f"write k{line}", cell=cell, instead=f"k{line}")
    found.add("a.csv", 20, "n", "this is blank", "give a name")
    found.add("a.csv", 21, "n", "this is blank", "give a name")
    assert [str(problem) for problem in found.listed()] == [
        'a.csv line 2, column k: "2" is no key; write k2. 10 like this; the others: line 3 "3" (k3), line 4 "2" (k4), '
        'line 5 "5" (k5), line 6 "6" (k6), line 7 "7" (k7), 4 more',
        "a.csv line 20, column n: this is blank; give a name. 2 like this; the others: line 21",
    ]


def test_problems_are_listed_by_file_line_and_column() -> None:
    found = Problems(["b.csv", "a.csv"])
    for file, line, column in (
        ("x", None, None), ("a.csv", 2, "n"), ("b.csv", 10, "k"), ("b.csv", 9, "n"), ("b.csv", 9, "k"),
        ("b.csv", None, None),
    ):  # fmt: skip
        found.add(file, line, column, f"w{line}", "r")
    assert [(each.file, each.line, each.column) for each in found.listed()] == [
        ("b.csv", None, None), ("b.csv", 9, "k"), ("b.csv", 9, "n"), ("b.csv", 10, "k"), ("a.csv", 2, "n"),
        ("x", None, None),
    ]  # fmt: skip


def test_cell_that_was_reported_or_excused_is_known() -> None:
    found = Problems(["a.csv"])
    assert not found
    found.excuse("a.csv", 2, "k")
    assert not found
    found.add("a.csv", 3, "n", "w", "r")
    assert found
    asked: list[Any] = [
        ("a.csv", 2, "k"),
        ("a.csv", 2, "n"),
        ("a.csv", 3, "k", "n"),
        ("b.csv", 3, "n"),
        ("a.csv", 4, "n"),
    ]
    assert [found.reported(file, line, *columns) for file, line, *columns in asked] == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("a", '"a"'), ("a" * 60, '"' + "a" * 60 + '"'), ("a" * 61, '"' + "a" * 60 + '…"'),
        ("a\n\r\tb", '"a\\n\\r\\tb"'),
        ("\x1b[0m", '"\\u001b[0m"'), ("\udce9", '"\\xe9"'), ("\u202e", '"\\u202e"'), ("\ud800", '"\\ud800"'),
    ],
)  # fmt: skip
def test_cell_is_quoted_cut_and_without_what_a_terminal_would_do(cell: str, said: str) -> None:
    assert shown(cell) == said
