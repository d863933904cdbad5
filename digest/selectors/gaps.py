"""What leaders' digests report: goals without work, work that lost its goal, and unanswered asks. Includes confidential
goals: callers check who may see them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Window,
)

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.models.flag import opened_since
from strategy.models import Goal
from teams.models import LogEntry, Person, Support
from teams.selectors.asks import ASKED, asked_in_the_spotlight

Row = TypeVar("Row")


@dataclass(frozen=True)
class Some(Generic[Row]):
    """The first rows, how many there are in all, and how many of these are `new`."""

    rows: list[Row]
    count: int = 0
    new: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def _counted(rows: QuerySet[Any], new: Q, *order: str, limit: int, of: QuerySet[Any] | None = None) -> Some[Any]:
    """The new ones first, each with `is_new`; the counts are of `of` (None: of `rows`)."""
    if of is None:
        there, new_there = Window(Count("pk")), Window(Count("pk", filter=new))
    else:
        there, new_there = _number_of(of), _number_of(of.filter(new))
    counted = rows.annotate(is_new=ExpressionWrapper(new, BooleanField()), there=there, new_there=new_there)
    found = list(counted.order_by("-is_new", *order)[:limit])
    return Some(found, found[0].there, found[0].new_there) if found else Some([])


def _number_of(rows: QuerySet[Any]) -> Any:
    return Subquery(rows.order_by().values(n=Func(F("pk"), function="COUNT")))


def company_gaps(*, on: dt.date | None, mark: int, limit: int) -> Some[Any]:
    """Flags, awake on day `on`, of company goals that no work reaches, each with its goal; those opened since the log
    entry with id `mark` first, then by the weight of the root. Goals below another one of them are left out, but
    counted, as are teams' goals and snoozed flags: pages count the same. One query."""
    flags: Any = Flag.objects
    every, new = flags.open().filter(code=FlagCode.UNCOVERED), opened_since(mark)
    above = flags.open().filter(code=FlagCode.UNCOVERED, goal=OuterRef("goal__parent"))
    weight = Goal.objects.filter(pk=OuterRef("goal__path__0")).values("weight")
    rows = flags.awake(on).filter(~Exists(above), code=FlagCode.UNCOVERED, goal__team=None).select_related("goal")
    rows = rows.annotate(weight=Subquery(weight))
    return _counted(rows, new, "-weight", "first_seen", "id", limit=limit, of=every)


def unanswered_asks(*, on: dt.date, mark: int, limit: int) -> Some[Any]:
    """Unanswered asks of teams whose stance is spotlight on day `on` for their active work, those asked since the log
    entry with id `mark` first, then the oldest; each with its initiative and both teams. One query."""
    rows = Support.objects.filter(asked_in_the_spotlight(on)).select_related("initiative__team", "team")
    return _counted(rows, _logged(mark, "support", *ASKED), "asked_on", "id", limit=limit)


def refused_people(*, mark: int, limit: int) -> Some[Any]:
    """People whose address a mail server has refused permanently since the log entry with id `mark`, by name. One
    query."""
    refused = _logged(mark, "person", "person.mail_refused")
    rows = Person.objects.filter(refused, refused_at__isnull=False, is_active=True)
    return _counted(rows, refused, "name", "id", limit=limit)


def _logged(mark: int, kind: str, *actions: str) -> Q:
    """One of `actions` was logged of the row since the log entry with id `mark`."""
    since = LogEntry.objects.filter(pk__gt=mark, subject_kind=kind, action__in=actions)
    return Q(pk__in=since.order_by().values("subject_id"))


@dataclass(frozen=True)
class Lost:
    """An initiative of `effort` person-weeks, `lost` of which are newly orphaned; `cause` is the id of the last log
    entry that orphaned some. `unsized` counts with the company's default."""

    key: str
    title: str
    team: str
    cause: int
    lost: float
    effort: float
    unsized: bool


_LOST = """
    WITH lost AS (
        SELECT row.initiative_id, max(row.cause_id) AS cause, sum(row.orphaned - coalesce(before.orphaned, 0)) AS more,
            (array_agg(coalesce(before.orphaned, 0) ORDER BY row.id))[1] AS was
        FROM alignment_initiativehistory row LEFT JOIN LATERAL (
            SELECT orphaned FROM alignment_initiativehistory
                WHERE initiative_id = row.initiative_id AND id < row.id ORDER BY id DESC LIMIT 1
        ) before ON true
        WHERE row.cause_id = ANY(%(causes)s) AND row.orphaned > coalesce(before.orphaned, 0) GROUP BY 1
    )
    SELECT work.key, work.title, team.name, lost.cause, least(lost.more, now.orphaned - lost.was), now.effort,
        now.unsized, count(*) OVER ()
    FROM lost JOIN alignment_initiativefigures now USING (initiative_id)
        JOIN teams_initiative work ON work.id = initiative_id JOIN teams_team team ON team.id = work.team_id
    WHERE now.orphaned - lost.was > 1e-9 * now.effort
    ORDER BY 5 DESC, work.id LIMIT %(limit)s
"""


def lost_work(causes: Iterable[int], *, limit: int) -> Some[Lost]:
    """Active work that these log entries orphaned and that is orphaned still, the most first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"causes": list(causes), "limit": limit})
        rows = cursor.fetchall()
    return Some([Lost(*row[:-1]) for row in rows], rows[0][-1], rows[0][-1]) if rows else Some([])
