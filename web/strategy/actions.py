"""What a reader may do with a strategy or a goal, as triples for components/_actions.html, the likeliest first."""

from __future__ import annotations

from django.urls import reverse

from strategy.enums import CLOSED, GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from strategy.selectors.goals import Above
from teams.models import Person

Action = tuple[str, str, int]
AMEND, BEGIN, BEGUN = "strategy.amend_strategy", "Begin an amendment", "The open amendment"


def strategy_actions(reader: Person, strategy: Strategy, *, goals: int, amended: bool) -> list[Action]:
    """`goals` is the number of its top goals; `amended` is whether it has an open amendment."""
    writes = reader.has_perm("strategy.write_strategy", strategy)
    publishes = reader.has_perm("strategy.publish_strategy", strategy)
    draft, archived = strategy.status == StrategyStatus.DRAFT, strategy.status == StrategyStatus.ARCHIVED
    published = strategy.status == StrategyStatus.PUBLISHED
    offered = [
        ("Publish it", "strategy_publication", publishes and draft and bool(goals)),
        ("Publish it again", "strategy_publication", publishes and archived),
        ("Write its goals", "strategy_goals", writes and not archived),
        ("Add a goal", "goal_new", writes and not archived),
        ("Edit", "strategy_edit", writes),
        (BEGUN if amended else BEGIN, "amendment_detail", published and reader.has_perm(AMEND, strategy)),
        ("Order its goals", "strategy_order", goals > 1 and reader.has_perm("strategy.order_goals", strategy)),
        ("Carry over", "strategy_next", writes and not draft and bool(goals)),
        ("Archive", "strategy_archive", publishes and not draft and not archived),
        ("Remove the draft", "strategy_removal", writes and draft),
    ]
    return [(label, reverse(name, args=[strategy.key]), 0) for label, name, may in offered if may]


def goal_actions(reader: Person, goal: Goal, line: Above, *, several_below: bool) -> list[Action]:
    edits, decides = (reader.has_perm(f"strategy.{verb}_goal", goal) for verb in ("edit", "decide"))
    draft, active, closed = goal.status == GoalStatus.DRAFT, goal.status == GoalStatus.ACTIVE, goal.status in CLOSED
    waits = goal.team_id is None and line.strategy is not None and line.strategy.status == StrategyStatus.DRAFT
    offered = [
        ("Set it active", "goal_activation", decides and draft and not waits),
        ("Edit", "goal_edit", edits),
        ("Add a goal below", "goal_new_below", not closed and reader.has_perm("strategy.add_goal_below", goal)),
        ("Order the goals below", "goal_order", several_below and reader.has_perm("strategy.order_goals", goal)),
        ("Move", "goal_position", decides and not closed),
        ("Close", "goal_closure", decides and active),
        ("Reopen", "goal_reopening", decides and closed),
        ("Remove the draft", "goal_removal", decides and draft),
    ]
    return [(label, reverse(name, args=[goal.key]), 0) for label, name, may in offered if may]
