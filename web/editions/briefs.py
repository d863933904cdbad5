"""What the teams say that an edition asks of them, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.services.back_briefs import ask_back_brief, back_briefs, may_be_asked
from conversations.models import Message
from conversations.narrative import thread_url, turn_words
from conversations.selectors.threads import with_names
from lib.forms.pages import FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from lib.text import numbers
from lib.text.counts import counted, plural
from lib.text.names import choices_apart
from strategy.access import edition_for, strategy_for
from strategy.enums import StrategyStatus
from strategy.models import Edition
from teams.models import Person, Team
from teams.selectors.teams import BY_NAME
from web.home.items import Text
from web.readers import reader_of
from web.teams.forms import offer

MOST = 200
AMEND = "strategy.amend_strategy"


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
            "crumbs": _crumbs(edition),
            "lede": lede(briefs),
            "ask_url": ask_team_url(reader, edition),
            "briefs": briefs,
        },
    )


@form_view
def back_brief_new(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Asks one more team."""
    reader = reader_of(request)
    edition = edition_for(reader, strategy_for(reader, key), number)
    require(ask_back_brief, reader, edition)
    teams = {team.key: team for team in may_be_asked(edition).order_by(*BY_NAME)[:MOST]}
    form = AskedTeamForm(posted(request), teams=teams)
    back = reverse("edition_back_briefs", args=[key, number])
    page = FormPage(
        title="Ask another team",
        lede="It says in its own words what the edition asks of it. Teams that work on what changed were asked.",
        form=form,
        action_label="Ask it",
        cancel_url=back,
        crumbs=[*_crumbs(edition), ("Back-briefs", back)],
        focused=True,
    )
    if not teams:
        page.stopped = "Every team that is here, and that somebody leads, was asked."
    return page.handle(
        request,
        save=lambda: ask_back_brief(edition, form.cleaned_data["team"], actor=reader, at=now()),
        done=lambda thread: Success("It is asked.", thread_url(thread)),
    )


class AskedTeamForm(forms.Form):
    team = forms.ChoiceField(
        label="Team", error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of these teams.")
    )

    def __init__(self, *args: Any, teams: Mapping[str, Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = teams
        offer(self, "team", [("", "Choose one"), *choices_apart({key: team.name for key, team in teams.items()})])

    def clean_team(self) -> Team:
        return self.teams[self.cleaned_data["team"]]


def ask_team_url(reader: Person, edition: Edition) -> str:
    """The page that asks one more team; '' for those who may not."""
    if edition.strategy.status != StrategyStatus.PUBLISHED or not reader.has_perm(AMEND, edition.strategy):
        return ""
    return reverse("back_brief_new", args=[edition.strategy.key, edition.number])


def _crumbs(edition: Edition) -> list[tuple[str, str]]:
    strategy = edition.strategy
    return [
        ("Strategy", reverse("strategy_list")),
        (strategy.title, reverse("strategy_detail", args=[strategy.key])),
        (f"Edition {edition.number}", reverse("edition_detail", args=[strategy.key, edition.number])),
    ]


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


def brief_fact(edition: Any, reader: Person) -> tuple[str, str, str | None] | None:
    """For the facts of an edition of `with_asked`: how many teams were asked; None where nobody was, but for those who
    may ask.
    """
    asked, url = edition.asked, reverse("edition_back_briefs", args=[edition.strategy.key, edition.number])
    if not asked:
        return ("Back-briefs", "No team was asked", url) if ask_team_url(reader, edition) else None
    return "Back-briefs", counted(asked, "team was asked", "teams were asked"), url
