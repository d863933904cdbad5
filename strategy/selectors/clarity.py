"""What leaders owe the company: goals with their why, measures and owners, answers, and a business
context that is true.

Figures of their own, never one score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from conversations.enums import Side
from conversations.models import Thread
from conversations.questions import QUESTION, WITHDRAWN
from conversations.topics import topics
from lib.db.search import has_words
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import ContextPage, EditionRead, Goal, Measure
from strategy.selectors.context import old_pages
from strategy.selectors.reading import FEW, asked_people, asking_last
from teams.models import Person

QUESTIONS_WITHIN = dt.timedelta(days=90)
ASKED_ABOUT = ("strategy", "goal", "decision", "contextpage")


class Asked(StrEnum):
    """What became of a question about what leaders say."""

    WAITING = "waiting"
    LATE = "late"


class Lack(StrEnum):
    """What a goal may be without."""

    WHY = "why"
    MEASURE = "measure"
    OWNER = "owner"


def _has(lack: Lack) -> Q:
    if lack == Lack.WHY:
        return ~Q(why="")
    if lack == Lack.OWNER:
        return Q(owner__is_active=True)
    return Q(Exists(Measure.objects.filter(goal=OuterRef("pk"))))


def _wanted_now() -> QuerySet[Any]:
    """Active company goals of published strategies."""
    tops = Goal.objects.filter(strategy__status=StrategyStatus.PUBLISHED).order_by().values("pk")
    rows: QuerySet[Any] = Goal.objects.filter(team=None, status=GoalStatus.ACTIVE, path__0__in=tops)
    return rows


def company_goals_now(reader: Person, *, words: str = "", lacks: str = "") -> QuerySet[Any]:
    """Those that `reader` may see, with their owners and `is_measured`; of a Lack, those that lack it. Unordered."""
    rows: QuerySet[Any] = _wanted_now() & Goal.objects.visible_to(reader)
    rows = rows.select_related("owner").annotate(is_measured=Exists(Measure.objects.filter(goal=OuterRef("pk"))))
    if lacks in {*Lack}:
        has = _wanted_now().filter(_has(Lack(lacks))).order_by().values("pk")
        rows = rows.exclude(pk__in=has)
    return rows.filter(has_words("title", words)) if words else rows


def questions(on: dt.date, of: str = "") -> QuerySet[Thread]:
    """Those asked in the 90 days up to the company's day `on` about what leaders say and is there, whoever sees it,
    without those that were withdrawn; of an Asked, those that wait for an answer, or wait for it beyond their day.
    Unordered.
    """
    there = Q(pk=None)
    for each in topics(ASKED_ABOUT):
        there |= Q(about_kind=each.kind, about_id__in=each.rows.order_by().values("pk"))
    begin = dt.datetime.combine(on - QUESTIONS_WITHIN, dt.time(), tzinfo=dt.UTC)
    rows = Thread.objects.filter(there, kind=QUESTION, opened_at__gte=begin).exclude(outcome=WITHDRAWN)
    if of == Asked.LATE:
        return rows.late(on)
    return rows.filter(turn=Side.ANSWERS) if of == Asked.WAITING else rows


@dataclass(frozen=True)
class Clear:
    """Of how many `whole` how many are as they should be."""

    number: int
    whole: int


@dataclass(frozen=True)
class Clarity:
    """`goals` by what they have; `answered` are questions, `late` those beyond their day. `edition` is the one
    that asked last, by the key of its strategy and its number, None where none asks, or too few people are asked to
    count them.
    """

    goals: Mapping[Lack, Clear]
    pages: Clear
    edition: tuple[str, int] | None
    read: Clear
    answered: Clear
    late: Clear


def clarity_counts(on: dt.date) -> dict[str, Any]:
    """For a query of one row: what `clarity_of` reads."""
    goals = {f"clear_{lack}": _count(_wanted_now().filter(_has(lack))) for lack in Lack}
    pages, reads = ContextPage.objects.exclude(body=""), EditionRead.objects.filter(edition=OuterRef("pk"))
    last = asking_last().annotate(read=_count(reads.filter(person__in=asked_people().values("pk"))))
    row = JSONObject(key="strategy__key", number="number", read="read")
    return goals | {
        "clear_goals": _count(_wanted_now()),
        "clear_pages": _count(pages),
        "clear_old": _count(old_pages(on)),
        "clear_asked": _count(questions(on)),
        "clear_waiting": _count(questions(on, Asked.WAITING)),
        "clear_late": _count(questions(on, Asked.LATE)),
        "clear_people": _count(asked_people()),
        "clear_edition": ArraySubquery(last.order_by("-at", "-id").values(row=row)[:1]),
    }


def clarity_of(row: Any) -> Clarity:
    whole, people, asked = row.clear_goals, row.clear_people, row.clear_asked
    last = next(iter(row.clear_edition), None) if people >= FEW else None
    return Clarity(
        goals={lack: Clear(getattr(row, f"clear_{lack}"), whole) for lack in Lack},
        pages=Clear(row.clear_pages - row.clear_old, row.clear_pages),
        edition=(last["key"], last["number"]) if last else None,
        read=Clear(last["read"] if last else 0, people),
        answered=Clear(asked - row.clear_waiting, asked),
        late=Clear(row.clear_late, asked),
    )


def _count(rows: QuerySet[Any]) -> Any:
    return Subquery(rows.order_by().values(n=Func(F("pk"), function="COUNT", output_field=IntegerField())))
