"""Conversations about support: each ask of one team to another, and each offer, has one.

Whose turn it is follows from the ask (`Support.turn`); `conversations.services.support` follows it.
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Concat

from conversations.kinds import ThreadKind, register_thread_kind
from conversations.topics import Topic, answered_rows, answered_teams, register_topic
from teams.models import Support

SUPPORT = "support"
DELIVERED, DECLINED, WITHDRAWN, OFFER_ENDED = "delivered", "declined", "withdrawn", "offer_ended"
DAYS = 5

_OWN_KEY = Case(
    When(key="", then=Value("")),
    default=Concat(Value(":"), F("key"), output_field=CharField()),
    output_field=CharField(),
)
"""As bundles write it, behind the keys of the two."""

register_topic(
    Topic(
        kind="support",
        label="support of",
        page="initiative_detail",
        name=F("initiative__title"),
        place=F("initiative__key"),
        key=Concat(F("initiative__key"), Value(":"), F("team__key"), _OWN_KEY, output_field=CharField()),
        answered_by=lambda person: Support.objects.filter(team__in=answered_teams(person).order_by().values("pk")),
        team="team",
        fragment="support-",
    )
)
register_thread_kind(
    ThreadKind(
        code=SUPPORT,
        label="Support",
        word="conversation",
        about=("support",),
        days=DAYS,
        endings={},
        settled={
            DELIVERED: "delivered",
            DECLINED: "declined",
            WITHDRAWN: "withdrawn",
            OFFER_ENDED: "the offer was not taken",
        },
        asked_by=lambda person: answered_rows(
            Support.objects.all(), person, owner="initiative__owner", team="initiative__team"
        ),
        asked_owner="initiative__owner",
        asked_team="initiative__team",
        by_steps=True,
    )
)
