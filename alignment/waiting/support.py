"""Support that a person's teams are asked for, and, for leaders, what teams in the spotlight wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject

from alignment.waiting import effort
from alignment.waiting.asks import asks
from alignment.waiting.scope import Scope
from lib.services.dates import LAST_DAY
from teams.enums import GOES_ON, SupportStatus
from teams.models import Initiative, Support, Team
from teams.models.team import not_here
from teams.selectors.asks import asked_in_the_spotlight

SOURCE = "support"
PLACE = 40


def support_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    if not scope.writes:
        return
    wanted = scope.works_on("team")
    if scope.leads_all:
        on = scope.as_of or LAST_DAY
        wanted |= asked_in_the_spotlight(on) & Q(team__archived_on=None)
    rows: QuerySet[Any] = Support.objects.filter(
        wanted, ~not_here("team__"), status=SupportStatus.ASKED, initiative__status__in=GOES_ON
    )
    weight = effort.of_work("initiative__")
    yield asks(
        *(rows, SOURCE),
        kind="initiative",
        thing="initiative_id",
        weight=weight,
        since=F("asked_on"),
        place=PLACE,
        told=told_ask(),
    )


def told_ask() -> JSONObject:
    """What `ask_of_told` reads."""
    return JSONObject(id="id", asked_on="asked_on", ask="ask", team=_team("team"), work=_work("initiative"))


def _team(way: str) -> JSONObject:
    return JSONObject(id=f"{way}__id", key=f"{way}__key", name=f"{way}__name")


def _work(way: str) -> JSONObject:
    return JSONObject(key=f"{way}__key", title=f"{way}__title", team=_team(f"{way}__team"))


def ask_of_told(pk: int, since: Any, told: Any) -> Support:
    """The row that a sentence needs, without a query."""
    work = told["work"]
    initiative = Initiative(key=work["key"], title=work["title"], team=Team(**work["team"]))
    return Support(
        pk=pk,
        ask=told["ask"],
        asked_on=since,
        status=SupportStatus.ASKED,
        initiative=initiative,
        team=Team(**told["team"]),
    )
