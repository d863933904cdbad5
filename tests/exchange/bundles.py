"""Small bundles written as text, and the company that most tests start from."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import dedent

from django.db import transaction

from exchange.bundle.counts import Counts, ImportResult
from exchange.bundle.export import export_bundle
from exchange.bundle.problems import BundleProblems, Problem
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from teams.models import LogEntry

AT = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
TODAY = "2026-06-15"

COMPANY = {
    "people": """
        email,name,role,timezone
        ada@example.org,Ada,admin,
        grace@example.org,Grace,leader,Asia/Tokyo
        """,
    "personas": """
        key,name,problem
        clerk,Clerk,Types everything twice
        buyer,Buyer,
        """,
    "context": """
        key,lens,title,body,owner
        who-buys,product,Who buys,Clerks do.,ada@example.org
        """,
    "teams": """
        key,name,parent,mission,mission_goals,personas,stance,stance_reason,stance_until,here
        home,Home,,Everybody sells,growth;sales,buyer;clerk,core,,,yes
        shop,Shop,home,,,,spotlight,The launch,2026-12-31,
        depot,Depot,,,,,,,,no
        """,
    "memberships": """
        team,email,role
        home,ada@example.org,lead
        shop,grace@example.org,
        """,
    "strategies": """
        key,title,narrative,status,starts_on,ends_on,owner
        plan,The plan,Grow.,published,2026-01-01,2026-12-31,ada@example.org
        next,What is next,,draft,,,
        """,
    "goals": """
        key,strategy,parent,team,title,why,kind,weight,status,starts_on,ends_on,owner,visibility,meaning_changed_on,pages,personas
        growth,plan,,,Grow,Because,committed,2,active,2026-01-01,2026-12-31,ada@example.org,company,2026-02-01,who-buys,clerk;buyer
        sales,,growth,shop,Sell more,,,,active,,,,,,,
        repair,,,depot,Repair faster,,,,active,,,,leaders,,,
        """,
    "decisions": """
        key,title,choice,reasons,status,visibility,decided_by,decided_on,owner,supersedes,goals,pages,personas
        later,Online,O.,C.,decided,,grace@example.org;ada@example.org,2026-03-01,,first,growth;repair,who-buys,
        first,Shops,S.,N.,decided,leaders,,2025-03-01,,,,,
        """,
    "measures": """
        key,goal,title,unit,baseline,target,current,kind,keeper
        orders,sales,Orders,a day,10,20.5,,,ada@example.org
        days,repair,Days to repair,days,,2,9,at_most,
        """,
    "initiatives": """
        key,team,title,problem,kind,origin,effort,status,starts_on,ends_on,owner,url,touched_on,labels,contributors
        checkout,shop,Checkout,Slow,goal,team,3.5,active,2026-02-01,2026-08-31,ada@example.org,https://x.example,2026-06-01,Web;mobile,grace@example.org;ada@example.org
        robots,depot,Try robots,,explore,assigned,,active,,2026-09-30,,,,,
        """,
    "links": """
        initiative,goal,share,rationale,state,evidence,review_on,outcome,confirmed_on,measure,expected_change,personas
        checkout,growth,0.5,Fewer steps,endorsed,More orders,2026-09-01,untested,2026-05-01,orders,2.5,buyer
        checkout,sales,0.25,,,,,,,,,
        robots,repair,,,,,,,,,,
        """,
    "support": """
        initiative,team,ask,size,status,asked_on
        checkout,depot,Pack it,small,pledged,2026-05-05
        """,
}


def text(content: str) -> str:
    return dedent(content).strip("\n").rstrip(" ") + "\n" if content.startswith("\n") else content


def write(path: Path, files: Mapping[str, str | bytes]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else text(content).encode()
        (path / (name if "." in name else f"{name}.csv")).write_bytes(data)
    return path


def imported(files: Mapping[str, str | bytes], at: dt.datetime = AT, *, dry_run: bool = False) -> ImportResult:
    with tempfile.TemporaryDirectory() as folder:
        return import_bundle(write(Path(folder) / "bundle", files), actor=SYSTEM, at=at, dry_run=dry_run)


def counted(files: Mapping[str, str | bytes], at: dt.datetime = AT) -> dict[str, tuple[int, int, int]]:
    """(created, updated, unchanged) by table."""
    return {name: plain(counts) for name, counts in imported(files, at).tables.items()}


def plain(counts: Counts) -> tuple[int, int, int]:
    return counts.created, counts.updated, counts.unchanged


def refused(files: Mapping[str, str | bytes], at: dt.datetime = AT) -> list[Problem]:
    """The problems; the company, its log included, is as it was."""
    before = everything()
    try:
        imported(files, at)
    except BundleProblems as error:
        assert everything() == before
        return error.problems
    raise AssertionError("it was imported")


def places(problems: list[Problem]) -> list[tuple[str, int | None, str | None]]:
    """Those that are said together are listed apart."""
    return [
        (problem.file, line, problem.column)
        for problem in problems
        for line in (problem.line, *(place.line for place in problem.more))
    ]


def exported() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        export_bundle(Path(folder) / "out")
        return {path.name: path.read_bytes().decode() for path in sorted((Path(folder) / "out").iterdir())}


def everything() -> tuple[dict[str, str], int]:
    return exported(), LogEntry.objects.count()


def lines_of(name: str) -> list[str]:
    return exported()[f"{name}.csv"].splitlines()


class UndoneError(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What is done in the block is rolled back at its end."""
    with suppress(UndoneError), transaction.atomic():
        yield
        raise UndoneError
