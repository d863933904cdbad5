"""Creates, edits, activates, closes, reopens and removes goals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.edition_effects import activating_now
from alignment.effects import editing, figures_day
from lib.forms.pages import FormPage, Success, VersionedForm, by_second, form_view, posted, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.names import choices_apart
from strategy.access import goal_for, strategy_for
from strategy.enums import EditKind, GoalStatus, Visibility
from strategy.models import Amendment, Goal, Strategy
from strategy.selectors.editions import makes_editions
from strategy.selectors.goals import above
from strategy.selectors.places import company_goals_offered, teams_led
from strategy.services.goals import activate_goal, create_goal, edit_goal, remove_goal, reopen_goal
from teams.access import team_for
from teams.models import Person, Team
from web.amendments.planning import ADD, plan_goal, planning_goal, planning_new_goal
from web.goals.forms import GoalBelowForm, GoalEditForm, GoalForm, OwnGoalForm, TeamGoalForm
from web.goals.views import crumbs
from web.readers import reader_of
from web.strategy.common import to_goal, values_of
from web.strategy.forms import ask_why, reason_in

Place = Callable[[dict[str, Any]], dict[str, Any]]

EDIT, DECIDE = "strategy.edit_goal", "strategy.decide_goal"


@form_view
def goal_new(request: HttpRequest, key: str) -> HttpResponse:
    """Creates a company goal at the top of a strategy."""
    reader = reader_of(request)
    strategy = strategy_for(reader, key)
    require(create_goal, reader, strategy=strategy)
    address = reverse("strategy_detail", args=[strategy.key])
    page = FormPage(
        title="Add a goal",
        lede=f"At the top of “{strategy}”: an outcome that teams can choose to work on.",
        form=GoalForm(posted(request), initial={"owner": reader}, weighs=True, hides=True),
        action_label="Add the goal",
        cancel_url=address,
        crumbs=[("Strategy", reverse("strategy_list")), (strategy.title, address)],
    )
    new = planning_new_goal(reader, strategy)
    return _made(request, page, reader, lambda _typed: {"strategy": strategy}, new)


@form_view
def goal_new_below(request: HttpRequest, key: str) -> HttpResponse:
    """Below a team's goal, creates one of that team; below a company goal, a leader creates a company goal, a lead a
    team's."""
    reader, parent = reader_of(request), asked_goal(request, key)
    require(create_goal, reader, parent=parent)
    options: dict[str, Any] = {"initial": {"owner": reader}, "hides": reader.sees_everything}
    teams: list[Team] = []
    form: GoalForm
    if parent.team_id is not None:
        form = OwnGoalForm(posted(request), **options)
    elif reader.sees_everything:
        form = GoalForm(posted(request), weighs=False, **options)
    else:
        teams = teams_led(reader)
        form = GoalBelowForm(posted(request), teams=choices_apart({team.key: team.name for team in teams}), **options)
    page = goal_page(reader, parent, title="Add a goal below", form=form, action_label="Add the goal")
    page.lede = f"Below “{parent}”: a part of it, or a step towards it. Work that reaches this goal reaches that one."
    led = {team.key: team for team in teams}

    def place(typed: dict[str, Any]) -> dict[str, Any]:
        return {"parent": parent, "team": led.get(typed.pop("team", ""))}

    return _made(request, page, reader, place, planning_new_goal(reader, parent) if not teams else None)


@form_view
def goal_new_of_team(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    team = team_for(reader, key)
    require(create_goal, reader, team=team)
    goals = company_goals_offered(reader)
    address = reverse("team_detail", args=[team.key])
    page = FormPage(
        title="Add a goal of the team",
        lede=f"What {team} wants of its own accord. It stays outside of strategies.",
        form=TeamGoalForm(
            posted(request),
            initial={"owner": reader, "below": request.GET.get("below", "")},
            hides=reader.sees_everything,
            goals=_by_strategy(goals),
        ),
        action_label="Add the goal",
        cancel_url=address,
        crumbs=[("Teams", reverse("team_list")), (team.name, address)],
    )
    by_key = {goal.key: goal for goal in goals}

    def place(typed: dict[str, Any]) -> dict[str, Any]:
        return {"team": team, "parent": by_key.get(typed.pop("below"))}

    return _made(request, page, reader, place)


@form_view
def goal_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader, goal = reader_of(request), asked_goal(request, key)
    require(edit_goal, reader, goal)
    plan = planning_goal(reader, goal, EditKind.GOAL)
    form = GoalEditForm(
        posted(request),
        initial=values_of(plan.shown) | plan.meaning,
        weighs=goal.strategy_id is not None,
        hides=reader.sees_everything,
        active=goal.status == GoalStatus.ACTIVE,
    )
    if makes_editions(goal):
        ask_why(form, planned=plan.is_offered)
    page = goal_page(reader, goal, title=f"Edit “{goal}”", form=form, action_label="Save")
    plan.offer(page)

    def edit(version: int) -> Goal:
        return edit_goal(goal, actor=reader, at=now(), version=version, **form.values())

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, edit, form.values()),
        done=plan.done(lambda row: Success("The goal is saved.", to_goal(reader, row))),
        current=lambda row: values_of(plan.now(row)),
        weigh=lambda: editing(goal, form.values(), reader=reader, on=figures_day(now())),
    )


@form_view
def goal_activation(request: HttpRequest, key: str) -> HttpResponse:
    reader, goal = reader_of(request), asked_goal(request, key)
    require(activate_goal, reader, goal)
    plan = planning_goal(reader, goal, EditKind.ACTIVATION)
    form = _step(request, plan.shown)
    if goal.team_id is None:
        ask_why(form, at_once=True, planned=plan.is_offered)
    page = goal_page(reader, goal, title=f"Set “{goal}” active", form=form, action_label="Set it active")
    plan.offer(page, at_once="Set it active now")
    page.lede = "Work on it counts from then on, as long as all goals above it are active too."
    if goal.hidden_by == [goal.pk] and goal.visibility == Visibility.COMPANY:
        page.lede = f"Everybody in the company will see it. {page.lede}"

    def prepare() -> None:
        if goal.status == GoalStatus.DRAFT:
            page.effect = activating_now(goal, reader=reader, at=now())

    def activate(version: int) -> Goal:
        return activate_goal(goal, actor=reader, at=now(), version=version, **reason_in(form))

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, activate, {}),
        done=plan.done(lambda row: Success("The goal is active.", goal_url(row))),
        current=lambda row: values_of(plan.now(row)),
        prepare=prepare,
    )


@form_view
def goal_reopening(request: HttpRequest, key: str) -> HttpResponse:
    """With `?version=`, undoes the closing that led to it."""
    reader, goal = reader_of(request), asked_goal(request, key)
    if request.method == "POST" and "version" in request.GET:
        return _reopened(request, reader, goal)
    require(reopen_goal, reader, goal)
    form = _step(request, goal)
    if makes_editions(goal):
        ask_why(form, at_once=True)
    page = goal_page(reader, goal, title=f"Reopen “{goal}”", form=form, action_label="Reopen it")
    page.lede = "It is active again: links to it count as before, as long as all goals above it are active too."
    return page.handle(
        request,
        save=lambda: reopen_goal(goal, actor=reader, at=now(), version=form.opened_version, **reason_in(form)),
        done=lambda row: Success(REOPENED, goal_url(row)),
        current=values_of,
    )


def _reopened(request: HttpRequest, reader: Person, goal: Goal) -> HttpResponse:
    version = seen_version(request)
    return undo(
        request,
        lambda: reopen_goal(goal, actor=reader, at=now(), version=version, undoes=True),
        goal_url(goal),
        REOPENED,
    )


@form_view
def goal_removal(request: HttpRequest, key: str) -> HttpResponse:
    reader, goal = reader_of(request), asked_goal(request, key)
    require(remove_goal, reader, goal)
    form = _step(request, goal)
    what = "draft" if goal.status == GoalStatus.DRAFT else "goal"
    page = goal_page(reader, goal, title=f"Remove “{goal}”", form=form, action_label=f"Remove the {what}")
    page.lede, page.danger = f"The {what} goes, with its measures. This cannot be undone.", True
    _label, above_url = [step for step in page.crumbs if step[1]][-2]
    return page.handle(
        request,
        save=lambda: remove_goal(goal, actor=reader, at=now(), version=form.opened_version),
        done=lambda _row: Success(f"The {what} “{goal}” is removed.", above_url),
        current=values_of,
    )


def _made(
    request: HttpRequest, page: FormPage, reader: Person, place: Place, amendment: Amendment | None = None
) -> HttpResponse:
    """`place` takes the new goal's position out of the form's values. With an `amendment`, the goal is added by that,
    unless it is to be kept as a draft."""
    if amendment is not None:
        page.action_label, page.second = ADD, "Keep it as a draft"

    def make() -> Goal:
        values = dict(page.form.cleaned_data)
        goal = create_goal(actor=reader, at=now(), **place(values), **values)
        if amendment is not None and not by_second(request):
            plan_goal(reader, amendment, goal)
        return goal

    def done(goal: Goal) -> Success:
        draft = " as a draft" if goal.status == GoalStatus.DRAFT else ""
        added = " The amendment publishes it." if amendment is not None and not by_second(request) else ""
        return Success(f"The goal is there{draft}.{added} {NEXT}", to_goal(reader, goal))

    return page.handle(request, save=make, done=done)


REOPENED = "The goal is active again."
NEXT = "Add a measure next: how one would see that it is reached."


def _by_strategy(goals: list[Goal]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices grouped by strategy, in order; a second-level goal follows its parent with a dash."""
    groups: dict[str, dict[str, str]] = {}
    for goal in goals:
        root: Any = goal.parent or goal
        strategy: Strategy = root.strategy
        label = f"– {goal.title}" if goal.parent_id else goal.title
        groups.setdefault(strategy.title, {})[goal.key] = label
    return [(title, choices_apart(labels)) for title, labels in groups.items()]


def asked_goal(request: HttpRequest, key: str) -> Goal:
    goal: Goal = goal_for(reader_of(request), key=key)
    return goal


def _step(request: HttpRequest, goal: Goal) -> VersionedForm:
    return VersionedForm(posted(request), initial={"version": goal.version})


def goal_page(reader: Person, goal: Goal, *, title: str, form: Any, action_label: str) -> FormPage:
    steps = [*crumbs(above(reader, goal)), (goal.title, goal_url(goal))]
    return FormPage(title=title, form=form, action_label=action_label, cancel_url=goal_url(goal), crumbs=steps)


def goal_url(goal: Goal) -> str:
    return reverse("goal_detail", args=[goal.key])
