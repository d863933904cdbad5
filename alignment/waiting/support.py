"""Support between teams that waits for a person's own: to be answered, accepted, confirmed, or delivered late; and, for
leaders, what teams in the spotlight wait for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject

from alignment.waiting import effort
from alignment.waiting.asks import asks
from alignment.waiting.scope import Scope
from lib.services.dates import LAST_DAY
from teams.enums import GOES_ON
from teams.models import Initiative, Support, Team
from teams.models.team import not_here
from teams.selectors.asks import asked_in_the_spotlight

SOURCE = "support"
PLACE = 40


def support_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """What is late is asked of both teams: either can say that it came."""
    if not scope.writes:
        return
    rows = Support.objects.filter(initiative__status__in=GOES_ON)
    helping = scope.works_on("team") & Q(team__archived_on=None) & ~not_here("team__")
    asking = scope.own_work("initiative") & ~not_here("initiative__team__")
    wanted = helping
    if scope.leads_all:
        on = scope.as_of or LAST_DAY
        wanted |= asked_in_the_spotlight(on) & Q(team__archived_on=None) & ~not_here("team__")
    yield _asks(rows.waits_for_asked().filter(wanted))
    yield _asks(rows.waits_for_asking().filter(asking))
    yield _asks(rows.late(scope.today).filter(helping | asking), since="due_on")


def _asks(rows: QuerySet[Support], since: str = "asked_on") -> QuerySet[Any, Any]:
    weight = effort.of_work("initiative__")
    return asks(
        *(rows, SOURCE),
        kind="initiative",
        thing="initiative_id",
        weight=weight,
        since=F(since),
        place=PLACE,
        told=told_ask(),
    )


COLUMNS = ("id", "version", "ask", "answer", "status", "unconfirmed", "offered", "thanks")
DAYS = ("asked_on", "needed_on", "due_on")


def told_ask() -> JSONObject:
    """What `ask_of_told` reads."""
    columns = {name: F(name) for name in (*COLUMNS, *DAYS)}
    return JSONObject(**columns, team=_team("team"), work=_work("initiative"))


def _team(way: str) -> JSONObject:
    return JSONObject(**{name: f"{way}__{name}" for name in ("id", "key", "name", "path")})


def _work(way: str) -> JSONObject:
    names = {name: f"{way}__{name}" for name in ("key", "title", "owner_id")}
    return JSONObject(**names, team=_team(f"{way}__team"))


def ask_of_told(told: Any) -> Support:
    """The row that a sentence needs, and the rules, without a query."""
    work = told["work"]
    initiative = Initiative(key=work["key"], title=work["title"], owner_id=work["owner_id"], team=Team(**work["team"]))
    days = {name: told[name] and dt.date.fromisoformat(told[name]) for name in DAYS}
    columns = {name: told[name] for name in COLUMNS}
    return Support(**columns, **days, initiative=initiative, team=Team(**told["team"]))
