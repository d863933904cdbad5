"""The day that pages and digests compare with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from digest.selectors.digests import last_told
from lib.db.weeks import last_week_began
from lib.services.dates import day_in
from teams.models import LogEntry, Person


@dataclass(frozen=True)
class Compared:
    """`day` is the company's day on which the period began, `mark` the id of the last log entry before it (0: none)."""

    day: dt.date
    mark: int


def compared_with(company: Any) -> Compared:
    """From the company's row with the annotations of `when_it_began`."""
    return Compared(day_in(company.timezone, company.since), company.mark)


def when_it_began(person: Person, at: dt.datetime) -> dict[str, Any]:
    """Annotations of the company's row: `since` is when the person's last digest began to tell, without one the Monday
    of last week, so that every day shows at least a whole week; `mark` as in `Compared`.
    """
    digest: Any = last_told(person, at)
    last = LogEntry.objects.filter(at__lte=OuterRef("since")).order_by("-id").values("pk")[:1]
    return {
        "since": Coalesce(Subquery(digest.values("since")[:1]), last_week_began(at, F("timezone"))),
        "mark": Coalesce(Subquery(digest.values("mark")[:1]), Subquery(last), Value(0), output_field=BigIntegerField()),
    }
