"""The round trip: what is exported, imported elsewhere and exported again is the same bytes (spec/bundle.md,
*Exporting*).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.models import Flag
from conversations.models import Thread
from conversations.topics import topics
from exchange.bundle import export
from exchange.bundle.export import export_bundle
from exchange.bundle.files.writing import BundleTargetError
from exchange.bundle.format.contents import FILES, TABLES
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from lib.text.clean import tidy
from teams.models import Company, Initiative, Person
from tests.alignment.companies import Drawn, companies, write_folder
from tests.examples import examples
from tests.exchange.bundles import AT, COMPANY, TODAY, exported, imported, lines_of, undone
from tests.factories import MessageFactory, ProposalFactory, ProposalWorkFactory, ThreadFactory

DOCUMENT = Path(__file__).parents[2] / "docs" / "bundle.md"


def at_noon(drawn: Drawn) -> dt.datetime:
    return AT.replace(year=drawn.today.year, month=drawn.today.month, day=drawn.today.day)


def live_with_flags(today: dt.date, lives: list[tuple[int, int | None]]) -> None:
    """Each flag has an age in days, and a snooze until so many days from now or none, in turn."""
    ada = Person.objects.get(name="Ada")
    for row, (age, days) in zip(Flag.objects.open().order_by("id"), itertools.cycle(lives), strict=False):
        row.first_seen = today - dt.timedelta(days=age)
        if days is not None:
            row.snoozed_until, row.snooze_reason = today + dt.timedelta(days=days), f"For {days} days."
            row.snoozed_by = ada if days % 2 else None
        row.save()


@pytest.fixture
def company(db: None) -> None:
    """For each test: one of them commits, which a company of the whole module does not allow."""
    imported(dict(COMPANY))


def test_every_file_is_there_with_its_columns(db) -> None:
    written = exported()
    assert sorted(written) == sorted(FILES)
    for table in TABLES:
        assert written[table.file] == ",".join(table.by_name) + "\n"
    assert len(written["company.csv"].splitlines()) == 22


def test_every_column_is_documented() -> None:
    documented = dict(re.findall(r"^\| `(\w+)\.csv` \|(.*)\|$", DOCUMENT.read_text(), re.MULTILINE))
    assert list(documented) == ["company", *(table.name for table in TABLES)]
    for table in TABLES:
        columns = [name for name in re.findall(r"`([a-z_]+)`", documented[table.name]) if name in table.by_name]
        assert list(dict.fromkeys(columns)) == list(table.by_name)


def test_company_is_written_out(company) -> None:
    assert lines_of("goals")[1:] == [
        "growth,plan,,,Grow,Because,committed,2,active,2026-01-01,2026-12-31,ada@example.org,company,2026-02-01,,,,,,who-buys,buyer;clerk,,",
        "repair,,,depot,Repair faster,,committed,1,active,,,,leaders,,,,,,,,,,",
        "sales,,growth,shop,Sell more,,committed,1,active,,,,company,,,,,,,,,,",
    ]
    assert lines_of("decisions")[1:] == [
        "first,Shops,,,S.,N.,,decided,leaders,,2025-03-01,,,,,",
        "later,Online,,,O.,C.,,decided,company,ada@example.org;grace@example.org,2026-03-01,"
        ",first,growth;repair,who-buys,",
    ]
    assert lines_of("initiatives")[1:] == [
        'checkout,shop,Checkout,Slow,goal,team,3.5,active,2026-02-01,2026-08-31,ada@example.org,https://x.example,2026-06-01,,,,"mobile, web",ada@example.org;grace@example.org',  # noqa: E501
        f"robots,depot,Try robots,,explore,assigned,,active,,2026-09-30,,,{TODAY},,,,,",
    ]
    assert lines_of("links")[1:] == [
        "checkout,growth,0.5,Fewer steps,endorsed,More orders,2026-09-01,untested,2026-05-01,orders,2.5,,,,,,buyer",
        f"checkout,sales,0.25,,claimed,,,untested,{TODAY},,,,,,,,",
        f"robots,repair,,,claimed,,,untested,{TODAY},,,,,,,,",
    ]
    assert lines_of("teams")[1:] == [
        "depot,Depot,,,,,core,,,,no",
        "home,Home,,Everybody sells,growth;sales,buyer;clerk,core,,,,yes",
        "shop,Shop,home,,,,spotlight,The launch,2026-12-31,,yes",
    ]
    assert lines_of("measures")[1:] == [
        "days,repair,Days to repair,days,0,2,9,at_most,,",
        "orders,sales,Orders,a day,10,20.5,10,target,ada@example.org,",
    ]
    assert lines_of("people")[1:] == [
        "ada@example.org,Ada,admin,UTC,yes,yes,no,,,yes",
        "grace@example.org,Grace,leader,Asia/Tokyo,yes,yes,no,,,yes",
    ]
    assert lines_of("company")[1:5] == [
        "check_in_rhythm,two_weeks",
        "core.autonomy_floor,0.4",
        "core.coverage_floor,0.7",
        "core.exploring_ceiling,0.3",
    ]


def test_import_of_an_export_changes_nothing(company, tmp_path: Path) -> None:
    export_bundle(tmp_path / "out.zip")
    assert not import_bundle(tmp_path / "out.zip", actor=SYSTEM, at=AT).changed


def test_cells_are_quoted_only_where_needed(company) -> None:
    cells = ["=1+1", "a;b", " lead", "tail ", "\\.", "é", 'q"q', "c,c", "NULL", "\\N"]
    rows = io.StringIO()
    csv.writer(rows, lineterminator="\n").writerows([[f"p{number}", cell, cell] for number, cell in enumerate(cells)])
    imported({"personas": "key,name,problem\n" + rows.getvalue()})
    assert exported()["personas.csv"].endswith(rows.getvalue())


def test_rows_are_in_the_order_of_code_points(company) -> None:
    imported({"personas": "key,name\n" + "".join(f"{key},P\n" for key in ("z", "a-b", "a1", "ab", "a", "0"))})
    keys = [line.split(",")[0] for line in lines_of("personas")[1:]]
    assert keys == sorted(keys)


def test_zip_has_the_same_files_and_the_same_bytes_every_time(company, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        export_bundle(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == exported()


def test_bundle_is_replaced_and_other_things_are_left_alone(company, tmp_path: Path) -> None:
    for name in ("out", "out.zip"):
        export_bundle(tmp_path / name)
        export_bundle(tmp_path / name)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "mine.zip").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("out", "mine.zip", "file", "nowhere/out"):
        with pytest.raises(BundleTargetError):
            export_bundle(tmp_path / name)
    assert (tmp_path / "mine.zip").read_text() == "mine"


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_export_that_fails_leaves_nothing(company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(export, "TABLES", [*TABLES[:3], None])
    with pytest.raises(AttributeError):
        export_bundle(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_export_of_its_own_sees_one_instant_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(*_arguments: object) -> None:
        with connection.cursor() as cursor:
            for name in ("transaction_isolation", "transaction_read_only"):
                cursor.execute(f"SHOW {name}")
                seen.append(cursor.fetchone()[0])

    monkeypatch.setattr(export, "TABLES", TABLES[:1])
    monkeypatch.setattr(export, "_export", look)
    export_bundle(tmp_path / "out")
    assert seen == ["repeatable read", "on"]


PIECES = (
    *("a", "1", "0", " ", "\n", '"', ",", "[@A", "](/people/", "/)", "@", "x.org", "ADA@example.org", "](/teams/t0/)"),
    *("](/people/{ada}/)", "](/people/99/)", "](/people/ada@example.org/)", "\\1", "é"),
)
SAID = st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map("{}x".format)


def talk(today: dt.date, talks: list[tuple[list[str], bool]]) -> None:
    """About each row of each kind in turn a thread with such messages at one instant, which may have ended."""
    ada, at = Person.objects.get(name="Ada"), dt.datetime.combine(today, dt.time(), dt.UTC)
    rows = [row for topic in topics() for row in ((topic.kind, pk) for pk in topic.rows.values_list("pk", flat=True))]
    for (kind, pk), (texts, ended) in zip(rows, itertools.cycle(talks), strict=False):
        proposes = kind in {"strategy", "goal"} and pk % 2
        of, outcome = ("support", "delivered") if kind == "support" else ("question", "answered")
        outcome = "declined" if proposes else outcome
        end: dict[str, Any] = {"outcome": outcome, "closed_at": at, "turn": ""} if ended else {}
        about = {"kind": of, "about_kind": kind, "answers_kind": kind, "about_id": pk}
        thread = ThreadFactory(**about, asker=ada, **at_once(at), **end)
        if proposes:
            propose(thread, texts)
        for text in texts:
            message = MessageFactory(thread=thread, at=at, text=text.replace("{ada}", str(ada.pk)))
        if ended:
            Thread.objects.filter(pk=thread.pk).update(pinned=message)


def propose(thread: Thread, texts: list[str]) -> None:
    Thread.objects.filter(pk=thread.pk).update(kind="proposal")
    row = ProposalFactory(thread=thread, title=tidy(texts[0].replace("\n", " "))[:200], because=tidy(texts[-1]))
    for initiative in Initiative.objects.order_by("key")[: len(texts) - 1]:
        ProposalWorkFactory(proposal=row, initiative=initiative)


def at_once(at: dt.datetime) -> dict[str, dt.datetime]:
    return dict.fromkeys(("opened_at", "turned_at", "last_at"), at)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=companies(),
    lives=st.lists(st.tuples(st.integers(0, 400), st.none() | st.integers(-40, 365)), min_size=1),
    talks=st.lists(st.tuples(st.lists(SAID, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=5),
)
def test_round_trip_of_any_company_gives_the_same_bytes(
    db,
    tmp_path_factory: pytest.TempPathFactory,
    drawn: Drawn,
    lives: list[tuple[int, int | None]],
    talks: list[tuple[list[str], bool]],
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    bundle = write_folder(drawn.bundle, folder / "drawn")

    def trip(source: Path, target: Path, lived: Callable[[], None]) -> None:
        with undone():
            import_bundle(source, actor=SYSTEM, at=at_noon(drawn))
            assert not import_bundle(source, actor=SYSTEM, at=at_noon(drawn)).changed
            lived()
            export_bundle(target)
            again = import_bundle(target, actor=SYSTEM, at=at_noon(drawn))
            assert (again.changed, again.notices) == (False, ())

    def live() -> None:
        live_with_flags(drawn.today, lives)
        talk(drawn.today, talks)

    trip(bundle, folder / "first.zip", live)
    trip(folder / "first.zip", folder / "second.zip", lambda: None)
    assert (folder / "first.zip").read_bytes() == (folder / "second.zip").read_bytes()


def test_company_with_everything_survives_the_round_trip(db) -> None:
    with undone():
        imported(
            dict(COMPANY)
            | {"company": "setting,value\nname,7.0\ntimezone,Asia/Tokyo\nexplore.autonomy_floor,0.650000\n"}
        )
        before = exported()
    assert exported() != before
    imported(dict(before))
    assert exported() == before
    assert "name,7.0" in lines_of("company")


def test_purpose_of_the_company_is_there_where_it_has_one(db) -> None:
    row = "purpose,Everybody arrives.\n"
    imported({"company": f"setting,value\n{row}"})
    assert Company.objects.get().purpose == "Everybody arrives."
    assert row in exported()["company.csv"]
    Company.objects.update(purpose="")
    assert "purpose" not in exported()["company.csv"]
