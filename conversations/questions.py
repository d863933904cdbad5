"""Questions: one asks about something, whoever answers for it answers, and the asker says whether that was an answer.

With them, the things of teams/ that threads can be about.
"""

from __future__ import annotations

from django.db.models import F, TextField, Value

from conversations.kinds import Ending, ThreadKind, register_thread_kind
from conversations.topics import Topic, answered_rows, answered_teams, register_topic
from teams.models import Company, Initiative

QUESTION = "question"
ANSWERED, WITHDRAWN = "answered", "withdrawn"
DAYS = 5
"""Working days; then the question is unanswered for too long."""
ABOUT = ("strategy", "goal", "link", "initiative", "team", "decision", "contextpage", "company")

register_topic(
    Topic(
        kind="team",
        label="",
        page="team_detail",
        name=F("name"),
        place=F("key"),
        answered_by=answered_teams,
        team="pk",
        quoted=False,
    )
)
register_topic(
    Topic(
        kind="initiative",
        label="the work",
        page="initiative_detail",
        name=F("title"),
        place=F("key"),
        answered_by=lambda person: answered_rows(Initiative.objects.all(), person, team="team"),
        owner="owner",
        team="team",
    )
)
register_topic(
    Topic(
        kind="company",
        label="",
        page="strategy_list",
        name=F("name"),
        place=Value(None, output_field=TextField()),
        answered_by=lambda person: Company.objects.all() if person.sees_everything else Company.objects.none(),
        quoted=False,
    )
)
register_thread_kind(
    ThreadKind(
        code=QUESTION,
        label="Question",
        about=ABOUT,
        days=DAYS,
        endings={
            ANSWERED: Ending("It is answered", "answered"),
            WITHDRAWN: Ending("Withdraw the question", "withdrawn"),
        },
        settled={},
        flagged=True,
    )
)
