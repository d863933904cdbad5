"""Links that wait for a judgement, and links in dispute that wait for their team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from alignment.enums import LinkState
from alignment.selectors.people.judging import WAITS, judged_rows
from alignment.waiting import effort
from alignment.waiting.asks import asks
from alignment.waiting.scope import Scope
from conversations.models import Thread
from strategy.models.goal import goals_seen_by
from teams.models.team import not_here

JUDGEMENT, DISPUTE = "judgement", "dispute"
PLACE = 45


def judgements_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """Those that the person may judge (`judges_link`), by the goal."""
    if not scope.writes:
        return
    theirs = Q() if scope.leads_all else scope.leads("goal__team") & ~not_here("goal__team__")
    rows = judged_rows().filter(WAITS, goals_seen_by(scope.person, "goal__"))
    rows = rows.filter(Q(goal__owner=scope.person) | Q(goal__owner=None) & theirs)
    rows = rows.filter(~Q(state=LinkState.DISPUTED) | ~_talked())
    yield asks(
        *(rows, JUDGEMENT), kind="goal", thing="goal_id", weight=effort.of_link(), since=F("confirmed_on"), place=PLACE
    )


def disputes_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """Those of the person's own work and of that of their teams that nobody has changed since, and that have no
    conversation: that asks whoever is in turn."""
    if not scope.writes:
        return
    rows = judged_rows().filter(~WAITS, goals_seen_by(scope.person, "goal__"), state=LinkState.DISPUTED)
    rows = rows.filter(~not_here("initiative__team__"), scope.own_work("initiative"), ~_talked())
    yield asks(
        *(rows, DISPUTE),
        kind="initiative",
        thing="initiative_id",
        weight=effort.of_link(),
        since=F("confirmed_on"),
        place=PLACE,
    )


def _talked() -> Q:
    """Matches links whose dispute is a conversation: that asks whoever is in turn."""
    return Q(Exists(Thread.objects.open().filter(kind="dispute", about_kind="link", about_id=OuterRef("pk"))))
