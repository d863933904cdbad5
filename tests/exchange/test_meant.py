"""What people do with files, and what the import says of it: each sentence as they read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.bundle.counts import ImportResult
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from strategy.models import Measure
from teams.models import Team
from tests.exchange.bundles import AT, imported, refused, write
from tests.exchange.test_reading import TEAMS, messages, zipped

pytestmark = pytest.mark.django_db
COMMAS = "separate them by commas (in a spreadsheet: save as CSV UTF-8, comma delimited)"
PLAN = {"strategies": "key,title,status\ns,Plan,published\n", "goals": "key,strategy,title,status\ng,s,Goal,active\n"}


def said(files: dict[str, str | bytes]) -> list[str]:
    return [str(problem) for problem in refused(files)]


SEPARATED: dict[str, tuple[str | bytes, str]] = {
    "semicolons": ("key;name;mission\nsales;Verkauf Süd;Größe, die zählt\n", "the cells are separated by semicolons; "),
    "quoted": ('"key";"name"\n"a";"A"\n', "the cells are separated by semicolons; "),
    "tabs": ("key\tname\na\tA\n", "the cells are separated by tabs; "),
    "bars": ("\ufeffkey|name\na|A\n", "the cells are separated by bars; "),
    "foreign names": ("Schlüssel;Name\na;A\n", "the cells are separated by semicolons; "),
    "announced": ("sep=;\nkey;name\na;A\n", 'the first line is "sep=;"; remove it, and '),
}


@pytest.mark.parametrize("what", SEPARATED)
def test_cells_that_something_else_separates_are_one_sentence(what: str) -> None:
    content, start = SEPARATED[what]
    assert said({"teams": content}) == [f"teams.csv line 1: {start}{COMMAS}"]


def test_utf_16_is_said() -> None:
    data = "key\tname\na\tA\n".encode("utf-16")
    assert said({"teams": data}) == ["teams.csv line 1: the file is in UTF-16; save it as CSV UTF-8"]


def test_empty_columns_and_rows_are_passed_over() -> None:
    content = "\n,,,\nkey,name, ,\na,A,,\u00a0\n,,,\n\nb,B,,\n , ,\u200b,\n\n"
    assert imported({"teams": content}).tables["teams"].created == 2


CELLS: list[tuple[str, str, str, str]] = [
    ("initiatives", "effort", "0,25", '"0,25" is not a plain number; write 0.25'),
    ("initiatives", "effort", "1.234,5", '"1.234,5" is not a plain number; write 1234.5'),
    ("initiatives", "effort", "1,234", '"1,234" is not a plain number; write 1234 or 1.234'),
    ("initiatives", "effort", "some", '"some" is not a plain number; write it like 12 or 0.25: above 0, at most '
     "99999.99, at most 2 digits after the point"),
    ("links", "share", "40", '"40" is above 1, and a share is of 1; 0.4 would be 40 %'),
    ("links", "share", "60%", '"60%" is a percentage, and a share is of 1; write 0.6'),
    ("links", "share", "250", '"250" is above 1, and a share is of 1; use above 0, at most 1, at most 6 digits after '
     "the point"),
    ("goals", "starts_on", "2026-02-30", '"2026-02-30" is no day: there is no 30 February 2026; write one that there '
     "is, like 2026-03-31"),
    ("goals", "starts_on", "2026-13-01", '"2026-13-01" is no day: there is no month 13; write one that there is, like '
     "2026-03-31"),
    ("goals", "starts_on", "31.3.2026", '"31.3.2026" is not a date; write 2026-03-31'),
    ("goals", "starts_on", "2026/3/1", '"2026/3/1" is not a date; write 2026-03-01'),
    ("goals", "starts_on", "2026-03-01 00:00:00", '"2026-03-01 00:00:00" is not a date; write 2026-03-01'),
    ("goals", "starts_on", "3/31/2026", '"3/31/2026" is not a date; write 2026-03-31'),
    ("goals", "starts_on", "3/4/2026", '"3/4/2026" is not a date; write 2026-03-04 or 2026-04-03'),
    ("goals", "starts_on", "31.2.2026", '"31.2.2026" is not a date; write it like 2026-03-31'),
    ("goals", "status", "Active", '"Active" is not one of the words for it; write active'),
    ("goals", "key", "Sell More!", '"Sell More!" is not a key; write sell-more'),
    ("goals", "key", "!", '"!" is not a key; use lower-case letters, digits and hyphens, starting with a letter or '
     "digit"),
    ("goals", "owner", "Ada", '"Ada" is a name, and an e-mail address belongs here; write ada@example.org'),
    ("goals", "owner", "Nobody", '"Nobody" is not among the people; use the e-mail of a person in this bundle or in '
     "the database"),
    ("goals", "parent", "Sell more", 'there is no goal "Sell more"; write sales'),
    ("goals", "parent", "no-such", 'there is no goal "no-such"; use the key of a goal in this bundle or in the '
     "database"),
    ("people", "email", "Ann Lee", '"Ann Lee" is a name, and an e-mail address belongs here; write it like '
     "ada@example.org"),
    ("people", "email", "Ann <ann@example.org>", '"Ann <ann@example.org>" is not an e-mail address; write '
     "ann@example.org"),
    ("people", "timezone", "europe/berlin", '"europe/berlin" is not a time zone; write Europe/Berlin'),
    ("measures", "target", "", "this is blank; give the number to reach: 1 for a result that is there or is not"),
    ("measures", "target", "launched", '"launched" is not a plain number; give the number to reach: 1 for a result '
     "that is there or is not"),
    ("teams", "name", "\u200b\u200b", "this is blank; give a name"),
    ("teams", "name", "\u202eReport", "an invisible character that turns the text around (U+202E); remove it"),
    ("teams", "mission", "a\n\u2066b", "an invisible character that turns the text around (U+2066); remove it"),
]  # fmt: skip
GOOD = {
    "goals": {"key": "new", "title": "New", "parent": "growth"},
    "initiatives": {"key": "new", "team": "home", "title": "New"},
    "links": {"initiative": "robots", "goal": "growth"},
    "measures": {"key": "new", "goal": "sales", "title": "New", "target": "1"},
    "people": {"email": "new@example.org", "name": "New"},
    "teams": {"key": "new", "name": "New"},
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(("table", "column", "cell", "sentence"), CELLS, ids=lambda text: text[:20].encode().hex()[:16])
def test_cell_is_told_with_what_it_should_be(table: str, column: str, cell: str, sentence: str) -> None:
    row = GOOD[table] | {column: cell}
    content = ",".join(row) + "\n" + ",".join(f'"{each}"' for each in row.values()) + "\n"
    assert said({table: content}) == [f"{table}.csv line 2, column {column}: {sentence}"]


@pytest.mark.usefixtures("nothing")
def test_name_that_two_people_have_is_not_guessed() -> None:
    files = {"people": "email,name\na@x.org,Ann Lee\nb@x.org,Ann Lee\nc@x.org,Bo\n"}
    files["context"] = "key,lens,title,owner\np,product,P,ann lee\nq,product,Q,BO\n"
    assert said(dict(files)) == [
        'context.csv line 2, column owner: "ann lee" is not among the people; use the e-mail of a person in this bundle'
        " or in the database",
        'context.csv line 3, column owner: "BO" is a name, and an e-mail address belongs here; write c@x.org',
    ]


@pytest.mark.usefixtures("nothing")
def test_same_mistake_in_many_rows_is_said_once() -> None:
    rows = "".join(f"t{number},T,{number + 1}.6.2026\n" for number in range(9))
    assert said({"teams": f"key,name,stance_until\n{rows}"}) == [
        'teams.csv line 2, column stance_until: "1.6.2026" is not a date; write 2026-06-01. 9 like this; the others: '
        'line 3 "2.6.2026" (2026-06-02), line 4 "3.6.2026" (2026-06-03), line 5 "4.6.2026" (2026-06-04), '
        'line 6 "5.6.2026" (2026-06-05), line 7 "6.6.2026" (2026-06-06), 3 more'
    ]


@pytest.mark.usefixtures("nothing")
def test_two_asks_of_one_team_are_told_to_be_one() -> None:
    files = {
        "teams": "key,name\nt,T\nu,U\n", "initiatives": "key,team,title\ni,t,I\n",
        "support": "initiative,team,ask\ni,u,Design review\ni,u,Code review\n",
    }  # fmt: skip
    assert said(dict(files)) == [
        'support.csv line 3, column team: "i" and "u" is on line 2 already; put both asks into one row, or give each '
        "a key that tells them apart"
    ]


ARABIC = "تحسين تجربة العملاء <2026>"
WHOLE: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "share as percent": (
        {
            **PLAN,
            "teams": "key,name\nt,T\n",
            "initiatives": "key,team,title\ni,t,I\n",
            "links": "initiative,goal,share\ni,g,60%\ni,h,40\n",
        },
        [
            'links.csv line 2, column share: "60%" is a percentage, and a share is of 1; write 0.6',
            'links.csv line 3, column share: "40" is above 1, and a share is of 1; 0.4 would be 40 %',
            'links.csv line 3, column goal: there is no goal "h"; use the key of a goal in this bundle or in the '
            "database",
        ],
    ),
    "invisible title": (
        {"teams": "key,name\nt,Team\n", "initiatives": "key,team,title,status\na,t,\u200b\u200b,active\n"},
        ["initiatives.csv line 2, column title: this is blank; give a title"],
    ),
    "titles from right to left": (
        {
            "teams": f"key,name\nt,{ARABIC}\n",
            "initiatives": f"key,team,title\na,t,{ARABIC}\nb,t,\u202eReport 2026\n",
        },
        [
            "initiatives.csv line 3, column title: an invisible character that turns the text around (U+202E); "
            "remove it",
        ],
    ),
}


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize("what", WHOLE)
def test_bundle_is_told_with_each_thing_that_is_wrong(what: str) -> None:
    files, sentences = WHOLE[what]
    assert sorted(said(files)) == sorted(sentences)


@pytest.mark.usefixtures("nothing")
def test_text_is_stored_in_nfc() -> None:
    imported({"teams": "key,name,mission\nt,A\u0308rger,e\u0301\n"})
    assert Team.objects.values_list("name", "mission").get() == ("\u00c4rger", "\u00e9")


# Notices


@pytest.mark.usefixtures("nothing")
def test_what_looks_like_thousands_is_taken_and_mentioned() -> None:
    result = imported(
        PLAN | {"measures": "key,goal,title,target,current\nm,g,Readers,150.000,0.125\nn,g,More,2.5,1.234\n"}
    )
    assert Measure.objects.get(key="m").target == 150
    assert [str(notice) for notice in result.notices] == [
        'measures.csv line 2, column target: "150.000" is read as 150; write 150000 if that is meant',
        'measures.csv line 3, column current: "1.234" is read as 1.234; write 1234 if that is meant',
    ]


@pytest.mark.usefixtures("nothing")
def test_notice_of_many_cells_is_one_with_all_counted() -> None:
    rows = "".join(f"m{number},g,M,1.500\n" for number in range(40))
    (notice,) = imported(PLAN | {"measures": f"key,goal,title,target\n{rows}"}).notices
    assert notice.times == 40
    assert imported({"company": "setting,value\ngrace_days,14.000\n"}).notices[0].line == 2


# What is around the files


LOOSE = [".DS_Store", "._teams.csv", "Thumbs.db", "desktop.ini", "~$teams.csv"]
ADDED = ["__MACOSX/teams.csv", "__MACOSX/._teams.csv", *LOOSE]


@pytest.mark.usefixtures("nothing")
def test_what_macs_and_windows_add_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "b", {"teams": TEAMS, **dict.fromkeys(LOOSE, "x")})
    (folder / "__MACOSX").mkdir()
    path = zipped(tmp_path / "b.zip", ("teams.csv", TEAMS), *((name, "x") for name in ADDED))
    for bundle in (folder, path):
        assert result_of(bundle).tables.keys() == {"teams"}


@pytest.mark.usefixtures("nothing")
def test_one_folder_in_a_zip_is_entered(tmp_path: Path) -> None:
    added = [(f"company/{name}", "x") for name in ADDED]
    path = zipped(
        tmp_path / "b.zip", ("company/", ""), ("company/teams.csv", TEAMS), ("__MACOSX/company/._x", "x"), *added
    )
    assert result_of(path).tables.keys() == {"teams"}


@pytest.mark.usefixtures("nothing")
def test_two_folders_in_a_zip_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", ("a/teams.csv", TEAMS), ("b/people.csv", ""))
    right = "this is a folder or has a path; zip the files themselves, or the one folder that they are in"
    assert messages(path) == [f"a/teams.csv: {right}", f"b/people.csv: {right}"]


@pytest.mark.usefixtures("nothing")
def test_one_file_is_a_bundle(tmp_path: Path) -> None:
    write(tmp_path, {"teams": TEAMS})
    assert result_of(tmp_path / "teams.csv").tables["teams"].created == 1


@pytest.mark.usefixtures("nothing")
def test_file_with_another_name_is_told_how_it_should_be_named(tmp_path: Path) -> None:
    write(tmp_path, {"Teams (1).csv": TEAMS, "budget.csv": TEAMS})
    (message,) = messages(tmp_path / "Teams (1).csv")
    assert message.endswith("this is not the name of a file of a bundle; name it teams.csv, if that is what it is")
    assert "; a bundle has company.csv, people.csv," in messages(tmp_path / "budget.csv")[0]


@pytest.mark.usefixtures("nothing")
def test_workbook_is_told_to_be_saved_as_csv(tmp_path: Path) -> None:
    path = zipped(tmp_path / "company.xlsx", ("[Content_Types].xml", "x"), ("xl/workbook.xml", "x"))
    assert messages(path)[0].endswith("save each sheet as a CSV file with a name of a bundle")


def result_of(path: Path) -> ImportResult:
    Team.objects.all().delete()
    return import_bundle(path, actor=SYSTEM, at=AT)
