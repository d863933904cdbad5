"""What of alignment/ threads can be about: links, and the flags and figures of what strategy/ and teams/ have."""

from __future__ import annotations

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from alignment.flags import KINDS
from alignment.models import Link
from conversations.topics import Topic, add_aspects, answered_rows, register_topic

SHARE_FIGURES = {"coverage": "Coverage", "autonomy": "Autonomy", "aligned_autonomy": "Aligned autonomy"}
GOAL_FIGURES = {"strategy_coverage": "Strategy coverage", "priority_fit": "Priority fit"}
FIGURES = {
    "company": SHARE_FIGURES | GOAL_FIGURES,
    "strategy": GOAL_FIGURES,
    "goal": {"effort": "Effort that reaches it"},
    "team": SHARE_FIGURES,
}
"""By kind of thing, the figures of it that can be asked about."""

register_topic(
    Topic(
        kind="link",
        label="the link",
        page="initiative_detail",
        name=Concat("initiative__title", Value(" → "), "goal__title", output_field=TextField()),
        place=F("initiative__key"),
        answered_by=lambda person: answered_rows(
            Link.objects.all(), person, owner="initiative__owner", team="initiative__team"
        ),
        owner="initiative__owner",
        team="initiative__team",
        key=Concat("initiative__key", Value(":"), "goal__key", output_field=TextField()),
        fragment="link-",
    )
)
for _kind in ("strategy", "goal", "initiative", "team", "company"):
    _flags = {kind.code.value: kind.label for kind in KINDS if kind.subject == _kind}
    add_aspects(_kind, _flags | FIGURES.get(_kind, {}))
