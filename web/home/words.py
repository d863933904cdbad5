"""The sentence at the top of the home page, for each role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from alignment.engine import Figures
from alignment.selectors.own import OwnWork
from lib.text.counts import counted
from lib.text.days import day, day_of_year
from lib.text.numbers import UNCHANGED, number, percent, points, weeks
from strategy.selectors.changes import StrategyChange


def sentence(figures: Figures) -> str:
    """The company in one sentence."""
    if not figures.initiatives:
        return "There is no active work yet: figures come with the first active initiative."
    reaching = f"Of {weeks(figures.effort)} of active work, {_reaching(figures.aligned)} a published strategy"
    rest = f"; {_reaching(figures.orphaned)} nothing yet." if figures.orphaned > 0 else ", and nothing is left over."
    return reaching + rest


def _reaching(effort: float) -> str:
    return f"{number(effort)} {'reaches' if number(effort) == '1' else 'reach'}"


def changed(now: float | None, before: float | None, since: dt.date) -> str:
    """How coverage compares with that at the start of the day `since`; '' where either does not exist."""
    if now is None or before is None:
        return ""
    change = now - before
    if abs(change) < UNCHANGED:
        return f"as on {day_of_year(since)}"
    return f"{points(change)} {'more' if change > 0 else 'less'} than on {day_of_year(since)}"


def of_company(figures: Figures, change: str, gaps: int) -> str:
    """For leaders: coverage, how it moved, and how many goals nobody works on."""
    if figures.coverage is None:
        return sentence(figures)
    moved = f", {change}" if change else ""
    said = f"{percent(figures.coverage)} of the work that teams are free to choose reaches the strategy{moved}."
    if not gaps:
        return said
    return f"{said} Nobody works on {counted(gaps, 'goal')}."


def at_a_glance(figures: Figures, change: str) -> str:
    return f"{sentence(figures)} Coverage is {change}." if change and figures.initiatives else sentence(figures)


def of_team(name: str, figures: Figures, change: str, flags: int) -> str:
    """For a person who leads one team."""
    asked = f"{counted(flags, 'flag')} {'waits' if flags == 1 else 'wait'} for an answer"
    if figures.coverage is None:
        return f"{name}: {asked}." if flags else f"{name}: no flag is open."
    moved = f", {change}" if change else ""
    rest = f"; {asked}." if flags else "; no flag is open."
    return f"{name}: {percent(figures.coverage)} of the work reaches the strategy{moved}{rest}"


def of_teams(asked: Sequence[tuple[str, int]], moved: Sequence[tuple[str, float, str]]) -> str:
    """For a person who leads several: `asked` are pairs of a team and how many flags it has, `moved` the teams, by how
    much coverage changed, and the change in words."""
    total = sum(flags for _name, flags in asked)
    said = "No flag is open at your teams"
    if total:
        name, most = max(asked, key=lambda each: each[1])
        where = f", {'all' if most == total else 'most'} of them at {name}" if total < 2 * most else ""
        said = f"Your {number(len(asked))} teams have {counted(total, 'open flag')}{where}"
    name, change, words = max(moved, key=lambda each: abs(each[1]), default=("", 0.0, ""))
    return f"{said}. {name} moved most: coverage is {words}." if abs(change) >= UNCHANGED else f"{said}."


def of_member(published: Sequence[StrategyChange], work: Sequence[OwnWork], *, all_read: bool) -> str:
    """What was published lately, and how much work reaches a strategy; `work` is complete only if `all_read`."""
    said = []
    if published:
        last = published[-1]
        said = [f"“{last.strategy.title}” was published on {day(last.entry.at.date())}."]
    return " ".join([*said, _own(work, all_read=all_read)])


def _own(work: Sequence[OwnWork], *, all_read: bool) -> str:
    if not work:
        return "You own no active work, and your teams have none."
    whose = "your" if work[0].mine else "your team’s"
    lost = sum(1 for each in work if each.figures.orphaned > 0 and each.figures.aligned <= 0)
    if not lost:
        return f"All of {whose} work leads to the strategy, explores, or keeps things running."
    if not all_read:
        return f"Some of {whose} work reaches no published strategy yet."
    if len(work) == lost:
        return f"{whose.capitalize()} work reaches no published strategy yet."
    verb = "reaches" if lost == 1 else "reach"
    return f"{number(lost)} of {whose} {number(len(work))} initiatives {verb} no published strategy yet."
