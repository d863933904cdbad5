"""Edits through their services, with the figures and flags they refresh: compared with a bare insert and commit in the
same run, and by many concurrent writers.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from statistics import median

from django.db import connection, transaction

from alignment.models import Link, Recompute
from alignment.refresh.drift import find_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from alignment.services import links
from strategy.enums import MeasureKind
from strategy.models import Goal, Measure
from strategy.services import goals, measures
from teams.enums import InitiativeStatus, Role
from teams.models import Initiative, Person
from teams.services import initiatives
from tools.bench.recompute import DAY
from tools.bench.report import Row, percentile
from tools.bench.writers import by_writers

EACH = 4
"""Edits of each kind per request of a series."""
LIMITS = {"times": 15.0, "p95_ms": 25.0}
USUAL_MS = 0.85
"""What a bare insert takes where the limit of p95 was set; on a slower machine it is as much longer."""
WRITER_LIMITS = {"failed": 0.0, "drifted": 0.0}
WRITERS, LEAST_TIMES, ENOUGH_CORES = 16, 2.0, 4
"""One writer and its server process keep a core busy, so two cores allow at most twice the rate of one writer."""
AT = dt.datetime.combine(DAY, dt.time(10), dt.UTC)
BARE = """
    INSERT INTO alignment_link (version, initiative_id, goal_id, rationale, state, evidence, outcome, confirmed_on)
    VALUES (1, %s, %s, 'Because.', 'claimed', '', 'untested', %s)
"""


@dataclass
class Rows:
    """The rows to edit, and the instant of the edits: active work, and unlinked pairs of work and goals."""

    random: Random
    actor: Person
    work: list[int]
    goals: list[int]
    at: dt.datetime = AT
    linked: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def read(cls, at: dt.datetime = AT) -> Rows:
        return cls(
            at=at,
            random=Random(1),  # noqa: S311 -- the same edits in every run
            actor=Person.objects.filter(role__in=[Role.LEADER, Role.ADMIN]).order_by("id")[0],
            work=list(
                Initiative.objects.filter(status=InitiativeStatus.ACTIVE).order_by("id").values_list("id", flat=True)
            ),
            goals=list(Goal.objects.filter(figures__anchored=True).order_by("id").values_list("id", flat=True)),
            linked=set(Link.objects.values_list("initiative_id", "goal_id")),
        )

    def pair(self) -> tuple[int, int]:
        while (pair := (self.random.choice(self.work), self.random.choice(self.goals))) in self.linked:
            pass
        self.linked.add(pair)
        return pair

    def initiative(self) -> Initiative:
        return work_of(self.random.choice(self.work))

    def link(self) -> Link:
        found: Link = (
            Link.objects.filter(initiative=self.random.choice(self.work))
            .select_related("goal__owner", "goal__team", "initiative__team")
            .first()
            or self.link()
        )
        return found

    def judged(self) -> tuple[Link, Person]:
        """A link, and who may judge it: not every goal's owner writes."""
        link = self.link()
        judge = link.goal.owner or self.actor
        return (link, judge) if judge.has_perm("alignment.judge_link", link) else self.judged()


def work_of(pk: int) -> Initiative:
    """As pages have it (teams/access.py), so that asking for the permission asks no query."""
    return Initiative.objects.select_related("team", "owner").get(pk=pk)


def bare(rows: Rows) -> Callable[[], object]:
    initiative, goal = rows.pair()

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BARE, [initiative, goal, DAY])

    return insert


def link_made(rows: Rows) -> Callable[[], object]:
    initiative, goal = rows.pair()
    work, aim = work_of(initiative), Goal.objects.get(pk=goal)
    return lambda: links.make_link(work, aim, "It moves it.", actor=rows.actor, at=rows.at)


def link_removed(rows: Rows) -> Callable[[], object]:
    link = rows.link()
    return lambda: links.remove_link(link, actor=rows.actor, at=rows.at)


def link_endorsed(rows: Rows) -> Callable[[], object]:
    link, judge = rows.judged()
    note = f"As said, {rows.random.random()}."
    return lambda: links.endorse_link(link, note=note, actor=judge, at=rows.at)


def work_resized(rows: Rows) -> Callable[[], object]:
    work, effort = rows.initiative(), Decimal(rows.random.randint(1, 9_999)) / 100
    return lambda: initiatives.edit_initiative(work, version=work.version, effort=effort, actor=rows.actor, at=rows.at)


def goal_explained(rows: Rows) -> Callable[[], object]:
    """Edits a goal without any below it."""
    leaves = Goal.objects.filter(pk__in=rows.goals, children=None).order_by("id")
    goal = leaves[rows.random.randrange(len(rows.goals) // 4)]
    return lambda: goals.edit_goal(
        goal,
        version=goal.version,
        why=f"Because, {rows.random.random()}.",
        meaning_changed=True,
        actor=rows.actor,
        at=rows.at,
    )


def measure_checked_in(rows: Rows) -> Callable[[], object]:
    numbers = Measure.objects.filter(goal__in=rows.goals[:500]).exclude(kind=MeasureKind.MILESTONE)
    measure = numbers.select_related("goal").order_by("?")[0]
    value = Decimal(rows.random.randint(1, 999))
    return lambda: measures.check_in(measure, version=measure.version, value=value, actor=rows.actor, at=rows.at)


POINT_EDITS = {
    "a link made": link_made,
    "a link removed": link_removed,
    "a link endorsed": link_endorsed,
    "work resized": work_resized,
    "a goal's meaning changed": goal_explained,
    "a measure checked in": measure_checked_in,
}


def point_edits(rows: Rows, *, each: int, limits: dict[str, float]) -> Iterator[Row]:
    """Alternates each edit with a bare insert, so that other load affects both. An edit of a goal refreshes all work
    linked to it, some twenty initiatives, so only its p95 is limited.
    """
    for what, edit in POINT_EDITS.items():
        took: list[float] = []
        least: list[float] = []
        for _ in range(each):
            least.append(_seconds(bare(rows)))
            took.append(_seconds(edit(rows)))
        figures = {
            "times": median(took) / median(least),
            "p50_ms": median(took) * 1000,
            "p95_ms": percentile(took, 95) * 1000,
        }
        bare_ms = median(least) * 1000
        held_to = {name: limit for name, limit in limits.items() if edit is not goal_explained or name != "times"}
        if "p95_ms" in held_to:
            held_to["p95_ms"] *= max(1.0, bare_ms / USUAL_MS)
        yield Row("edits", f"{what} (bare insert {bare_ms:.1f} ms)", figures, held_to)


def _seconds(edit: Callable[[], object]) -> float:
    began = time.perf_counter()
    edit()
    return time.perf_counter() - began


def writers(rows: Rows, *, seconds: float, limited: bool) -> list[Row]:
    """One writer, then WRITERS concurrent ones, on the same few teams and goals; then processes waiting refreshes and
    compares the stored figures with the engine's.
    """
    alone = by_writers(1, seconds=seconds / 4)
    together = by_writers(WRITERS, seconds=seconds)
    waited = refresh_waiting(at=AT)
    drift = find_drift()
    times = together.per_second / alone.per_second
    figures = {
        "per_second": together.per_second,
        "p95_ms": percentile(together.seconds, 95) * 1000,
        "failed": float(together.failed),
        "drifted": float(drift.size if drift else -1),
        "rows": float(waited),
    }
    judged = limited and (os.cpu_count() or 1) >= ENOUGH_CORES
    too_few = f"{times:.1f}×, at least {LEAST_TIMES:.0f}× is wanted" if judged and times < LEAST_TIMES else ""
    return [
        Row("edits", "one writer", {"per_second": alone.per_second, "p50_ms": median(alone.seconds) * 1000}),
        Row("edits", f"{WRITERS} writers", figures, WRITER_LIMITS),
        Row("edits", f"{WRITERS} writers beside one", {"times": times}, problem=too_few),
    ]


def measured(*, requests: int, limited: bool) -> list[Row]:
    """A series of point edits, then writers for two seconds per request (a minute at L)."""
    recompute_alignment(as_of=DAY, at=AT)
    assert Recompute.objects.exists()  # noqa: S101
    rows = Rows.read()
    limits = LIMITS if limited else {}
    found = list(point_edits(rows, each=EACH * requests, limits=limits))
    refresh_waiting(at=AT)
    recompute_alignment(as_of=DAY, at=AT)
    return [*found, *writers(rows, seconds=2.0 * requests, limited=limited)]
