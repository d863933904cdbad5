"""The full recompute compared with the scan floor: PostgreSQL's time to read the rows once, in the same run."""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

from django.db import connection

from alignment.engine import Alignment, compute
from alignment.engine.model import day_number
from alignment.enums import LinkState
from alignment.models import Link
from alignment.refresh.recompute import RecomputeResult, recompute_alignment
from alignment.selectors.columns import company_columns
from strategy.enums import GoalStatus
from strategy.models import Goal
from teams.models import Initiative
from tools.bench.report import Row

DAY = dt.date(2026, 10, 1)
"""A day in the generated company's year, so that results do not depend on the date of the run."""

FLOOR = """
    SELECT count(*), sum(effort) FROM teams_initiative JOIN alignment_link ON initiative_id = teams_initiative.id
"""
RUNS, FLOOR_RUNS, WARM_UP = 9, 3, 3
FEW = 20


def floor() -> float:
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(FLOOR)
        cursor.fetchall()
        return time.perf_counter() - began


def timed(run: Callable[[], RecomputeResult]) -> tuple[float, int]:
    """Returns seconds, and rows written."""
    began = time.perf_counter()
    done = run()
    seconds = time.perf_counter() - began
    return seconds, done.initiatives + done.teams + done.goals + done.flags_opened + done.flags_resolved


def recompute(day: dt.date) -> RecomputeResult:
    return recompute_alignment(as_of=day, at=dt.datetime.combine(day, dt.time(6), dt.UTC))


def beside_floor(what: str, days: Iterator[dt.date], limits: dict[str, float], edit: Callable[[int], None]) -> Row:
    """Medians of RUNS runs, each after an edit and its own scans, so that other load affects both."""
    floors, seconds, rows = [], [], []
    for run in range(RUNS):
        edit(run)
        floors += [floor() for _ in range(FLOOR_RUNS)]
        took, wrote = timed(lambda: recompute(next(days)))
        seconds.append(took)
        rows.append(wrote)
    took, least = median(seconds), median(floors)
    figures = {"floors": took / least, "ms": took * 1000, "rows": median(rows)}
    return Row("recompute", f"{what} (floor {least * 1000:.1f} ms)", figures, limits)


def edit_a_few(run: int) -> None:
    """Resizes FEW other initiatives and disputes FEW other links each time, and drops a goal without children."""
    initiatives = list(Initiative.objects.order_by("id").values_list("id", flat=True))
    links = list(Link.objects.order_by("id").values_list("id", flat=True))
    Initiative.objects.filter(id__in=_some(initiatives, run)).update(effort=3 + run)
    Link.objects.filter(id__in=_some(links, run)).update(state=LinkState.DISPUTED)
    leaves = Goal.objects.filter(children=None, parent__isnull=False, status=GoalStatus.ACTIVE)
    leaves.filter(id__in=leaves.order_by("id").values("id")[:1]).update(status=GoalStatus.DROPPED)


def _some(ids: list[int], run: int) -> list[int]:
    return ids[run :: max(len(ids) // FEW, 1)][:FEW]


def first_time() -> Row:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE alignment_initiativefigures, alignment_linkfigures, alignment_teamfigures,"
            " alignment_goalfigures, alignment_flag"
        )
    seconds, rows = timed(lambda: recompute(DAY))
    return Row("recompute", "recompute, everything new", {"seconds": seconds, "rows": rows})


def split() -> list[Row]:
    """The time for reading the company, and for computing it with its flags and counts. The rest is storing."""
    reading, computing = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        company = company_columns()
        read = time.perf_counter()
        everything(compute(company, day_number(DAY)))
        reading.append(read - began)
        computing.append(time.perf_counter() - read)
    return [
        Row("recompute", f"of it {what}", {"ms": median(seconds) * 1000})
        for what, seconds in (("reading", reading), ("computing", computing))
    ]


def everything(alignment: Alignment) -> None:
    """Computes all that a recompute needs, including the lazy parts."""
    _flags = alignment.flags
    for team, unsized in ((False, False), (True, False), (False, True)):
        alignment.contributors(team=team, unsized=unsized)


def measured(*, floors: float | None) -> list[Row]:
    """`floors` is the most that a recompute may take, None where the company is too small for a meaningful floor."""
    limits = {"floors": floors} if floors else {}
    rows = [first_time()]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    for _ in range(WARM_UP):
        floor()
        recompute(DAY)
    same = iter([DAY] * RUNS)
    rows += [beside_floor("recompute, nothing changed", same, limits, lambda _run: None), *split()]
    later = iter([DAY + dt.timedelta(days=1 + run) for run in range(RUNS)])
    rows.append(beside_floor("recompute, a day later with a few edits", later, limits, edit_a_few))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return [*rows, Row("recompute", "recompute, its process", {"peak_mb": peak})]
