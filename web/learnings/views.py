"""What bets and explorations taught, by goal and team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.enums import FlagCode
from alignment.selectors.initiatives import goal_options
from alignment.selectors.learnings import LEARNED_FIRST, bets_due, bets_taken_back, settled_bets, taught_work
from lib.db.counting import capped_count
from lib.http.access import query
from lib.paging.keyset import Page, keyset_page
from lib.services.dates import today
from lib.text.counts import count_text
from strategy.models import Goal
from strategy.selectors.whereabouts import told_apart
from teams.enums import InitiativeKind
from teams.models import Person, Team
from teams.selectors.company import company
from teams.selectors.teams import team_options
from web.filters import asked_key
from web.learnings.drawing import bet_row, taken_back_row
from web.learnings.forms import EXPLORATIONS, TESTED, LearningFilter
from web.readers import reader_of

SIZE = 20
BETS, GONE, WORK = "bets_after", "gone_after", "work_after"
NOTHING: Page[Any] = Page([], "", "")


@require_safe
def learning_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    teams = team_options(asked_key(request.GET, "team"))
    asked = asked_key(request.GET, "goal")
    goals = goal_options(reader, asked)
    if moved := next((goal.key for goal in goals if asked and goal.first_key == asked != goal.key), ""):
        return redirect(request.path + query(request.GET, goal=moved), permanent=True)
    labels = told_apart(goals, reader)
    form = LearningFilter(request.GET, teams=teams, goals={goal.key: labels[goal.pk] for goal in goals})
    bets, gone, work = _found(form.given(), teams, goals, reader, request.GET)
    due = capped_count(bets_due(reader, today(company())))
    return render(
        request,
        "learnings/learning_list.html",
        {
            "form": form,
            "bets": bets,
            "listed": [bet_row(link) for link in bets.rows],
            "gone": gone,
            "taken_back": [taken_back_row(entry) for entry in gone.rows],
            "work": work,
            "due": f"{count_text(due, 'bet', 'bets')} of active work {'is' if due == 1 else 'are'} due for review"
            if due
            else "",
            "due_url": reverse("flag_list") + query({}, code=FlagCode.REVIEW_DUE.value),
            "active": [
                (label, request.path + query(request.GET, **{name: None, BETS: None, GONE: None, WORK: None}))
                for name, label in form.words().items()
            ],
        },
    )


def _found(
    given: Mapping[str, str], teams: list[Team], goals: list[Goal], reader: Person, params: Mapping[str, str]
) -> tuple[Page[Any], Page[Any], Page[Any]]:
    """The bets, those that were taken back and the work to be shown; of what is filtered out there is an empty page."""
    what = given.get("what", "")
    of: dict[str, Any] = {
        "goal": next((goal for goal in goals if goal.key == given.get("goal")), None),
        "team": next((team for team in teams if team.key == given.get("team")), None),
    }
    bets = gone = work = NOTHING
    if not what or what in TESTED:
        rows = settled_bets(reader, outcome=what, **of)
        bets = keyset_page(rows, order=LEARNED_FIRST, params=params, size=SIZE, parameter=BETS)
        entries = bets_taken_back(reader, outcome=what, **of)
        gone = keyset_page(entries, order=("-id",), params=params, size=SIZE, parameter=GONE)
    if what not in TESTED:
        kind = InitiativeKind.EXPLORE.value if what == EXPLORATIONS else ""
        taught = taught_work(reader, kind=kind, **of)
        work = keyset_page(taught, order=LEARNED_FIRST, params=params, size=SIZE, parameter=WORK)
    return bets, gone, work
