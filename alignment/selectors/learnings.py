"""What bets and explorations taught."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from alignment.enums import Outcome
from alignment.models import Link
from alignment.selectors.links import REMOVED
from alignment.selectors.timeline import referring_to_any, timeline
from lib.db.triggers import subtree
from strategy.models import Goal
from teams.enums import InitiativeStatus
from teams.models import Initiative, LogEntry, Person, Team

LEARNED_FIRST = ("-told", "-id")
"""The order of a page: what was said last comes first, what came in a bundle last."""


def settled_bets(
    reader: Person, *, outcome: str = "", goal: Goal | None = None, team: Team | None = None
) -> QuerySet[Link]:
    """The bets that `reader` may see whose outcome is known (`outcome`: that one), on `goal` and those below it, of
    `team` and those below it. `told` is the entry of the log that said so, 0 where a bundle did, `told_at` its instant.
    """
    rows = Link.objects.visible_to(reader).exclude(outcome=Outcome.UNTESTED).select_related("initiative__team", "goal")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if goal is not None:
        rows = rows.filter(subtree(goal.path, "goal__"))
    if team is not None:
        rows = rows.filter(subtree(team.path, "initiative__team__"))
    return _told(rows, Q(subject_kind="link", action="link.outcome_recorded"))


def bets_taken_back(
    reader: Person, *, outcome: str = "", goal: Goal | None = None, team: Team | None = None
) -> QuerySet[LogEntry]:
    """As `settled_bets`, those whose link was taken away afterwards: the entries of `timeline` that say so, in the
    order `-id`.
    """
    there = Link.objects.filter(pk=OuterRef("subject_id"))
    later = LogEntry.objects.filter(action=REMOVED, subject_kind="link", subject_id=OuterRef("subject_id"))
    outcomes = [outcome] if outcome else [each.value for each in Outcome if each != Outcome.UNTESTED]
    last = ~Exists(there) & ~Exists(later.filter(pk__gt=OuterRef("pk")))
    matching = [Q(action=REMOVED, changes__outcome__0__in=outcomes), last]
    if goal is not None:
        matching.append(referring_to_any("goal", Goal.objects.filter(subtree(goal.path))))
    if team is not None:
        matching.append(referring_to_any("initiative", Initiative.objects.filter(subtree(team.path, "team__"))))
    return timeline(reader, *matching)


def taught_work(
    reader: Person, *, goal: Goal | None = None, team: Team | None = None, kind: str = ""
) -> QuerySet[Initiative]:
    """The work of `kind` of which somebody said what it taught; with `goal`, what `reader` may see linked there. `told`
    as in `settled_bets`.
    """
    rows = Initiative.objects.visible_to(reader).exclude(learned="").select_related("team")
    if kind:
        rows = rows.filter(kind=kind)
    if goal is not None:
        links = Link.objects.visible_to(reader).filter(subtree(goal.path, "goal__"), initiative=OuterRef("pk"))
        rows = rows.filter(Exists(links))
    if team is not None:
        rows = rows.filter(subtree(team.path, "team__"))
    return _told(rows, Q(subject_kind="initiative", changes__has_key="learned"))


def _told(rows: QuerySet[Any], said: Q) -> QuerySet[Any]:
    last = LogEntry.objects.filter(said, subject_id=OuterRef("pk")).order_by("-id")
    found: QuerySet[Any] = rows.annotate(
        told=Coalesce(Subquery(last.values("pk")[:1]), Value(0), output_field=BigIntegerField()),
        told_at=Subquery(last.values("at")[:1]),
    )
    return found


def bets_due(reader: Person, on: dt.date) -> QuerySet[Link]:
    """The bets of active work that `reader` may see and whose day to look has come, without an outcome yet."""
    going = Link.objects.visible_to(reader).filter(initiative__status=InitiativeStatus.ACTIVE)
    return going.filter(outcome=Outcome.UNTESTED, review_on__lt=on)


def bets_of_team(reader: Person, limit: int) -> Any:
    """An expression over teams: the last bets of a team's own work whose outcome is known, as rows."""
    rows = settled_bets(reader).filter(initiative__team=OuterRef("pk")).order_by(*LEARNED_FIRST)
    row = JSONObject(
        outcome="outcome",
        saw="outcome_note",
        work="initiative__title",
        work_key="initiative__key",
        goal="goal__title",
        goal_key="goal__key",
    )
    return rows.values(row=row)[:limit]


def lessons_of_team(reader: Person, limit: int) -> Any:
    """An expression over teams: what its own work taught last, as rows."""
    rows = taught_work(reader).filter(team=OuterRef("pk")).order_by(*LEARNED_FIRST)
    return rows.values(row=JSONObject(work="title", work_key="key", learned="learned"))[:limit]
