"""What asks to be read, confirmed or published: editions, old pages of the business context, drafts of strategies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, TruncDate

from alignment.waiting import effort
from alignment.waiting.asks import asks
from alignment.waiting.scope import Scope
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from strategy.selectors.context import old_pages
from strategy.selectors.reading import to_read

EDITION, OLD_PAGE, DRAFT = "edition", "old_page", "draft"
EDITIONS, OLD_PAGES, DRAFTS = 400, 500, 600
"""Their places among asks about one thing."""


def editions_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """Everybody may say that they have read one."""
    yield asks(
        *(to_read(scope.person), EDITION),
        kind="strategy",
        thing="strategy_id",
        weight=effort.of_strategy("strategy_id"),
        since=TruncDate("at", tzinfo=scope.zone),
        place=EDITIONS,
        told=JSONObject(key="strategy__key", title="strategy__title", number="number"),
    )


def old_pages_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """Of their own pages."""
    if not scope.writes:
        return
    yield asks(
        *(old_pages(scope.today).filter(owner=scope.person), OLD_PAGE),
        kind="contextpage",
        thing="id",
        since=Coalesce("confirmed_on", Value(scope.today)),
        place=OLD_PAGES,
        told=JSONObject(key="key", title="title", version="version", confirmed_on="confirmed_on"),
    )


def drafts_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """Of leaders' own drafts, which they may publish."""
    if not scope.leads_all:
        return
    yield asks(
        *(Strategy.objects.filter(owner=scope.person, status=StrategyStatus.DRAFT), DRAFT),
        kind="strategy",
        thing="id",
        since=scope.today,
        place=DRAFTS,
        told=JSONObject(key="key", title="title"),
    )
