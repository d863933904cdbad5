"""Open flags of many teams and people at once, and links with their possible answers: each a fixed number of
queries.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from alignment.enums import FlagCode
from alignment.flags import BY_RANK, HOUSEKEEPING, INITIATIVE_FLAGS
from alignment.models import Flag, Link
from alignment.models.flag import opened_since
from alignment.selectors.proposals import is_proposed
from lib.db.arrays import AnyOf
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from strategy.selectors.seen import Confidential
from teams.models import Person

OF_AN_OWNER = 8
"""The most flags read for one person's work, most consequential first."""

ANNOUNCED = tuple(dt.timedelta(days=days) for days in (30, 7, 0))
"""How long before its end a strategy is announced to end."""

ASKED = tuple(code for code in BY_RANK if code not in HOUSEKEEPING or code == FlagCode.SILENT)
"""Flags that digests list singly: no housekeeping except `silent`."""

_WORK = (
    *(f"initiative__{name}" for name in ("key", "title", "kind", "owner_id", "team_id", "version")),
    *("code", "cause_id", "strategy", "initiative__team__path", "initiative__team__archived_on"),
)
_SUBJECTS = (
    *_WORK,
    *(f"goal__{name}" for name in ("key", "title", "path", "owner_id", "team__path", "team__archived_on")),
    *("team__key", "team__name", "team__path", "team__archived_on"),
)
PLACE = Case(*(When(code=code, then=Value(place)) for place, code in enumerate(BY_RANK)), default=Value(len(BY_RANK)))
_OF_LINKS = (
    *("initiative_id", "state", "confirmed_on", "confirmed_at", "version", "outcome", "review_on"),
    *(f"goal__{name}" for name in ("key", "title", "path", "owner_id", "version")),
    *(f"{of}__{name}" for of in ("goal", "goal__figures") for name in ("meaning_changed_on", "meaning_changed_at")),
    "goal__figures__reason",
)
"""The columns that digests read: rows are made by the thousand, and columns take most of the time."""
_EFFORT = Coalesce(F("initiative__figures__effort"), 0.0)


def new_team_flags(teams: Collection[int], mark: int, on: dt.date | None) -> dict[int, list[Flag]]:
    """By team, flags about its own work, its own goals and itself that were opened since the log entry with id `mark`
    and are awake on `on`, with their subjects: most consequential first, then most effort. Of housekeeping, only
    untouched work is included. One query."""
    wanted, *others = _of_teams(
        teams, Flag.objects.awake(on).exclude(is_proposed()).filter(opened_since(mark), code__in=ASKED)
    )
    flags: Any = Flag.objects
    rows = flags.filter(AnyOf(F("pk"), ArraySubquery(wanted.union(*others, all=True))))
    found: dict[int, list[Flag]] = defaultdict(list)
    rows = rows.select_related("initiative__team", "goal__team", "team").only(*_SUBJECTS)
    for flag in rows.order_by(PLACE, _EFFORT.desc(), "id"):
        subject = flag.initiative or flag.goal
        found[(subject.team_id if subject else flag.team_id) or 0].append(flag)
    return found


def _of_teams(teams: Collection[int], rows: QuerySet[Flag]) -> list[QuerySet[Any, Any]]:
    """The ids of the flags among `rows` about work of these teams, about their goals, and about themselves."""
    return [
        rows.filter(**{f"{name}__in": [0, *teams]}).order_by().values("pk")
        for name in ("initiative__team", "goal__team", "team")
    ]


class OpenCounts:
    """The number of open flags of each code for a team: about its own work and itself, and about those of its goals
    that a person may see."""

    def __init__(self, counts: dict[int, Counter[FlagCode]], goals: dict[int, list[Any]], hidden: Confidential) -> None:
        self._counts, self._goals, self._hidden = counts, goals, hidden

    def of(self, team: int, person: Person) -> list[tuple[FlagCode, int]]:
        """Most consequential first."""
        counts = self._counts.get(team, Counter()).copy()
        for code, path, owner in self._goals.get(team, []):
            if not self._hidden.hides(person, path, owner):
                counts[FlagCode(code)] += 1
        return [(code, counts[code]) for code in BY_RANK if counts[code]]


def open_counts(teams: Collection[int], mark: int, on: dt.date | None, hidden: Confidential) -> OpenCounts:
    """Counts those awake on `on` that `new_team_flags` since `mark` leaves out. Two queries."""
    rows = Flag.objects.awake(on).exclude(opened_since(mark), Q(code__in=ASKED)).order_by()
    ids = [0, *teams]
    work = rows.filter(initiative__team__in=ids).values_list("initiative__team", "code").annotate(Count("pk"))
    own = rows.filter(team__in=ids).values_list("team", "code").annotate(Count("pk"))
    counts: dict[int, Counter[FlagCode]] = defaultdict(Counter)
    for team, code, count in work.union(own, all=True):
        counts[team][FlagCode(code)] += count
    goals: dict[int, list[Any]] = defaultdict(list)
    about = rows.filter(goal__team__in=ids)
    for team, *goal in about.values_list("goal__team", "code", "goal__path", "goal__owner"):
        goals[team].append(goal)
    return OpenCounts(counts, goals, hidden)


def flags_of_owners(people: Collection[int], on: dt.date | None) -> dict[int, list[Flag]]:
    """By person, flags about the work that they own, in the order of `new_team_flags`; at most OF_AN_OWNER each. One
    query."""
    place = Window(RowNumber(), partition_by="initiative__owner", order_by=[PLACE, _EFFORT.desc(), "id"])
    asked = [code for code in ASKED if code in INITIATIVE_FLAGS]
    rows = Flag.objects.awake(on).exclude(is_proposed()).alias(place=place)
    rows = rows.filter(initiative__owner__in=[0, *people], code__in=asked)
    first = rows.filter(place__lte=OF_AN_OWNER).select_related("initiative__team").only(*_WORK)
    found: dict[int, list[Flag]] = defaultdict(list)
    for flag in first.order_by(PLACE, _EFFORT.desc(), "id"):
        if flag.initiative is not None:
            found[flag.initiative.owner_id or 0].append(flag)
    return found


def flags_of_work(initiatives: Collection[int], codes: Collection[FlagCode], on: dt.date | None) -> list[Flag]:
    """Flags of `codes` about these initiatives, awake on `on`. One query."""
    rows = Flag.objects.awake(on).filter(initiative__in=[0, *initiatives], code__in=list(codes))
    return list(rows.select_related("initiative__team").only(*_WORK).order_by(PLACE, "id"))


def ending_strategies(on: dt.date | None) -> list[Flag]:
    """Flags about strategies that end, awake on `on`, with the strategies: the first to end first. One query."""
    rows = Flag.objects.awake(on).filter(code=FlagCode.ENDING).select_related("strategy")
    return list(rows.order_by("strategy__ends_on", "id"))


def announced_ends(since: dt.date, on: dt.date | None) -> list[Strategy]:
    """Published strategies without a flag about their end, as another one follows, that come within one of ANNOUNCED
    days of it after the day `since`, up to the day `on`. One query, none before the first recompute."""
    if on is None:
        return []
    flagged = Flag.objects.open().filter(code=FlagCode.ENDING, strategy=OuterRef("pk"))
    marks = [Q(ends_on__gt=since + days, ends_on__lte=on + days) for days in ANNOUNCED]
    rows = Strategy.objects.filter(~Exists(flagged), reduce(or_, marks), status=StrategyStatus.PUBLISHED)
    return list(rows.order_by("ends_on", "id"))


def links_of(initiatives: Iterable[int]) -> dict[int, list[Link]]:
    """By initiative, its links with their goals and figures: those that bring most first. One query."""
    rows = Link.objects.filter(initiative__in={0, *initiatives}).select_related("goal__figures").only(*_OF_LINKS)
    found: dict[int, list[Link]] = defaultdict(list)
    for link in rows.order_by(F("figures__amount").desc(nulls_last=True), "id"):
        found[link.initiative_id].append(link)
    return found
