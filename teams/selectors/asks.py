"""Support that teams ask of each other: of one, for its pages, and of many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from teams.enums import GOES_ON, InitiativeStatus, Stance, SupportStatus
from teams.models import LogEntry, Support, Team
from teams.models.team import not_here

ASKED = ("support.asked", "support.asked_again", "support.restored")
NEW = (*ASKED, "support.offered")
ANSWERED = ("support.answered", "support.terms_offered", "support.accepted")


ASKS = 30


def team_asks(team: Team, most: int = ASKS) -> tuple[list[Support], list[Support]]:
    """The team's asks of others, and others' asks of it, with what was offered either way; the latest `most` of each.
    One query.
    """
    latest = Support.objects.order_by("-asked_on", "-id").values("pk")
    mine, others = latest.filter(initiative__team=team)[:most], latest.filter(team=team)[:most]
    rows = _told().filter(Q(pk__in=mine) | Q(pk__in=others))
    found = list(rows)
    return [row for row in found if row.initiative.team_id == team.pk], [row for row in found if row.team_id == team.pk]


def initiative_asks(initiative_id: int) -> list[Support]:
    return list(_told().filter(initiative=initiative_id)[:ASKS])


def _told() -> QuerySet[Support]:
    return Support.objects.select_related("initiative__team", "team").order_by("-asked_on", "-id")


def open_asks(teams: Collection[int], mark: int, on: dt.date) -> list[Any]:
    """Asks and offers from or to these teams that wait for one of the two, are late on day `on`, or were answered or
    thanked for after the log entry `mark`. Only for work that is neither done nor dropped, but for thanks; oldest
    first, each with `is_new` (asked since), `is_answered` and `is_thanked`. One query.
    """
    since = LogEntry.objects.filter(pk__gt=mark, subject_kind="support", subject_id=OuterRef("pk"))
    rows = Support.objects.filter(Q(team__in=[0, *teams]) | Q(initiative__team__in=[0, *teams])).annotate(
        is_new=Exists(since.filter(action__in=NEW)),
        is_answered=Exists(since.filter(action__in=ANSWERED)),
        is_thanked=Exists(since.filter(action="support.thanked")),
    )
    open_ = Q(status=SupportStatus.ASKED) | Q(unconfirmed=True) | Q(status=SupportStatus.PLEDGED, due_on__lt=on)
    answered = Q(is_answered=True) & ~Q(status=SupportStatus.DELIVERED)
    told = Q(open_ | answered, initiative__status__in=GOES_ON) | (Q(is_thanked=True) & ~Q(thanks=""))
    return list(rows.filter(told).select_related("initiative__team", "team").order_by("asked_on", "id"))


def awaited_asks(teams: Collection[int]) -> QuerySet[Support]:
    """What these teams ask of others and nobody has answered, for work that is neither done nor dropped, oldest
    first."""
    asks = Support.objects.waits_for_asked().filter(initiative__team__in=[0, *teams], initiative__status__in=GOES_ON)
    return asks.order_by("asked_on", "id")


def asked_in_the_spotlight(on: Any) -> Q:
    """Unanswered asks of a team that is here and whose stance is spotlight on day `on`, for active work."""
    asking = Q(initiative__team__stance_until=None) | Q(initiative__team__stance_until__gte=on)
    return (
        asking
        & ~not_here("initiative__team__")
        & Q(
            status=SupportStatus.ASKED,
            answer="",
            initiative__status=InitiativeStatus.ACTIVE,
            initiative__team__stance=Stance.SPOTLIGHT,
        )
    )
