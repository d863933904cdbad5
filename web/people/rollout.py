"""How far the company is brought in, team by team, with what invites and reminds its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.selectors.invitations import Reach
from accounts.selectors.rollout import (
    TREE,
    Answer,
    Invited,
    people_of_company,
    people_of_teams,
    people_with,
    people_without_team,
    rollout_teams,
)
from accounts.services.rounds import invite_people
from lib.db.counting import capped_count
from lib.db.search import has_words
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import count_text, counted, plural
from lib.text.isolation import isolated
from lib.text.numbers import number
from teams.models import Person, Team
from teams.narrative import here_text
from teams.selectors.presence import Presence, teams_here
from teams.selectors.teams import names_above
from web.filters import YES, ListFilter
from web.people.invite_forms import Whom
from web.readers import reader_of

NO = "no"
TITLE = "Who is here"
LEDE = "How far the company is brought in, team by team. From here those are invited and reminded who are missing."


class Answers(TextChoices):
    WAITING = Answer.WAITING.value, "Somebody has not answered"
    EXPIRED = Answer.EXPIRED.value, "An invitation has expired"
    NOT_INVITED = Answer.NOT_INVITED.value, "Somebody was not invited"


class RolloutFilter(ListFilter):
    q = forms.CharField(label="Find a team", max_length=200, widget=forms.SearchInput())
    answer = forms.ChoiceField(label="Invitations", choices=[("", "Any team"), *Answers.choices])
    here = forms.ChoiceField(label="Here", choices=[("", "Any team"), (YES, "Here"), (NO, "Not here yet")])


@dataclass(frozen=True)
class Ask:
    """A button that leads to whom an invitation would go: `fields` are what it posts there, `of` says whose."""

    label: str
    of: str
    fields: list[tuple[str, str]]


@dataclass(frozen=True)
class RolloutRow:
    """A team without its sub-teams. `names` are those with the answer that is filtered by, `others` how many more."""

    team: Any
    above: str
    people: Invited
    asks: list[Ask]
    names: list[Person]
    others: int


@dataclass(frozen=True)
class Bar:
    """The people of the company: `joined` and `invited` are SVG lengths, both from the start of the bar."""

    whole: str
    text: str
    joined: str
    invited: str


@require_safe
def rollout(request: HttpRequest) -> HttpResponse:
    """At most ten queries."""
    reader, at = reader_of(request), now()
    require(invite_people, reader)
    form = RolloutFilter(request.GET, {})
    given = form.given()
    answer = Answer(given["answer"]) if given.get("answer") else None
    teams: Any = rollout_teams(at, answer)
    if given.get("q"):
        teams = teams.filter(has_words("name", given["q"]))
    if given.get("here"):
        teams = teams.filter(away=given["here"] == NO)
    page = keyset_page(teams, order=TREE, params=request.GET)
    everybody = people_of_company(at)
    ids = [team.pk for team in page.rows]
    people, above = people_of_teams(ids, at), names_above(page.rows)
    named = people_with(answer, ids, at) if answer else {}
    context: dict[str, Any] = {
        "title": TITLE,
        "lede": LEDE,
        "crumbs": [("People", reverse("person_list"))],
        "form": form,
        "active": [(label, query(request.GET, **{name: None, "after": None})) for name, label in form.words().items()],
        "page": page,
        "count_text": count_text(capped_count(teams), "team", "teams"),
        "headline": headline(teams_here(), everybody),
        "bar": people_bar(everybody),
        "asks": asks(everybody, "everybody", [("whom", Whom.EVERYBODY.value)]),
        "teamless": people_without_team(),
        "rows": [
            _row(team, above[team.pk], people.get(team.pk, Invited()), named.get(team.pk, []), answer)
            for team in page.rows
        ],
    }
    return render(request, "people/rollout.html", context)


def headline(presence: Presence, everybody: Invited) -> str:
    """As in "9 of 12 teams are here, 214 of 300 people joined"."""
    here = f"{here_text(presence)}, " if presence.teams else ""
    return f"{here}{number(everybody.joined)} of {counted(everybody.people, 'person', 'people')} joined"


def people_bar(everybody: Invited) -> Bar | None:
    """None without people."""
    if not everybody.people:
        return None
    rest = [
        f"{number(everybody.joined)} joined",
        f"{number(everybody.waiting)} {plural(everybody.waiting, 'was', 'were')} invited and did not answer yet",
        f"{number(everybody.not_invited)} not invited",
    ]
    whole = counted(everybody.people, "person", "people")
    return Bar(
        whole=whole,
        text=f"Of {whole}, {', '.join(rest)}.",
        joined=f"{everybody.joined / everybody.people:.3%}",
        invited=f"{everybody.invited / everybody.people:.3%}",
    )


def asks(people: Invited, of: str, whom: list[tuple[str, str]]) -> list[Ask]:
    """To invite those who were never invited, and to remind those who have not answered, where there are any."""
    found = []
    for count, verb, reach in ((people.not_invited, "Invite", Reach.NEW), (people.waiting, "Remind", Reach.INVITED)):
        if count:
            fields = [*whom, ("reach", reach.value), ("new_role", "member")]
            found.append(Ask(f"{verb} {number(count)}", of, fields))
    return found


def _row(team: Team, above: list[str], people: Invited, names: list[Person], answer: Answer | None) -> RolloutRow:
    whom = [("whom", Whom.TEAM.value), ("team", team.key), ("alone", "on")]
    return RolloutRow(
        team=team,
        above=" / ".join(map(isolated, above)),
        people=people,
        asks=asks(people, team.name, whom),
        names=names,
        others=_number_with(answer, people) - len(names),
    )


def _number_with(answer: Answer | None, people: Invited) -> int:
    return int(getattr(people, answer.value)) if answer else 0
