"""Support asks of many teams at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from teams.enums import GOES_ON, InitiativeStatus, Stance, SupportStatus
from teams.models import LogEntry, Support
from teams.models.team import not_here

ASKED = ("support.asked", "support.asked_again", "support.restored")


def open_asks(teams: Collection[int], mark: int) -> list[Any]:
    """Asks from or to these teams that are unanswered, or were pledged or declined after the log entry `mark`. Only for
    work that is neither done nor dropped, oldest first, each with `is_new` (asked since) and `is_answered` (answered
    since). One query.
    """
    since = LogEntry.objects.filter(pk__gt=mark, subject_kind="support", subject_id=OuterRef("pk"))
    rows = Support.objects.filter(
        Q(team__in=[0, *teams]) | Q(initiative__team__in=[0, *teams]), initiative__status__in=GOES_ON
    ).annotate(
        is_new=Exists(since.filter(action__in=ASKED)), is_answered=Exists(since.filter(action="support.answered"))
    )
    told = Q(status=SupportStatus.ASKED) | Q(is_answered=True)
    open_or_told = rows.filter(told).exclude(status=SupportStatus.DELIVERED)
    return list(open_or_told.select_related("initiative__team", "team").order_by("asked_on", "id"))


def awaited_asks(teams: Collection[int]) -> QuerySet[Support]:
    """What these teams ask of others and nobody has answered, for work that is neither done nor dropped, oldest
    first."""
    asks = Support.objects.filter(initiative__team__in=[0, *teams], initiative__status__in=GOES_ON)
    return asks.filter(status=SupportStatus.ASKED).order_by("asked_on", "id")


def asked_in_the_spotlight(on: Any) -> Q:
    """Unanswered asks of a team that is here and whose stance is spotlight on day `on`, for active work."""
    asking = Q(initiative__team__stance_until=None) | Q(initiative__team__stance_until__gte=on)
    return (
        asking
        & ~not_here("initiative__team__")
        & Q(
            status=SupportStatus.ASKED,
            initiative__status=InitiativeStatus.ACTIVE,
            initiative__team__stance=Stance.SPOTLIGHT,
        )
    )
