"""Builds the demo company as of an instant. `demo.built` in the log marks a database as the demo's."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from alignment.refresh.nightly import recompute_when_stale
from demo.actions import BUILT
from demo.calendar import ZONE, Calendar, calendar_at
from demo.moving import move_demo
from demo.outbox import Outbox
from demo.story import week_7, weeks_1_to_4, weeks_5_to_6, weeks_8_and_9, weeks_10_to_12
from demo.story.telling import Scene, pass_time, tell
from exchange.services import import_bundle
from lib.db.locks import company_locked, one_at_a_time
from lib.programs.memory import nothing_collected
from lib.services.dates import parse_day
from lib.services.permissions import SYSTEM
from strategy.services.periods import DATES
from teams.models import LogEntry, Person
from teams.services.log import record

COMPANY = Path(__file__).parent / "company"
BUNDLE_WEEK_1 = dt.date(2025, 1, 6)
"""The Monday of week 1 in the dates of the bundle."""
IMPORTED_AT = dt.time(8, 40)
STORY = (*weeks_1_to_4.WEEKS, *weeks_5_to_6.WEEKS, *week_7.WEEKS, *weeks_8_and_9.WEEKS, *weeks_10_to_12.WEEKS)

Told = Callable[[str], object]
"""Reports progress, a line at a time."""


def bring_in_company(*, at: dt.datetime, told: Told) -> None:
    """Runs at each start of the demo: builds the company where there is none, moves the demo's own to before `at`, and
    leaves any other alone. `told` reports what takes time. Simultaneous starts take turns."""
    with one_at_a_time(BUILT):
        if is_empty():
            told("Building the demo company, twelve weeks of it …")
            build_demo(at=at, told=lambda line: told(f"  {line}"))
            recompute_when_stale(at=at)
        elif weeks := move_demo(at=at):
            told(f"Moved the demo company by {'a week' if weeks == 1 else f'{weeks} weeks'}, to today.")


def is_empty() -> bool:
    """Whether the database has neither people nor log entries."""
    return not LogEntry.objects.exists() and not Person.objects.exists()


@company_locked(alone=True)
def build_demo(*, at: dt.datetime, told: Told = lambda line: None) -> Calendar:
    """Builds the company and its twelve weeks, the last of which ended before `at`, in a database without a company, in
    one transaction. Writes the story's mails last."""
    calendar, outbox = calendar_at(at), Outbox()
    start = calendar.instant(calendar.first, IMPORTED_AT)
    with nothing_collected():
        _import(calendar, start)
        scene = Scene(calendar, outbox, start)
        for week in STORY:
            told(f"week {week.number:2}: {week.title}")
            tell(week, scene)
        pass_time(scene, calendar.end)
        record(BUILT, actor=None, at=calendar.end)
        outbox.write()
    return calendar


def _import(calendar: Calendar, at: dt.datetime) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in COMPANY.glob("*.csv"):
            _move_file(path, Path(folder) / path.name, calendar.first - BUNDLE_WEEK_1)
        import_bundle(Path(folder), actor=SYSTEM, at=at)


def _move_file(path: Path, to: Path, by: dt.timedelta) -> None:
    """Copies a file of the bundle with each of its days later."""
    with path.open(encoding="utf-8", newline="") as file, to.open("w", encoding="utf-8", newline="") as moved:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(moved, rows.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _moved(name, value, by) for name, value in row.items()})


def _moved(column: str, value: str, by: dt.timedelta) -> str:
    """Nine o'clock stays nine o'clock. The first and last days that an edition says of a goal are in its JSON."""
    if not value:
        return value
    if column == "at":
        local = dt.datetime.fromisoformat(value).astimezone(ZoneInfo(ZONE)) + by  # of the wall clock
        return f"{local.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if column == "says":
        said = json.loads(value)
        return json.dumps({name: _moved(name, each, by) if name in DATES else each for name, each in said.items()})
    return (parse_day(value) + by).isoformat() if column.endswith(("_on", "_until")) else value
