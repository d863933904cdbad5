"""Flags that a person can act on (`snoozes_flag`), without housekeeping, which pages show in a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from alignment.enums import FlagCode
from alignment.flags import BY_RANK, FLAGS, GOAL_FLAGS, HOUSEKEEPING, STRATEGY_FLAGS, TEAM_FLAGS
from alignment.models import Flag
from alignment.selectors.people.flags import PLACE
from alignment.selectors.proposals import is_proposed
from alignment.waiting import effort
from alignment.waiting.asks import Held, asks
from alignment.waiting.scope import Scope
from lib.db.arrays import AnyOf
from strategy.models import EditionGoal
from strategy.selectors.reading import ASKING
from teams.models import Team

SOURCE = "flag"
ASKED = [code for code in BY_RANK if code not in HOUSEKEEPING and FLAGS[code].condition]
"""Those that the engine finds. A question that waits asks for itself (`alignment.waiting.threads`)."""


def flags_asked(scope: Scope) -> Iterator[QuerySet[Any, Any]]:
    if not scope.writes:
        return
    flags: Any = Flag.objects.awake(scope.as_of).filter(code__in=ASKED)
    yield _of_work(scope, _work(scope, flags).exclude(is_proposed()))
    yield _of_goals(scope, _goals(scope, flags))
    yield _of_teams(scope, flags.filter(code__in=TEAM_FLAGS))
    if scope.leads_all:
        ending = flags.filter(code__in=STRATEGY_FLAGS)
        yield _asks(ending, "strategy", weight=effort.of_strategy("strategy__pk"))


def _work(scope: Scope, flags: Any) -> Any:
    """The ids are an array, so that PostgreSQL looks at these flags only."""
    about = flags.filter(initiative__isnull=False)
    if scope.leads_all:
        return about.filter(Q(initiative__team__archived_on=None) | scope.own_work("initiative"))
    wanted = [about.filter(initiative__owner=scope.person), about.filter(initiative__team__in=[0, *scope.on])]
    if scope.led:
        below = Team.objects.filter(path__overlap=scope.led).order_by().values("pk")
        wanted.append(about.filter(AnyOf(F("initiative__team"), ArraySubquery(below))))
    first, *others = (rows.order_by().values("pk") for rows in wanted)
    return flags.filter(AnyOf(F("pk"), ArraySubquery(first.union(*others, all=True))))


def _of_work(scope: Scope, rows: Any) -> QuerySet[Any, Any]:
    fresh = When(code=FlagCode.RECONFIRM, first_seen__gt=scope.young, then=Value(Held.PUBLISHED.value))
    others = scope.held_from_leaders(scope.own_work("initiative"), "first_seen")
    held = Case(fresh, default=others, output_field=CharField())
    return _asks(rows, "initiative", weight=effort.of_flagged_work(), held=held)


def _goals(scope: Scope, flags: Any) -> Any:
    about = flags.visible_to(scope.person).filter(code__in=GOAL_FLAGS)
    return about if scope.leads_all else about.filter(Q(goal__owner=scope.person) | scope.leads("goal__team"))


def _of_goals(scope: Scope, rows: Any) -> QuerySet[Any, Any]:
    fresh = When(Q(lately_published(scope, "goal")), first_seen__gt=scope.young, then=Value(Held.PUBLISHED.value))
    held = Case(fresh, default=Value(""), output_field=CharField())
    return _asks(rows, "goal", weight=effort.of_flagged_goal(), held=held)


def lately_published(scope: Scope, goal: str) -> Exists:
    """Whether an edition of the last days said something of a goal, to which `goal` is the way."""
    editions = EditionGoal.objects.filter(goal=OuterRef(goal), edition__kind__in=ASKING)
    return Exists(editions.filter(edition__at__gte=scope.published_since))


def _of_teams(scope: Scope, rows: Any) -> QuerySet[Any, Any]:
    theirs = Q(team__archived_on=None) | scope.leads("team") if scope.leads_all else scope.leads("team")
    held = scope.held_from_leaders(scope.works_on("team"), "first_seen")
    return _asks(rows.filter(theirs), "team", weight=effort.of_work("team__"), held=held)


def _asks(rows: Any, kind: str, *, weight: Any, held: Any = Held.NO) -> QuerySet[Any, Any]:
    thing = f"{kind}_id"
    return asks(rows, SOURCE, kind=kind, thing=thing, weight=weight, since=F("first_seen"), place=PLACE, held=held)
