"""Teams whose stance changed, and who had counted on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from lib.db.folding import folded
from teams.enums import GOES_ON, Stance, SupportStatus
from teams.models import LogEntry, Support, Team

STANCE_SET = "team.stance_set"


@dataclass(frozen=True)
class StanceChange:
    """`team` has its stance and reason of now; `before` is the one that it had when the period began."""

    team: Team
    before: Stance

    @property
    def leaves_the_spotlight(self) -> bool:
        return self.before == Stance.SPOTLIGHT


def of_stances() -> Q:
    """Matches entries of the log about another stance."""
    return Q(action=STANCE_SET, changes__has_key="stance")


def with_stances(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Adds what `stance_changes_in` reads of the teams that entries are about."""
    teams = Team.objects.current().here().filter(pk=OuterRef("subject_id"))
    row = JSONObject(pk="pk", key="key", name="name", stance="stance", stance_reason="stance_reason")
    found: QuerySet[Any] = entries.annotate(stance_of=Subquery(teams.values(row=row)))
    return found


def stance_changes_in(entries: Iterable[Any]) -> list[StanceChange]:
    """Of the teams whose stance differs from that before the first of these entries, by name. No query."""
    found: dict[int, StanceChange] = {}
    for entry in entries:
        if entry.action == STANCE_SET and entry.stance_of:
            before = Stance(entry.changes["stance"][0])
            found.setdefault(entry.subject_id, StanceChange(Team(**entry.stance_of), before))
    changed = [change for change in found.values() if change.team.stance != change.before]
    return sorted(changed, key=lambda change: (folded(change.team.name), change.team.pk))


def stance_changes(mark: int) -> list[StanceChange]:
    """Those since the log entry `mark`. One query."""
    return stance_changes_in(with_stances(LogEntry.objects.filter(of_stances(), pk__gt=mark)).order_by("pk"))


def counting_on(teams: Collection[int]) -> dict[int, dict[int, list[Support]]]:
    """By team of `teams`, and by the other team, the asks between both that go on: what others asked of it, and what
    they pledged to it. One query, none without teams.
    """
    found: dict[int, dict[int, list[Support]]] = defaultdict(lambda: defaultdict(list))
    if not teams:
        return found
    waits = Q(team__in=teams, status__in=(SupportStatus.ASKED, SupportStatus.PLEDGED))
    pledged = Q(initiative__team__in=teams, status=SupportStatus.PLEDGED)
    offers = Q(status=SupportStatus.ASKED, offered=True)
    rows = Support.objects.filter(waits | pledged, ~offers, initiative__status__in=GOES_ON)
    for ask in rows.select_related("initiative__team", "team").order_by("asked_on", "pk"):
        if ask.team_id in teams:
            found[ask.team_id][ask.initiative.team_id].append(ask)
        if ask.initiative.team_id in teams and ask.status == SupportStatus.PLEDGED:
            found[ask.initiative.team_id][ask.team_id].append(ask)
    return found
