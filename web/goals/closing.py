"""Closes a goal, with what came of it, what was learned and what takes its place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import closing, figures_day
from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import Success, form_view
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import counted
from lib.text.days import day
from lib.text.isolation import isolated
from strategy.enums import CLOSED, EditKind, GoalStatus
from strategy.models import Goal
from strategy.selectors.goals import active_below, closing_of
from strategy.selectors.successors import successors_offered
from strategy.selectors.whereabouts import told_apart
from strategy.services.goals import close_goal
from teams.models import Person
from teams.selectors.company import company
from web.amendments.planning import planning_goal
from web.goals.editing import asked_goal, goal_page, goal_url
from web.goals.forms import ClosureForm
from web.measures.progress import measures_as_they_stand
from web.readers import reader_of


@form_view
def goal_closure(request: HttpRequest, key: str) -> HttpResponse:
    reader, goal = reader_of(request), asked_goal(request, key)
    require(close_goal, reader, goal)
    plan = planning_goal(reader, goal, EditKind.CLOSING)
    words, planned = sought(request), plan.successors
    chosen = planned + [each for each in request.POST.getlist("successors") if "\0" not in each]
    goals = successors_offered(goal, reader, chosen=chosen, search=words or "")
    names = told_apart(goals, reader)
    initial = closing_values(plan.shown) | {"successors": planned}
    form = ClosureForm(sent(request), initial=initial, goals=goals, names=names)
    page = goal_page(reader, goal, title=f"Close “{goal}”", form=form, action_label="Close the goal")
    plan.offer(page, at_once="Close it now")
    page.lede, page.template = _what_closing_leaves(reader, goal), "goals/goal_closure.html"
    count = sum(contains_words(each.title, words or "") for each in goals)
    page.extra = {
        "removal_url": reverse("goal_removal", args=[goal.key]) if goal.team_id else "",
        "measures": measures_as_they_stand(goal, company().timezone),
        **found_text(words, count, "goal", "goals", "Tick what fits, and close it."),
    }

    if goal.status in CLOSED:
        page.stopped, page.lede = _closed_already(goal), ""
        if reader.has_perm("strategy.decide_goal", goal):
            page.instead = [("Reopen it", reverse("goal_reopening", args=[goal.key]))]

    def done(row: Goal) -> Success:
        back = f"{reverse('goal_reopening', args=[row.key])}?version={row.version}"
        return Success(f"The goal is closed: {row.get_status_display().lower()}.", goal_url(goal), undo=back)

    def prepare() -> None:
        if goal.status == GoalStatus.ACTIVE:
            page.effect = closing(goal, reader=reader, on=figures_day(now()))

    def close(version: int) -> Goal:
        return close_goal(goal, actor=reader, at=now(), version=version, **form.said(goals))

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, close, form.said(goals)),
        done=plan.done(done),
        current=lambda row: closing_values(plan.now(row)),
        prepare=prepare,
        searching=words is not None,
    )


def closing_values(goal: Goal) -> dict[str, Any]:
    """As its form begins, with what is planned."""
    ending = goal.status if goal.status in CLOSED else ""
    return {"version": goal.version, "ending": ending, "reason": goal.closing_reason, "learned": goal.learned}


def _closed_already(goal: Goal) -> str:
    """With who closed it, and when. One query."""
    entry = closing_of(goal)
    who = f", by {isolated(entry.actor.name)}" if entry and entry.actor else ""
    on = f" on {day(goal.closed_on)}" if goal.closed_on else ""
    return f"“{isolated(goal.title)}” is closed already: {goal.get_status_display().lower()}{on}{who}."


def _what_closing_leaves(reader: Person, goal: Goal) -> str:
    left = active_below(reader, goal)
    if not left:
        return "Links to it stop counting from today."
    stay = "stays as it is" if left == 1 else "stay as they are"
    goals = counted(left, "active goal")
    return f"{goals} below it {stay}. Links to it, and to what is below, stop counting from today."
