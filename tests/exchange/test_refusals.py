"""What spec/bundle.md rejects: each rule by file, line and column, and nothing changed (`refused` sees to that)."""

from __future__ import annotations

import re

import pytest

from exchange.bundle import problems as listing
from tests.exchange.bundles import COMPANY, counted, places, refused
from tests.exchange.test_export import DOCUMENT

pytestmark = pytest.mark.usefixtures("company")
LONG_KEY = "k" * 81

CELLS = {
    "goals": {
        "learned": ["x" * 2_001],
        "successors": ["no-such", "growth;;sales"],
        "key": ["Growth", "two words", "-a", "a_b", "a\n", " a", LONG_KEY, "é"],
        "title": ["", " ", "\u00a0", "x" * 201, "two\nlines", "bell\x07", "\x85next"],
        "why": ["x" * 50_001],
        "kind": ["Committed", "wish"],
        "weight": [
            "0",
            "-1",
            "10000",
            "1.00001",
            "1e2",
            "NaN",
            "Infinity",
            "1,5",
            ".5",
            "5.",
            "+1",
            "\u0661",
            "0x1",
            " 1",
        ],
        "status": ["open"],
        "starts_on": ["2026-02-30", "20260201", "2026-2-1", "1969-12-31", "2101-01-01", "2026-W01-1", "yesterday"],
        "visibility": ["secret"],
        "meaning_changed_on": ["2026-06-16"],
        "owner": ["nobody@example.org"],
        "strategy": ["no-such"],
        "team": ["no-such", "x" * 300],
    },
    "people": {
        "email": ["", "nobody", "a@b@c", "x" * 250 + "@example.org", "x@" + ("İ" * 60 + ".") * 3 + "org"],
        "name": ["", "x" * 201],
        "role": ["boss"],
        "timezone": ["Europe/Atlantis", "../etc/passwd", "europe/berlin", "localtime"],
    },
    "teams": {
        "mission": ["x" * 2_001],
        "mission_goals": ["growth;no-such", "growth,sales", "growth;;sales"],
        "personas": ["no-such"],
        "stance": ["hidden"],
        "stance_reason": ["x" * 1_001, "two\nlines"],
        "stance_until": ["soon"],
        "archived_on": ["soon", "2026-06-16"],
        "here": ["perhaps"],
        "parent": ["no-such", "plan"],
    },
    "context": {"lens": ["", "sales"], "body": ["x" * 50_001], "owner": ["nobody@example.org"]},
    "decisions": {
        "context": ["x" * 50_001],
        "status": ["done"],
        "visibility": ["nobody"],
        "decided_by": ["nobody@example.org"],
        "decided_on": ["soon"],
        "supersedes": ["no-such", "first"],
        "goals": ["no-such", "growth;"],
        "pages": ["no-such"],
        "personas": ["no-such"],
    },
    "memberships": {"team": ["", "no-such"], "email": ["", "nobody@example.org"], "role": ["boss"]},
    "strategies": {"status": ["open"], "narrative": ["x" * 50_001], "owner": ["nobody@example.org"]},
    "measures": {
        "goal": ["", "no-such"],
        "unit": ["x" * 41],
        "target": ["", "1" * 16, "0.1234567", "1e3"],
        "baseline": ["nan", "9" * 200],
        "kind": ["feeling"],
        "keeper": ["nobody@example.org"],
        "carries_on": ["no-such"],
    },
    "initiatives": {
        "team": ["", "no-such"],
        "kind": ["work"],
        "origin": ["boss"],
        "effort": ["0", "-1", "100000", "1.005", "NaN", "1e1"],
        "status": ["open"],
        "problem": ["x" * 50_001],
        "url": [
            "ftp://x.example",
            "javascript:alert(1)",
            "x.example",
            "https://",
            "https://a b",
            "https://" + "x" * 2_000,
        ],
        "touched_on": ["2026-06-16"],
        "owner": ["nobody@example.org"],
    },
    "links": {
        "initiative": ["", "no-such"],
        "goal": ["", "no-such"],
        "share": ["0", "1.000001", "-0.1", "0.0000001", "half"],
        "rationale": ["x" * 2_001],
        "pages": ["no-such"],
        "personas": ["no-such"],
        "state": ["open"],
        "evidence": ["x" * 1_001, "two\nlines"],
        "review_on": ["later"],
        "outcome": ["good"],
        "confirmed_on": ["2026-06-16"],
        "measure": ["no-such"],
        "expected_change": ["much"],
    },
    "support": {
        "initiative": ["", "no-such"],
        "team": ["", "no-such"],
        "ask": ["x" * 1_001],
        "size": ["huge"],
        "status": ["done"],
        "asked_on": ["2026-06-16"],
        "key": ["A Key"],
        "needed_on": ["soon"],
        "due_on": ["later"],
        "unconfirmed": ["yes", "maybe"],
        "thanks": ["x" * 1_001],
        "offered": ["perhaps"],
    },
}
GOOD = {
    "goals": {"key": "new", "title": "New", "parent": "growth"},
    "people": {"email": "new@example.org", "name": "New"},
    "teams": {"key": "new", "name": "New"},
    "context": {"key": "new", "lens": "product", "title": "New"},
    "decisions": {"key": "new", "title": "New"},
    "memberships": {"team": "depot", "email": "ada@example.org"},
    "strategies": {"key": "new", "title": "New"},
    "measures": {"key": "new", "goal": "sales", "title": "New", "target": "1"},
    "initiatives": {"key": "new", "team": "home", "title": "New"},
    "links": {"initiative": "robots", "goal": "growth"},
    "support": {"initiative": "robots", "team": "home"},
}


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def row_of(table: str, **cells: str) -> str:
    row = GOOD[table] | cells
    return ",".join(row) + "\n" + ",".join(quoted(cell) for cell in row.values()) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        pytest.param(table, column, cell, id=f"{table}-{column}-{cell[:20]!a}")
        for table, columns in CELLS.items()
        for column, cells in columns.items()
        for cell in cells
    ],
)
def test_cell_out_of_its_kind_is_named(table: str, column: str, cell: str) -> None:
    assert places(refused({table: row_of(table, **{column: cell})})) == [(f"{table}.csv", 2, column)]


@pytest.mark.parametrize("table", GOOD)
def test_good_row_is_taken(table: str) -> None:
    """So that the refusals above are for the cell and for nothing else."""
    assert counted({table: row_of(table)}) == {table: (1, 0, 0)}


SETTINGS = [
    ("grace_days", "-1"),
    ("grace_days", "1.5"),
    ("grace_days", "3651"),
    ("silent_days", "soon"),
    ("check_in_rhythm", "daily"),
    ("default_effort", "0"),
    ("default_effort", "0.001"),
    ("core.coverage_floor", "1.1"),
    ("core.coverage_floor", "90%"),
    ("timezone", "Mars"),
    ("name", " "),
]


@pytest.mark.parametrize(("setting", "value"), SETTINGS)
def test_setting_out_of_its_kind_is_named(setting: str, value: str) -> None:
    assert places(refused({"company": f"setting,value\n{setting},{value}\n"})) == [("company.csv", 2, "value")]


RULES: dict[str, tuple[dict[str, str | bytes], list[tuple[str, int | None, str | None]]]] = {
    "goals in a cycle": (
        {"goals": "key,title,parent\na,A,b\nb,B,c\nc,C,a\n"},
        [("goals.csv", 2, "parent"), ("goals.csv", 3, "parent"), ("goals.csv", 4, "parent")],
    ),
    "goal in its own place": (
        {"goals": "key,successors\ngrowth,growth\n"},
        [("goals.csv", 2, "successors")],
    ),
    "goal below itself": ({"goals": "key,title,parent\na,A,a\n"}, [("goals.csv", 2, "parent")]),
    "cycle through the database": ({"goals": "key,strategy,parent\ngrowth,,sales\n"}, [("goals.csv", 2, "parent")]),
    "teams in a cycle": ({"teams": "key,parent\nhome,shop\n"}, [("teams.csv", 2, "parent")]),
    "company root without strategy": ({"goals": "key,title\na,A\n"}, [("goals.csv", 2, "strategy")]),
    "strategy cleared": ({"goals": "key,strategy\ngrowth,\n"}, [("goals.csv", 2, "strategy")]),
    "team root with strategy": ({"goals": "key,title,team,strategy\na,A,home,plan\n"}, [("goals.csv", 2, "strategy")]),
    "company root given to a team": ({"goals": "key,team\ngrowth,home\n"}, [("goals.csv", 2, "team")]),
    "child with another strategy": (
        {"goals": "key,title,parent,strategy\na,A,growth,next\n"},
        [("goals.csv", 2, "strategy")],
    ),
    "child of a team's goal with a strategy": (
        {"goals": "key,title,parent,strategy\na,A,repair,plan\n"},
        [("goals.csv", 2, "strategy")],
    ),
    "child taken off its root, and off a link's goal": (
        {"goals": "key,parent,team\nsales,,\n"},
        [("goals.csv", 2, "parent"), ("goals.csv", 2, "strategy")],
    ),
    "ends before it starts": (
        {"strategies": "key,title,starts_on,ends_on\na,A,2026-02-01,2026-01-31\n"},
        [("strategies.csv", 2, "ends_on")],
    ),
    "starts after the stored end": (
        {"initiatives": "key,starts_on\ncheckout,2026-09-01\n"},
        [("initiatives.csv", 2, "starts_on")],
    ),
    "ends before the stored start": ({"goals": "key,ends_on\ngrowth,2025-12-31\n"}, [("goals.csv", 2, "ends_on")]),
    "shares above 1 in the bundle": (
        {"links": "initiative,goal,share\nrobots,growth,0.6\nrobots,sales,0.4\nrobots,repair,0.000001\n"},
        [("links.csv", 4, "share")],
    ),
    "shares above 1 with the database": (
        {"links": "initiative,goal,share\ncheckout,repair,0.3\n"},
        [("links.csv", 2, "share")],
    ),
    "share raised above 1": ({"links": "initiative,goal,share\ncheckout,sales,0.6\n"}, [("links.csv", 2, "share")]),
    "exploration without end": (
        {"initiatives": "key,team,title,kind\na,home,A,explore\n"},
        [("initiatives.csv", 2, "kind")],
    ),
    "exploration loses its end": ({"initiatives": "key,ends_on\nrobots,\n"}, [("initiatives.csv", 2, "ends_on")]),
    "asks its own team": ({"support": "initiative,team\nrobots,depot\n"}, [("support.csv", 2, "team")]),
    "moves to the team it asked": ({"initiatives": "key,team\ncheckout,depot\n"}, [("initiatives.csv", 2, "team")]),
    "moves and asks": (
        {"initiatives": "key,team\nrobots,home\n", "support": "initiative,team\nrobots,home\n"},
        [("support.csv", 2, "team")],
    ),
    "last administrator": ({"people": "email,role\nada@example.org,leader\n"}, [("people.csv", 2, "role")]),
    "last administrator by a blank": ({"people": "email,role\nADA@example.org,\n"}, [("people.csv", 2, "role")]),
    "same key": ({"personas": "key,name\na,A\nb,B\na,C\n"}, [("personas.csv", 4, "key")]),
    "same address in another case": ({"people": "email,name\na@b.org,A\nA@B.org,B\n"}, [("people.csv", 3, "email")]),
    "same pair": ({"links": "initiative,goal\nrobots,growth\nrobots,growth\n"}, [("links.csv", 3, "goal")]),
    "same member in another case": (
        {"memberships": "team,email\ndepot,ada@example.org\ndepot,Ada@Example.org\n"},
        [("memberships.csv", 3, "email")],
    ),
    "same setting": ({"company": "setting,value\ngrace_days,1\ngrace_days,2\n"}, [("company.csv", 3, "setting")]),
    "unknown setting": ({"company": "setting,value\ncolour,blue\n"}, [("company.csv", 2, "setting")]),
    "unknown column": ({"teams": "key,name,colour\na,A,blue\n"}, [("teams.csv", 1, "colour")]),
    "column twice": ({"teams": "key,name,name\na,A,B\n"}, [("teams.csv", 1, "name")]),
    "key column missing": ({"teams": "name\nA\n"}, [("teams.csv", 1, "key")]),
    "half of a pair missing": ({"links": "initiative\nrobots\n"}, [("links.csv", 1, "goal")]),
    "required column missing for a new row": ({"teams": "key\nhome\nnew\n"}, [("teams.csv", 1, "name")]),
    "no header": ({"teams": ""}, [("teams.csv", 1, None)]),
    "fewer cells": ({"teams": "key,name\na,A\nb\nc,C\n"}, [("teams.csv", 3, None)]),
    "more cells": ({"teams": "key,name\na,A,x\n"}, [("teams.csv", 2, None)]),
    "cell in a column without a name": ({"teams": "key,name,\na,A,\nb,B,x\n"}, [("teams.csv", 3, None)]),
    "setting in a column without a name": (
        {"company": "setting,,value\ngrace_days,x,3\n"},
        [("company.csv", 2, None)],
    ),
    "settings with fewer cells": ({"company": "setting,value\ngrace_days\n"}, [("company.csv", 2, None)]),
    "quote never closed": ({"teams": 'key,name\na,A\nb,"B\nc,C\n'}, [("teams.csv", 3, None)]),
    "text after a closing quote": ({"teams": 'key,name\na,"A"x\n'}, [("teams.csv", 2, None)]),
    "NUL": ({"teams": "key,name,mission\na,A,x\0y\n"}, [("teams.csv", 2, "mission")]),
    "not UTF-8": ({"teams": b"key,name\na,A\nb,B\xe9\n"}, [("teams.csv", 3, "name")]),
    "not UTF-8 in a reference": ({"teams": b"key,name,parent\na,A,hom\xe9\n"}, [("teams.csv", 2, "parent")]),
    "UTF-16": ({"teams": "key,name\na,A\n".encode("utf-16")}, [("teams.csv", 1, None)]),
    "surrogates in UTF-8": ({"teams": b"key,name\na,\xed\xa0\x80\n"}, [("teams.csv", 2, "name")]),
    "cell of a megabyte": ({"teams": f"key,name\na,{'x' * 1_000_001}\n"}, [("teams.csv", 2, None)]),
    "measure of another goal": (
        {"links": "initiative,goal,measure\nrobots,repair,orders\n"},
        [("links.csv", 2, "measure")],
    ),
    "measure of the goal above": (
        {"measures": "key,goal,title,target\ntop,growth,T,1\n", "links": "initiative,goal,measure\nrobots,sales,top\n"},
        [("links.csv", 2, "measure")],
    ),
    "measure moves away from its link": ({"measures": "key,goal\norders,repair\n"}, [("measures.csv", 2, "goal")]),
    "goal moves away from its link": ({"goals": "key,parent\nsales,repair\n"}, [("goals.csv", 2, "parent")]),
    "goal moves away from its link beside another link": (
        {"goals": "key,parent\nsales,repair\n", "links": "initiative,goal\nrobots,repair\n"},
        [("goals.csv", 2, "parent")],
    ),
    "shares that are too much twice over": (
        {"links": "initiative,goal,share\nrobots,repair,0.6\nrobots,growth,0.6\nrobots,sales,0.6\n"},
        [("links.csv", 3, "share")],
    ),
    "change without measure": (
        {"links": "initiative,goal,expected_change\nrobots,repair,1\n"},
        [("links.csv", 2, "expected_change")],
    ),
    "measure cleared under a change": (
        {"links": "initiative,goal,measure\ncheckout,growth,\n"},
        [("links.csv", 2, "measure")],
    ),
    "line of the record's start": (
        {"teams": 'key,name,mission\na,A,"one\r\ntwo\nthree"\nb,,"four\nfive"\n'},
        [("teams.csv", 5, "name")],
    ),
    "unknown file": ({"teams": "key,name\n", "notes.txt": "x"}, [("notes.txt", None, None)]),
}


@pytest.mark.parametrize("rule", RULES)
def test_broken_rule_is_reported_where_it_is_broken(rule: str) -> None:
    files, expected = RULES[rule]
    assert places(refused(files)) == expected


def test_all_problems_are_listed_in_the_order_of_files_and_lines() -> None:
    found = refused(
        {
            "links": "initiative,goal,share\nno-such,growth,2\n",
            "goals": "key,title,parent,weight\na,,growth,0\nB,B,no-such,1\n",
            "people": "email,name,role\nx,X,boss\n",
        }
    )
    assert places(found) == [
        ("people.csv", 2, "email"),
        ("people.csv", 2, "role"),
        ("goals.csv", 2, "title"),
        ("goals.csv", 2, "weight"),
        ("goals.csv", 3, "key"),
        ("goals.csv", 3, "parent"),
        ("links.csv", 2, "initiative"),
        ("links.csv", 2, "share"),
    ]


def test_problem_reads_as_one_line_with_what_is_right() -> None:
    (found,) = refused({"goals": 'key,title,parent\na,A,"gro\x1b[31m\nwth"\n'})
    assert str(found) == (
        'goals.csv line 2, column parent: there is no goal "gro\\u001b[31m\\nwth"; '
        "use the key of a goal in this bundle or in the database"
    )


FOLLOWED = {
    "a wrong key": {"teams": "key,name\nNew,N\n", "initiatives": "key,team,title\na,New,A\n"},
    "too few cells": {"teams": "key,name\nnew\n", "initiatives": "key,team,title\na,new,A\n"},
    "a file that cannot be read": {"teams": 'key,name\n"new,N\n', "initiatives": "key,team,title\na,new,A\n"},
    "a wrong address": {"people": "email,name\nX@,X\n", "context": "key,lens,title,owner\na,product,A,x@\n"},
    "a wrong strategy": {"strategies": "key,title\nNew,N\n", "goals": "key,title,strategy\na,A,New\nb,B,New\n"},
    "a wrong parent": {"goals": "key,title,parent,strategy\na,A,no-such,\nb,B,a,plan\n"},
    "a wrong end": {"initiatives": "key,team,title,kind,ends_on\na,home,A,explore,soon\n"},
    "a wrong measure": {"links": "initiative,goal,measure,expected_change\nrobots,repair,no-such,1\n"},
    "a row there twice": {"teams": "key,name\nnew,N\nnew,N\n", "initiatives": "key,team,title\na,new,A\n"},
}


@pytest.mark.parametrize("mistake", FOLLOWED)
def test_one_mistake_is_one_problem(mistake: str) -> None:
    assert len(refused(FOLLOWED[mistake])) == 1


def test_goals_deeper_than_a_path_may_be_are_refused_at_the_first_too_deep() -> None:
    rows = "".join(f"g{number},G,{f'g{number - 1}' if number else 'growth'}\n" for number in range(300))
    assert places(refused({"goals": "key,title,parent\n" + rows})) == [("goals.csv", 2 + 249, "parent")]


def test_list_ends_when_there_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 5)
    (found, end) = refused({"teams": "key,name\n" + "t,\n" * 10})
    assert found.times == 5
    assert "this is not all: reading stopped after 5 problems" in str(end)


def test_whole_company_with_every_row_broken_changes_nothing() -> None:
    broken = {name: content.replace("example.org", "example") for name, content in COMPANY.items()}
    assert refused(broken | {"company": "setting,value\nname,\n"})


def test_cells_that_the_document_marks_are_all_that_may_not_be_blank() -> None:
    """In one bundle, each file of rows has one for each column that has a star, in which that one is blank. (A message
    has to have a text unless that was taken away.)"""
    starred, files, marked = {}, {}, set()
    documented = re.findall(r"^\| `(\w+)\.csv` \|(.*)\|$", DOCUMENT.read_text(), re.MULTILINE)
    for name, columns in documented[1:]:
        starred[name] = re.findall(r"`([a-z_]+)`\*", columns)
        rows = [",".join("" if one == blank else "x" for one in starred[name]) for blank in starred[name]]
        files[name] = "\n".join([",".join(starred[name]), *rows, ""])
        marked |= {(f"{name}.csv", line, blank) for line, blank in enumerate(starred[name], 2)}
    assert len(marked) > 50

    said = [problem for problem in refused(files) if problem.wrong.endswith("is blank")]
    assert {place for place in places(said) if (place[0], place[2]) != ("messages.csv", "text")} == marked
