"""Who will be asked to confirm links again after a step, because what their goals mean changed with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, ExpressionWrapper, F, OuterRef, When

from alignment.models import Link
from lib.text.counts import counted, plural
from strategy.models.goal import goals_seen_by
from teams.enums import TeamRole
from teams.models import Membership, Person


@dataclass(frozen=True)
class AskedWork:
    """An initiative with a link to be confirmed, which the reader may see."""

    key: str
    title: str
    team: str


@dataclass(frozen=True)
class AskedAgain:
    """How many `links` would be asked about anew; by team, how many of them; how many `people` may answer: those who
    own the work, and those who lead its team. `work` is the first of it, `others` how many more links there are.
    """

    links: int = 0
    teams: dict[str, int] = field(default_factory=dict)
    people: int = 0
    work: list[AskedWork] = field(default_factory=list)
    others: int = 0

    @property
    def sentence(self) -> str:
        asked = f"{counted(self.links, 'link')} of {counted(len(self.teams), 'team')}"
        who = f"{counted(self.people, 'person', 'people')} may answer" if self.people else "nobody is there to answer"
        return f"{asked} {plural(self.links, 'is', 'are')} to be confirmed again: {who}."


def asked_again(links: Collection[int], reader: Person, *, limit: int) -> AskedAgain:
    """What is known of these links, by their ids. One query, none without any."""
    if not links:
        return AskedAgain()
    leads = Membership.objects.filter(
        team=OuterRef("initiative__team"), role=TeamRole.LEAD, person__is_active=True
    ).order_by()
    owner = Case(When(initiative__owner__is_active=True, then=F("initiative__owner")))
    rows: Any = Link.objects.filter(pk__in=links).annotate(
        seen=ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField()),
        leads=ArraySubquery(leads.values("person")),
        by=owner,
    )
    named = ("initiative__key", "initiative__title", "initiative__team__name", "seen", "leads", "by")
    found = list(rows.order_by("initiative__team__name__folded", "initiative_id", "id").values_list(*named))
    people = {pk for *_work, ids, by in found for pk in (*ids, by) if pk is not None}
    work = {key: AskedWork(key, title, team) for key, title, team, seen, _leads, _by in found if seen}
    first = list(work.values())[:limit]
    shown = {one.key for one in first}
    others = sum(not (seen and key in shown) for key, _title, _team, seen, _leads, _by in found)
    teams = Counter(team for _key, _title, team, *_rest in found)
    return AskedAgain(len(found), dict(teams), len(people), first, others)
