"""What of strategy/ threads can be about."""

from __future__ import annotations

from django.db.models import F

from conversations.topics import Topic, answered_rows, register_topic
from strategy.models import ContextPage, Decision, Goal, Strategy

register_topic(
    Topic(
        kind="strategy",
        label="the strategy",
        page="strategy_detail",
        name=F("title"),
        place=F("key"),
        answered_by=lambda person: answered_rows(Strategy.objects.all(), person),
        owner="owner",
        aspects={"edition": "Edition"},
    )
)
register_topic(
    Topic(
        kind="goal",
        label="the goal",
        page="goal_detail",
        name=F("title"),
        place=F("key"),
        answered_by=lambda person: answered_rows(Goal.objects.all(), person, team="team"),
        owner="owner",
        team="team",
    )
)
register_topic(
    Topic(
        kind="contextpage",
        label="the page",
        page="context_detail",
        name=F("title"),
        place=F("key"),
        answered_by=lambda person: answered_rows(ContextPage.objects.all(), person),
        owner="owner",
    )
)
register_topic(
    Topic(
        kind="decision",
        label="the decision",
        page="decision_detail",
        name=F("title"),
        place=F("key"),
        answered_by=lambda person: answered_rows(Decision.objects.all(), person),
        owner="owner",
    )
)
