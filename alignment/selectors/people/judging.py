"""Links that wait for a judgement, for many people at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from alignment.enums import LinkState
from alignment.models import Link
from teams.enums import InitiativeStatus
from teams.models import LogEntry
from teams.models.team import not_here

DISPUTED, EDITED = "link.disputed", "link.edited"
WAITS = Q(state=LinkState.CLAIMED) | Q(answered=True)
"""Matches those of `judged_rows` whose judge is to say something; the other disputes wait for their teams."""


@dataclass(frozen=True)
class ToJudge:
    """Links with the same judges: the first ones, how many wait for a judgement, how many of these are new, with
    something logged of them since. Each link has `amount`, the person-weeks that it brings, and `answered`: it is in
    dispute, and its team has changed it since."""

    links: list[Any]
    waiting: int
    new: int


def links_to_judge(
    owners: Collection[int],
    teams: Collection[int],
    *,
    leaders: bool,
    mark: int,
    limit: int,
) -> dict[tuple[int | None, int], ToJudge]:
    """Claimed links that count, and links in dispute, of active work, by the owner of their goal and by its team.

    The goals are those of `owners`, with team 0, and of those without an owner the ones of `teams` and of their
    sub-teams that are here; with `leaders` also all others, with team 0, including those that not everybody may see.
    At most `limit` links of each, first those that a team has changed since they were disputed, then the largest; new
    are those of which something was logged after the entry with id `mark`. One query.
    """
    of_team = Q(goal__owner=None, goal__team__path__overlap=[0, *teams], goal__hidden_by=[])
    of_team &= ~not_here("goal__team__")
    groups = [F("goal__owner_id"), F("by_team")]
    since = LogEntry.objects.filter(pk__gt=mark, subject_kind="link").order_by()
    new = WAITS & Q(pk__in=since.values("subject_id"))
    rows = (
        judged_rows()
        .filter(Q(goal__owner__in=owners) | (Q(goal__owner=None) if leaders else of_team))
        .annotate(by_team=Case(When(of_team, then=F("goal__team_id")), default=0, output_field=BigIntegerField()))
        .annotate(
            place=Window(RowNumber(), partition_by=groups, order_by=["-answered", "state", "-amount", "id"]),
            waiting=Window(Count("pk", filter=WAITS), partition_by=groups),
            new=Window(Count("pk", filter=new), partition_by=groups),
        )
    )
    found: dict[tuple[int | None, int], ToJudge] = {}
    shown: Any = rows.filter(place__lte=limit).select_related("initiative__team", "goal__team").order_by("place", "id")
    for link in shown:
        group = found.setdefault((link.goal.owner_id, link.by_team), ToJudge([], link.waiting, link.new))
        group.links.append(link)
    return found


def changed_since_dispute(link: Link) -> bool:
    """Whether the team has changed a disputed link, so that its judge looks again."""
    return bool(_last_words(link.pk).first() == {"action": EDITED})


def _last_words(link: int | OuterRef) -> Any:
    """The log actions that disputed or edited a link, the latest first."""
    entries = LogEntry.objects.filter(subject_kind="link", subject_id=link, action__in=(DISPUTED, EDITED))
    return entries.order_by("-id").values("action")


def judged_rows() -> QuerySet[Link]:
    """Links with a word of their judge that waits or holds: claimed ones that count, those in dispute, of active work;
    each with `amount` and `answered` as in ToJudge."""
    edited = Subquery(_last_words(OuterRef("pk"))[:1])
    claimed = Q(state=LinkState.CLAIMED, figures__amount__gt=0)
    disputed = Q(state=LinkState.DISPUTED, goal__figures__anchored=True)
    return (
        Link.objects.filter(claimed | disputed, initiative__status=InitiativeStatus.ACTIVE)
        .alias(edited=edited)
        .annotate(
            amount=Coalesce(F("figures__amount"), 0.0),
            answered=Case(When(state=LinkState.DISPUTED, edited=EDITED, then=True), default=False),
        )
    )
