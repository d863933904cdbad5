"""The page of a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.enums import LinkState, UncountedReason
from alignment.selectors.company import CompanyNow, company_now
from alignment.selectors.goals import (
    MISSIONS_SHOWN,
    Bet,
    figures_or_none,
    goal_bets,
    goal_flags,
    goal_links,
    goal_pages,
    goals_below,
)
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import today
from lib.text.days import day
from lib.text.names import CONFIDENTIAL
from strategy.access import goal_for
from strategy.enums import CLOSED, GoalKind, GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from strategy.narrative import end_text, progress_text
from strategy.progress import Progress
from strategy.selectors.decisions import touching, with_decisions
from strategy.selectors.editions import goal_history
from strategy.selectors.goals import Above, above
from strategy.selectors.measures import progress_of_goals
from strategy.selectors.successors import follows, successors_of
from teams.enums import InitiativeStatus
from teams.models import Person
from teams.narrative import here_text
from web.decisions.views import chips_of
from web.editions.reading import events_of
from web.figures.figures import Figure, initiatives_url
from web.flags.answers import answers, flag_view, snooze_view
from web.goals.rows import NOT_COMPUTED, effort_of, goal_chips, goal_meta, reason_sentence
from web.history.drawing import lately
from web.measures.charts import Timeline, timeline_of
from web.measures.progress import goal_measures
from web.people.naming import person_fact
from web.readers import reader_of
from web.strategy.actions import goal_actions
from web.strategy.words import period
from web.threads.asking import ask_url, askable, counter_url
from web.threads.subjects import conversations_about

SIZE = 25
BELOW, WORK = "goals_after", "work_after"


@dataclass(frozen=True)
class GoalBelow:
    goal: Goal
    chips: list[tuple[str, str]]
    meta: str
    progress: str
    effort: Figure
    initiatives: Figure
    teams: Figure


@dataclass(frozen=True)
class Work:
    """A linked initiative; `why_not` says why its link does not count, '' where it does."""

    bet: Bet
    status: tuple[str, str]
    state: tuple[str, str]
    brings: Figure
    why_not: str
    may_judge: bool


@require_safe
def goal_detail(request: HttpRequest, key: str) -> HttpResponse:
    person = reader_of(request)
    goal: Any = goal_for(person, key=key, rows=with_decisions(goal_pages(), person))
    history = goal_history(person, goal) if goal.team_id is None else []
    now, line = company_now(), above(person, goal, {each.parent for each in history if each.parent is not None})
    page = partial(keyset_page, params=request.GET, size=SIZE)
    below = page(goals_below(person, goal), order=("place", "title__folded", "id"), parameter=BELOW)
    links = page(goal_links(goal), order=("-effort", "-id"), parameter=WORK)
    ended = strategy_end(line.strategy, now)
    effort, *contributors = goal_figures(goal, now)
    return render(
        request,
        "goals/goal_detail.html",
        {
            "as_of": now.as_of,
            "updating": now.updating,
            "here": here_text(now.presence),
            "goal": goal,
            "closing_reason": goal.closing_reason if goal.status in CLOSED else "",
            "learned": goal.learned if goal.status in CLOSED else "",
            "successors": successors_of(goal, person) if goal.status in CLOSED else [],
            "crumbs": crumbs(line),
            "chips": _chips(goal),
            "actions": goal_actions(person, goal, line, several_below=len(below.rows) > 1),
            "status_notice": "" if ended and is_out_of_dates(goal) else _notice(goal),
            "ended": ended,
            "figures": [askable(effort, person, "effort", "goal", goal.key), *contributors],
            "facts": [*_facts(goal), *(_carries_on(goal, person) if goal.status == GoalStatus.DRAFT else ())],
            "may_edit": person.has_perm("strategy.edit_goal", goal),
            "measures": goal_measures(goal, person, _timeline(goal, line, now)),
            "below": below,
            "goals": _below(below.rows, now),
            "links": links,
            "work": [work_row(bet, goal, person) for bet in goal_bets(goal, links.rows)],
            "may_link": goal.status not in CLOSED and person.has_perm("alignment.link_work"),
            "learned_url": reverse("learning_list") + query({}, goal=goal.key),
            "work_url": initiatives_url(goal=goal.key),
            "serving": goal.served_by[:MISSIONS_SHOWN],
            "more_serving": len(goal.served_by) > MISSIONS_SHOWN,
            "decisions": [(row, chips_of(row)) for row in touching(goal)],
            "events": events_of(history, line.others),
            "lately": lately(("goal", goal.pk), person, "goal_history", goal.key),
            "conversations": replace(
                conversations_about(person, ask_url("goal", goal.key), ("goal", goal.pk)),
                counter_url=counter_url(goal, person),
            ),
            **_findings(goal, person, now),
        },
    )


def crumbs(line: Above) -> list[tuple[str, str]]:
    """From the strategy down to the parent; a step that the reader may not see has no address."""
    steps = [("Strategy", reverse("strategy_list"))]
    if line.strategy:
        steps.append((line.strategy.title, reverse("strategy_detail", args=[line.strategy.key])))
    elif line.in_strategy:
        steps.append(("a strategy that is not published", ""))
    else:
        steps.append(("Teams’ own goals", f"{reverse('strategy_list')}#own"))
    return steps + [
        (goal.title, reverse("goal_detail", args=[goal.key])) if goal else (CONFIDENTIAL, "") for goal in line.goals
    ]


def goal_status(goal: Goal) -> str:
    """Why links to the goal do not count, '' where they do."""
    figures = figures_or_none(goal)
    return reason_sentence(figures.reason) if figures else NOT_COMPUTED


def is_out_of_dates(goal: Goal) -> bool:
    figures = figures_or_none(goal)
    return figures is not None and figures.reason == UncountedReason.STRATEGY_OUT_OF_DATES


def strategy_end(strategy: Strategy | None, now: CompanyNow) -> dict[str, str] | None:
    """The published strategy that has ended, and since when."""
    on = now.as_of
    if strategy is None or strategy.status != StrategyStatus.PUBLISHED or not (on and strategy.ends_on):
        return None
    if on <= strategy.ends_on:
        return None
    said = end_text(strategy.ends_on, on, now.company.grace_days)
    return {"title": strategy.title, "url": reverse("strategy_detail", args=[strategy.key]), "said": f"{said}."}


def _notice(goal: Goal) -> str:
    """As `goal_status`; without the reason where the chip of its status is the reason."""
    figures = figures_or_none(goal)
    of_status = figures is not None and figures.reason in {UncountedReason.GOAL_DRAFT, UncountedReason.GOAL_CLOSED}
    return "Links to it do not count." if of_status else goal_status(goal)


def goal_figures(goal: Any, now: CompanyNow) -> list[Figure]:
    """Effort, initiatives and teams that reach the goal or one below it."""
    return [effort_of(goal, goal.effort, now.company.default_effort), *_contributors(goal)]


def _contributors(goal: Goal) -> list[Figure]:
    figures = figures_or_none(goal)
    counts = figures is not None and figures.anchored
    formula = "the {} that bring effort to it or to a goal below it, each counted once"
    rows = {"rows_url": initiatives_url(goal=goal.key), "rows_label": "The work behind it"}
    return [
        Figure(
            label=label,
            value=float(getattr(figures, name)) if counts else None,
            unit="count",
            missing=goal_status(goal),
            formula=formula.format(words),
            **rows,
        )
        for label, name, words in (
            ("Initiatives", "initiatives", "active initiatives"),
            ("Teams", "teams", "teams of those initiatives"),
        )
    ]


def _timeline(goal: Goal, line: Above, now: CompanyNow) -> Timeline:
    return timeline_of(goal, line, today=today(now.company), timezone=now.company.timezone)


def _below(goals: Sequence[Any], now: CompanyNow) -> list[GoalBelow]:
    """Each with what its own measures say: that is theirs, and adds up to nothing here. One query."""
    going = progress_of_goals([goal.pk for goal in goals], now.company.timezone)
    return [goal_below(goal, now, progress_text(going.get(goal.pk, Progress()))) for goal in goals]


def goal_below(goal: Any, now: CompanyNow, progress: str = "") -> GoalBelow:
    return GoalBelow(goal, goal_chips(goal), goal_meta(goal), progress, *goal_figures(goal, now))


def work_row(bet: Bet, goal: Goal, reader: Person) -> Work:
    initiative, link = bet.link.initiative, bet.link
    link.goal = goal
    active = initiative.status == InitiativeStatus.ACTIVE
    status = InitiativeStatus(initiative.status)
    counts = active and not bet.reason
    why_not = f"Does not count: {UncountedReason(bet.reason).label}." if bet.reason else ""
    if bet.reason == UncountedReason.DISPUTED:
        why_not = "Does not count."  # the chip of its state says why
    missing = why_not or ("It is not sized yet." if active else f"The work is not active: {status.label.lower()}.")
    brings = bet.brings if counts and initiative.effort is not None else None
    return Work(
        bet=bet,
        status=(status.value, status.label),
        state=(link.state, LinkState(link.state).label),
        brings=Figure("Effort", brings, "weeks", missing=missing),
        why_not=why_not,
        may_judge=reader.has_perm("alignment.judge_link", link),
    )


def _chips(goal: Goal) -> list[tuple[str, str, str]]:
    chips = [("Status", goal.status, GoalStatus(goal.status).label), ("Kind", "plain", GoalKind(goal.kind).label)]
    if goal.visibility == Visibility.LEADERS:
        chips.append(("Visibility", "leaders", "Leaders only"))
    return chips


def _facts(goal: Goal) -> list[tuple[str, str, str | None]]:
    facts: list[tuple[str, str, str | None]] = [
        ("Period", period(goal), None),
        person_fact("Owner", goal.owner),
    ]
    if goal.team:
        facts.append(("Team", goal.team.name, reverse("team_detail", args=[goal.team.key])))
    if goal.closed_on and goal.status in CLOSED:  # an import may have opened it again
        facts.append(("Closed", day(goal.closed_on), None))
    facts.append(("Who may see it", _who_sees(goal), None))
    return facts


def _carries_on(goal: Goal, person: Person) -> list[tuple[str, str, str | None]]:
    """Of a draft, which no page names as a successor yet."""
    return [("Carries on", each.title, reverse("goal_detail", args=[each.key])) for each in follows(goal, person)]


def _who_sees(goal: Goal) -> str:
    if not goal.hidden_by or goal.visibility == Visibility.LEADERS:
        return str(Visibility(goal.visibility).label)
    if goal.hidden_by[-1] != goal.pk:
        return "Those who see the goal above it"
    return (
        "Leaders, its owner and its team, until it is active"
        if goal.team
        else "Leaders and its owner, until it is active"
    )


def _findings(goal: Goal, person: Person, now: CompanyNow) -> dict[str, Any]:
    """The goal's open and snoozed flags."""
    flags = goal_flags(goal)
    awake = [flag for flag in flags if not flag.is_snoozed(now.as_of)]
    return {
        "flags": [flag_view(flag.code, flag.first_seen, answers=answers(flag, person)) for flag in awake],
        "snoozed": [snooze_view(flag, person) for flag in flags if flag.is_snoozed(now.as_of)],
    }
