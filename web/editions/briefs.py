"""What the teams say that an edition asks of them, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.services.back_briefs import back_briefs
from conversations.models import Message
from conversations.narrative import thread_url, turn_words
from conversations.selectors.threads import with_names
from lib.text import numbers
from lib.text.counts import counted, plural
from strategy.access import edition_for, strategy_for
from strategy.models import Edition
from web.home.items import Text
from web.readers import reader_of

MOST = 200


@dataclass(frozen=True)
class Brief:
    """A team's conversation about an edition; `answer` is what it said last, None while it has not."""

    team: str
    url: str
    turn: list[Text]
    answer: Message | None


@require_safe
def edition_back_briefs(request: HttpRequest, key: str, number: int) -> HttpResponse:
    reader = reader_of(request)
    strategy = strategy_for(reader, key)
    edition = edition_for(reader, strategy, number)
    briefs = briefs_of(edition)
    return render(
        request,
        "editions/edition_back_briefs.html",
        {
            "crumbs": [
                ("Strategy", reverse("strategy_list")),
                (strategy.title, reverse("strategy_detail", args=[strategy.key])),
                (f"Edition {edition.number}", reverse("edition_detail", args=[strategy.key, edition.number])),
            ],
            "lede": lede(briefs),
            "briefs": briefs,
        },
    )


def briefs_of(edition: Edition) -> list[Brief]:
    """Those who have answered first, each with what somebody of the team said last. Two queries."""
    threads = list(with_names(back_briefs(edition)).order_by("-last_at", "id")[:MOST])
    of_teams = Message.objects.filter(thread__in=threads, author__memberships__team=F("thread__answers_id"))
    said = {message.thread_id: message for message in of_teams.select_related("author").order_by("at", "id")}
    rows = [_brief(row, said.get(row.pk)) for row in threads]
    return sorted(rows, key=lambda row: row.answer is None)


def _brief(row: Any, answer: Message | None) -> Brief:
    turn = [Text(span.text, span.path) for span in turn_words(row)]
    return Brief(row.answerer["team_name"] if row.answerer else "", thread_url(row), turn, answer)


def lede(briefs: list[Brief]) -> str:
    if not briefs:
        return ""
    answered = sum(brief.answer is not None for brief in briefs)
    of = f"{numbers.number(answered)} of {counted(len(briefs), 'team')}"
    return f"What it asks of teams, in their own words: {of} {plural(answered, 'has', 'have')} answered."


def brief_fact(edition: Any) -> tuple[str, str, str | None] | None:
    """For the facts of an edition of `with_asked`: how many teams were asked; None where nobody was."""
    asked, url = edition.asked, reverse("edition_back_briefs", args=[edition.strategy.key, edition.number])
    return ("Back-briefs", counted(asked, "team was asked", "teams were asked"), url) if asked else None
