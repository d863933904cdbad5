"""Concurrent writers: processes that edit the same few teams and goals through the services for a given time."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.core.exceptions import ValidationError
from django.db import Error, connections

from alignment.models import Link
from alignment.services.links import make_link, remove_link
from lib.services.errors import RefusedError
from strategy.models import Goal
from teams.enums import InitiativeStatus, Role
from teams.models import Initiative, Person
from teams.services.initiatives import edit_initiative

SAME_TEAMS, SAME_GOALS = 5, 40
STARTING = 1.0
"""Seconds until all start together."""


@dataclass(frozen=True)
class Written:
    """The seconds of each edit, and the number that raised what a person would see as an error."""

    seconds: list[float]
    failed: int
    lasted: float

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.lasted


def by_writers(count: int, *, seconds: float) -> Written:
    """Runs each writer in a process with its own connection, as web servers do."""
    connections.close_all()
    start = time.time() + STARTING
    with multiprocessing.get_context("fork").Pool(count) as pool:
        told = pool.starmap(written, [(start, seconds, seed) for seed in range(count)], chunksize=1)
    return Written(
        seconds=[took for one, _failed in told for took in one],
        failed=sum(failed for _one, failed in told),
        lasted=seconds,
    )


def written(start: float, seconds: float, seed: int) -> tuple[list[float], int]:
    """The seconds of each edit from `start` on for `seconds`, and the number that failed."""
    writer = Writer(seed)
    time.sleep(max(start - time.time(), 0))
    end = max(start, time.time()) + seconds
    took, failed = [], 0
    while time.time() < end:
        began = time.perf_counter()
        try:
            writer.edit()
        except (RefusedError, ValidationError):
            continue  # already linked, removed or changed: a proper refusal
        except Error:
            failed += 1
            continue
        took.append(time.perf_counter() - began)
    return took, failed


class Writer:
    """Creates and removes links and resizes work; accepts refusals after concurrent edits."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- the same edits in every run
        self.actor = Person.objects.filter(role__in=[Role.LEADER, Role.ADMIN]).order_by("id")[0]
        busy = Initiative.objects.filter(status=InitiativeStatus.ACTIVE).order_by("team_id", "id")
        teams = list(dict.fromkeys(busy.values_list("team_id", flat=True)))[:SAME_TEAMS]
        self.work = list(busy.filter(team__in=teams).values_list("id", flat=True))
        anchored = Goal.objects.filter(figures__anchored=True).order_by("path")
        self.goals = list(anchored.values_list("id", flat=True)[:SAME_GOALS])

    def edit(self) -> None:
        choices: list[Callable[[dt.datetime], None]] = [self._link, self._link, self._unlink, self._resize]
        self.random.choice(choices)(dt.datetime.now(dt.UTC))

    def _link(self, at: dt.datetime) -> None:
        work = Initiative.objects.get(pk=self.random.choice(self.work))
        goal = Goal.objects.get(pk=self.random.choice(self.goals))
        make_link(work, goal, "It moves it.", actor=self.actor, at=at)

    def _unlink(self, at: dt.datetime) -> None:
        rows = list(Link.objects.filter(initiative__in=self.work, goal__in=self.goals).order_by("id")[:40])
        if rows:
            remove_link(self.random.choice(rows), actor=self.actor, at=at)

    def _resize(self, at: dt.datetime) -> None:
        work = Initiative.objects.get(pk=self.random.choice(self.work))
        effort = Decimal(self.random.randint(1, 999))
        edit_initiative(work, version=work.version, effort=effort, actor=self.actor, at=at)
