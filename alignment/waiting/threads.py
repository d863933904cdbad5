"""Conversations in which it is a person's turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Expression,
    F,
    FloatField,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject, TruncDate

from alignment.models import GoalFigures, InitiativeFigures, Link, TeamFigures
from alignment.proposals import PROPOSAL
from alignment.waiting.asks import asks
from alignment.waiting.scope import Scope
from conversations.kinds import kinds_by_steps
from conversations.models import Thread
from conversations.selectors.threads import with_subjects
from lib.db.arrays import AnyOf
from strategy.models import Goal
from teams.models import Person

SOURCE = "thread"
PLACE = 20


def threads_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    """One about a link is with what else its work asks. Those that go by steps are asked for with what they are
    about."""
    columns = ("key", "kind", "about_kind", "about_id", "aspect", "turn", "subject", "question")
    told = {name: F(name) for name in columns}
    yield asks(
        *(with_subjects(Thread.objects.in_turn_of(scope.person).exclude(kind__in=kinds_by_steps())), SOURCE),
        kind=Case(When(about_kind="link", then=Value("initiative")), default=F("about_kind"), output_field=CharField()),
        thing=Case(
            When(about_kind="link", then=_work_of_link()), default=F("about_id"), output_field=BigIntegerField()
        ),
        weight=_weight(),
        since=TruncDate("turned_at", tzinfo=scope.zone),
        place=PLACE,
        told=JSONObject(**told, asker_id=F("asker_id"), asker_name=F("asker__name")),
    )


def _work_of_link() -> Subquery:
    return Subquery(Link.objects.filter(pk=OuterRef("about_id")).values("initiative")[:1])


def _weight() -> Case:
    """As everything else about the same thing weighs (`alignment.waiting.effort`); a proposal as its evidence does."""
    work = InitiativeFigures.objects.filter(initiative=OuterRef("about_id"))
    of_link = InitiativeFigures.objects.filter(initiative=_work_of_outer_link())
    below = GoalFigures.objects.filter(AnyOf(OuterRef("about_id"), F("goal__path")))
    roots = Goal.objects.filter(parent=None, strategy=OuterRef(OuterRef("about_id"))).values("pk")
    evidence = InitiativeFigures.objects.filter(initiative__proposed_for__proposal__thread=OuterRef("pk"))
    return Case(
        When(kind=PROPOSAL, then=_sum(evidence)),
        When(about_kind="initiative", then=_sum(work)),
        When(about_kind="link", then=_sum(of_link)),
        When(about_kind="goal", then=_sum(below)),
        When(about_kind="strategy", then=_sum(GoalFigures.objects.filter(goal__path__0__in=roots))),
        When(about_kind="team", then=_sum(TeamFigures.objects.filter(team=OuterRef("about_id")))),
        default=0.0,
        output_field=FloatField(),
    )


def _work_of_outer_link() -> Subquery:
    return Subquery(Link.objects.filter(pk=OuterRef(OuterRef("about_id"))).values("initiative")[:1])


def _sum(rows: QuerySet[Any]) -> Expression:
    summed = rows.order_by().values(n=Func(F("effort"), function="SUM", output_field=FloatField()))
    return Cast(Subquery(summed), FloatField())


def thread_of_told(told: Any) -> Any:
    """The row that a sentence needs, without a query."""
    columns = {name: told[name] for name in ("key", "kind", "about_kind", "about_id", "aspect", "turn")}
    thread: Any = Thread(**columns, asker=Person(pk=told["asker_id"], name=told["asker_name"]))
    thread.subject, thread.question = told["subject"], told["question"]
    return thread
