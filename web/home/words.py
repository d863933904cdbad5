"""The sentence at the top of the home page, for each role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from alignment.engine import Figures
from alignment.engine.parts import ZERO
from alignment.selectors.people.own import OwnWork
from lib.services.dates import day_in
from lib.text.counts import counted
from lib.text.days import day, day_of_year
from lib.text.numbers import UNCHANGED, number, percent, points, weeks
from lib.text.parts import in_unit, is_unsized, whole
from strategy.selectors.changes import StrategyChange

NO_WORK = "There is no active work: coverage comes with the first active initiative."
NO_GOALS = "No goal of a published strategy is live now, so no work can reach one."


def sentence(figures: Figures, *, has_goals: bool = True) -> str:
    """The company in one sentence; `has_goals` is whether any goal leads to a published strategy."""
    if not has_goals:
        return NO_GOALS
    if not figures.initiatives:
        return NO_WORK
    if figures.aligned >= figures.effort * (1 - ZERO):
        return f"All active work reaches a published strategy: {whole(figures)}."
    unsized = counted(figures.initiatives, "active initiative") if is_unsized(figures) else ""
    work = unsized or f"{weeks(figures.effort)} of active work"
    reaching = f"Of {work}, {_reaching(figures.aligned, figures)} a published strategy"
    if figures.orphaned > 0:
        return f"{reaching}; {_reaching(figures.orphaned, figures)} nothing."
    return f"{reaching}; the rest explores or keeps things running."


def _reaching(effort: float, figures: Figures) -> str:
    text = number(in_unit(effort, figures))
    return f"{'none' if text == '0' else text} {'reaches' if text in {'0', '1'} else 'reach'}"


def changed(now: float | None, before: float | None, since: dt.date) -> str:
    """How coverage compares with that at the start of the day `since`; '' where either does not exist."""
    if now is None or before is None:
        return ""
    change = now - before
    if abs(change) < UNCHANGED:
        return f"as on {day_of_year(since)}"
    return f"{points(change)} {'more' if change > 0 else 'less'} than on {day_of_year(since)}"


def of_company(figures: Figures, change: str, gaps: int, *, has_goals: bool = True) -> str:
    """For leaders: coverage, how it moved, and how many goals nobody works on."""
    moved = f", {change}" if change else ""
    said = f"{percent(figures.coverage)} of the work that is not upkeep reaches the strategy{moved}."
    if figures.coverage is None or not has_goals:
        said = sentence(figures, has_goals=has_goals)
    if not gaps:
        return said
    return f"{said} Nobody works on {counted(gaps, 'goal')}."


def at_a_glance(figures: Figures, change: str, *, has_goals: bool = True) -> str:
    said = sentence(figures, has_goals=has_goals)
    return f"{said} Coverage is {change}." if change and figures.initiatives else said


def of_team(name: str, figures: Figures, change: str, waits: str) -> str:
    """For a person who leads one team; `waits` says how much waits for them."""
    if not figures.initiatives:
        return f"{name} has no active work; {waits}."
    if figures.coverage is None:
        return f"{name} has nothing but upkeep to do; {waits}."
    moved = f", {change}" if change else ""
    reaching = f"{percent(figures.coverage)} of the work that is not upkeep reaches the strategy"
    return f"{name}: {reaching}{moved}; {waits}."


def of_teams(teams: int, waits: str, moved: Sequence[tuple[str, float, str]]) -> str:
    """For a person who leads several: `moved` are the teams, by how much coverage changed, and the change in words."""
    said = f"You lead {number(teams)} teams; {waits}"
    name, change, words = max(moved, key=lambda each: abs(each[1]), default=("", 0.0, ""))
    return f"{said}. {name} moved most: coverage is {words}." if abs(change) >= UNCHANGED else f"{said}."


def of_member(
    published: Sequence[StrategyChange], work: Sequence[OwnWork], *, zone: str, all_read: bool, on_a_team: bool = True
) -> str:
    """What was published lately, by the reader's `zone`, and how much work reaches a strategy; `work` is complete only
    if `all_read`."""
    said = []
    if published:
        last = published[-1]
        said = [f"“{last.strategy}” was published on {day(day_in(zone, last.entry.at))}."]
    if not work:
        said.append("You own no active work, and your teams have none." if on_a_team else "You own no active work.")
    return " ".join([*said, *([_own(work, all_read=all_read)] if work else [])])


def _own(work: Sequence[OwnWork], *, all_read: bool) -> str:
    whose = "your" if work[0].mine else "your team’s"
    lost = sum(1 for each in work if each.figures.orphaned > 0 and each.figures.aligned <= 0)
    if not lost and any(each.figures.orphaned > 0 for each in work):
        return f"A part of {whose} work reaches no published strategy."
    if not lost:
        return f"All of {whose} work leads to the strategy, explores, or keeps things running."
    if not all_read:
        return f"Some of {whose} work reaches no published strategy."
    if len(work) == lost:
        return f"{whose.capitalize()} work reaches no published strategy."
    verb = "reaches" if lost == 1 else "reach"
    return f"{number(lost)} of {whose} {number(len(work))} initiatives {verb} no published strategy."
