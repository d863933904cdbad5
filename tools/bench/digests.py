"""Everybody's weekly digests: building and rendering them in batches, compared with rendering alone."""

from __future__ import annotations

import datetime as dt
import resource
import sys
import time
from random import Random

from django.db import connection

from digest.content import from_json
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.rendering import render
from digest.schedule import LEAD
from digest.services.building import build_digests
from digest.services.plans import plan_digests
from lib.services.dates import monday, now
from teams.models import Membership, Person, Team
from tools.bench.edits import POINT_EDITS, Rows
from tools.bench.report import Row

LIMIT = {"times": 5.0}
PEOPLE = 10_000
EDITS, FEW_EDITS = 300, 30
"""Edits in the week of the digests; few where no limit applies."""
AFTER = dt.timedelta(weeks=2)
"""Time between the company's import and the digests, so that the import is not news."""


def somebody_reads() -> dt.datetime:
    """Makes everybody a member who wants every digest; returns the Sunday at whose end all are due."""
    week = dt.datetime.combine(monday((now() + AFTER).date()), dt.time(), dt.UTC)
    Person.objects.filter(is_active=True).update(joined_at=now(), digests_always=True)
    Digest.objects.all().delete()
    DigestSettings.objects.update(previewed_at=now(), started_at=now(), paused_at=None, planned_to=week + LEAD)
    return week + dt.timedelta(days=6, hours=6)


def joined_by(count: int) -> None:
    """Adds people, up to `count`, to the teams in turn."""
    teams = list(Team.objects.order_by("id").values_list("id", flat=True))
    more = max(count - Person.objects.filter(is_active=True).count(), 0)
    people = [Person(email=f"more-{number}@example.com", name=f"More {number}") for number in range(more)]
    rows = Person.objects.bulk_create(people, batch_size=1_000)
    on = [Membership(person=row, team_id=teams[number % len(teams)]) for number, row in enumerate(rows)]
    Membership.objects.bulk_create(on, batch_size=1_000)


def edited(at: dt.datetime, count: int) -> None:
    """Makes edits of every kind at `at`."""
    rows, random = Rows.read(at), Random(2)  # noqa: S311 -- the same edits in every run
    for _ in range(count):
        random.choice(list(POINT_EDITS.values()))(rows)()


def built(at: dt.datetime) -> tuple[int, float]:
    """Returns the number of batches, and seconds."""
    began, batches = time.perf_counter(), 0
    while build_digests(at=at):
        batches += 1
    return batches, time.perf_counter() - began


def rendered() -> tuple[int, float]:
    """Returns the number of digests rendered, and the seconds for rendering alone."""
    digests = list(Digest.objects.filter(state=DigestState.BUILT).values_list("person_id", "content"))
    contents = [(person, from_json(content)) for person, content in digests if content is not None]
    began = time.perf_counter()
    for person, content in contents:
        render(content, person)
    return len(contents), time.perf_counter() - began


def planned(at: dt.datetime) -> tuple[int, float]:
    began = time.perf_counter()
    return plan_digests(at=at), time.perf_counter() - began


def measured(*, limited: bool) -> list[Row]:
    if limited:
        joined_by(PEOPLE)
    at = somebody_reads()
    edited(at - dt.timedelta(days=6, hours=12), EDITS if limited else FEW_EDITS)
    digests, planning = planned(at)
    _none, sweep = planned(at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    batches, building = built(at)
    count, rendering = rendered()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    times = {"times": (building + rendering) / rendering, "seconds": building + rendering}
    return [
        Row("digests", f"digests planned ({digests:,})", {"seconds": planning}),
        Row("digests", "a sweep that finds nothing to plan", {"ms": sweep * 1000}),
        Row("digests", f"merely rendering {count:,} digests", {"seconds": rendering}),
        Row("digests", f"building and rendering them, in {batches} batches", times, LIMIT if limited else {}),
        Row("digests", "building, its process", {"peak_mb": peak}),
    ]
