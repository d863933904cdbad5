"""Pages of strategies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alignment.engine.flags import ENDING_DAYS
from alignment.enums import FlagCode
from alignment.flags import GOAL_FLAGS, HOUSEKEEPING
from alignment.models import Flag
from alignment.narrative.flags import counted_flags, ending_text
from alignment.selectors.company import CompanyNow, company_figures, company_now
from alignment.selectors.goals import Priorities, TreeGoal, goal_trees, priorities, strategy_flags, strategy_pages
from lib.paging.keyset import keyset_page
from lib.text.counts import counted
from lib.text.days import day
from lib.text.markdown import excerpt
from lib.text.numbers import weeks
from lib.text.parts import is_unsized
from strategy.access import strategy_for
from strategy.enums import StrategyStatus
from strategy.models import Edition, Goal, Strategy
from strategy.progress import Progress
from strategy.selectors.editions import editions_of
from strategy.selectors.measures import progress_of_goals
from strategy.selectors.strategies import strategies_for, team_goals
from teams.models import Person
from teams.narrative import here_text
from web.figures.figures import NOT_SIZED, Figure, priority_fit, strategy_coverage
from web.flags.answers import answers, flag_view
from web.goals.rows import Drawn, GoalNode, Scale, goal_nodes, ids_of, priority_rows, top_goals_text
from web.history.drawing import lately
from web.people.naming import person_fact
from web.readers import reader_of
from web.strategy.actions import strategy_actions
from web.strategy.hints import hints_for
from web.strategy.words import period
from web.threads.asking import ask_url, askable, propose_url
from web.threads.subjects import conversations_about

FLAGS_OF_A_CODE = 2


@dataclass(frozen=True)
class StrategyRow:
    """A strategy of the list; `end_notice` is '' unless it ends or has ended, `coverage` is over its own goals that
    count, `going` is what the own measures of its top goals say."""

    strategy: Strategy
    period: str
    end_notice: str
    excerpt: str
    coverage: Figure
    going: str
    goals: list[GoalNode]

    @property
    def has_bars(self) -> bool:
        return any(goal.bar for goal in self.goals)


@require_safe
def strategy_list(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    now, strategies = company_now(), strategies_for(person)
    current = [strategy for strategy in strategies if strategy.status != StrategyStatus.ARCHIVED]
    overall = priorities(person)
    trees = goal_trees(person, [strategy.pk for strategy in current], depth=2)
    ids = [pk for of in trees.values() for pk in ids_of(of)]
    going = progress_of_goals(ids, now.company.timezone)
    own = keyset_page(team_goals(person), order=("title__folded", "id"), params=request.GET)
    return render(
        request,
        "strategy/strategy_list.html",
        {
            "as_of": now.as_of,
            "updating": now.updating,
            "here": here_text(now.presence),
            "listed": [_listed(each, overall, trees.get(each.pk, []), going, now) for each in current],
            "archived": [(each, period(each)) for each in strategies if each.status == StrategyStatus.ARCHIVED],
            "own": own,
            "own_open": bool(own.first_url),
            "may_write": person.has_perm("strategy.write_strategy"),
            "purpose": now.company.purpose,
            "may_say_purpose": person.has_perm("teams.edit_company"),
        },
    )


@require_safe
def strategy_detail(request: HttpRequest, key: str) -> HttpResponse:
    person = reader_of(request)
    strategy: Any = strategy_for(person, key, rows=strategy_pages())
    now, overall = company_figures(), priorities(person)
    trees = goal_trees(person, [strategy.pk], depth=3).get(strategy.pk, [])
    going = progress_of_goals(ids_of(trees), now.company.timezone)
    found = strategy_flags(person, strategy.roots, each=FLAGS_OF_A_CODE, on=now.as_of, strategy=strategy.pk)
    asked = sum(number for code, number in found.counts.items() if code not in HOUSEKEEPING)
    own = [flag for flag in found.oldest if flag.strategy_id]
    ends = any(flag.code == FlagCode.ENDING for flag in own)
    return render(
        request,
        "strategy/strategy_detail.html",
        {
            "as_of": now.as_of,
            "updating": now.updating,
            "here": here_text(now.presence),
            "strategy": strategy,
            "purpose": now.company.purpose,
            "crumbs": [("Strategy", reverse("strategy_list"))],
            "chips": [("Status", strategy.status, StrategyStatus(strategy.status).label)],
            "facts": _facts(strategy, editions_of(person, strategy).order_by("-number").first()),
            "actions": strategy_actions(person, strategy, goals=len(strategy.roots), amended=strategy.amended),
            "add_url": _add_url(person, strategy),
            "figures": [
                strategy_effort(overall, strategy, sized=not is_unsized(now.figures)),
                askable(_fit(overall), person, "priority_fit", "strategy", strategy.key)
                if overall.of(strategy.pk)
                else None,
            ],
            "coverage": askable(
                strategy_goals_covered(overall, strategy), person, "strategy_coverage", "strategy", strategy.key
            ),
            "going": top_goals_text(trees, going),
            "goals": goal_nodes(trees, Drawn(None, now.company.default_effort, going, in_draft=is_draft(strategy))),
            "hints": hints_for(strategy, person) if is_draft(strategy) and strategy.roots else [],
            "priorities": priority_rows(overall, strategy.pk) if overall.of(strategy.pk) else [],
            "end_notice": "" if ends else end_notice(strategy, now),
            "own_flags": [_own_flag(flag, strategy, person, now) for flag in own],
            "flags": [_flag(flag, flag.goal) for flag in found.oldest if flag.goal],
            "more_flags": asked - len(found.oldest),
            "housekeeping": _housekeeping(found.counts),
            "conversations": replace(
                conversations_about(person, ask_url("strategy", strategy.key), ("strategy", strategy.pk)),
                propose_url=propose_url(person, strategy),
            ),
            "lately": lately(("strategy", strategy.pk), person, "strategy_history", strategy.key),
        },
    )


def end_notice(strategy: Strategy, now: CompanyNow) -> str:
    """When it ends or has ended; '' more than ENDING_DAYS before, and for one that is not published."""
    ends_on, on = strategy.ends_on, now.as_of
    if (
        strategy.status != StrategyStatus.PUBLISHED
        or ends_on is None
        or on is None
        or (ends_on - on).days > ENDING_DAYS
    ):
        return ""
    return ending_text(strategy, on, now.company.grace_days)


def _own_flag(flag: Flag, strategy: Strategy, person: Person, now: CompanyNow) -> dict[str, Any]:
    flag.strategy = strategy
    ends = flag.code == FlagCode.ENDING
    details = [ending_text(strategy, now.as_of, now.company.grace_days)] if ends else []
    return flag_view(flag.code, flag.first_seen, details=details, answers=answers(flag, person))


def is_draft(strategy: Strategy) -> bool:
    return strategy.status == StrategyStatus.DRAFT


def _flag(flag: Flag, goal: Goal) -> dict[str, Any]:
    url = reverse("goal_detail", args=[goal.key])
    return flag_view(flag.code, flag.first_seen, label=goal.title, url=url)


def _listed(
    strategy: Strategy,
    overall: Priorities,
    trees: list[TreeGoal],
    going: Mapping[int, Progress],
    now: CompanyNow,
) -> StrategyRow:
    drawn = Drawn(Scale(overall), now.company.default_effort, going, in_draft=is_draft(strategy))
    return StrategyRow(
        strategy=strategy,
        period=period(strategy),
        end_notice=end_notice(strategy, now),
        excerpt=excerpt(strategy.narrative),
        coverage=strategy_goals_covered(overall, strategy),
        going=top_goals_text(trees, going),
        goals=goal_nodes(trees, drawn),
    )


def strategy_goals_covered(overall: Priorities, strategy: Strategy) -> Figure:
    """Strategy coverage over this strategy's goals only."""
    roots = overall.of(strategy.pk)
    figure = strategy_coverage(sum(root.covered for root in roots), sum(root.anchored for root in roots))
    published = strategy.status == StrategyStatus.PUBLISHED
    return replace(
        figure,
        label="Goals worked on",
        formula="goals of this strategy that somebody works on ÷ its goals that count (live, and all above them live)",
        missing="It has no goal that counts now." if published else "It is not published.",
        rows_url=f"{reverse('strategy_detail', args=[strategy.key])}#goals",
        rows_label="The goals",
    )


def strategy_effort(overall: Priorities, strategy: Strategy, *, sized: bool = True) -> Figure:
    """`sized` is whether any work of the company is."""
    efforts = [root.effort for root in overall.of(strategy.pk)]
    return Figure(
        label="Effort",
        value=sum(efforts) if efforts and sized else None,
        unit="weeks",
        formula="the sum of the effort that reaches each of its top goals, or a goal below it",
        worked=f"{weeks(sum(efforts))} over {counted(len(efforts), 'top goal')}" if efforts and sized else "",
        missing=NOT_SIZED if efforts else "None of its goals counts now.",
        rows_url="#goals",
        rows_label="The goals with their effort",
    )


def _fit(overall: Priorities) -> Figure:
    shares = [(root.title, overall.wanted[root.id], overall.actual.get(root.id, 0.0)) for root in overall.roots]
    return replace(priority_fit(overall.fit, shares), rows_url="#priorities")


def _add_url(person: Person, strategy: Strategy) -> str:
    """Where the reader writes its goals, '' where they may not."""
    may = strategy.status != StrategyStatus.ARCHIVED and person.has_perm("strategy.write_strategy", strategy)
    return reverse("strategy_goals", args=[strategy.key]) if may else ""


def _facts(strategy: Strategy, edition: Edition | None) -> list[tuple[str, str, str | None]]:
    editions = reverse("edition_list", args=[strategy.key])
    said = f"{edition.number}, of {day(timezone.localdate(edition.at))}" if edition else "None yet"
    return [
        ("Period", period(strategy), None),
        ("Edition", said, editions if edition else None),
        person_fact("Owner", strategy.owner),
        ("Context", "The business behind it", reverse("context_list")),
    ]


def _housekeeping(counts: dict[str, int]) -> list[tuple[str, str]]:
    """As in "9 goals have no measure", each with a link to all flags of the code."""
    return [
        (counted_flags(code, counts[code]), f"{reverse('flag_list')}?code={code.value}")
        for code in GOAL_FLAGS
        if code in HOUSEKEEPING and counts.get(code)
    ]
