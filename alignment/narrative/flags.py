"""Sentences about flags: one with its subject and its prompt, several by their number, and what a flag is based on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from alignment.enums import FlagCode, Subject, UncountedReason
from alignment.flags import NOT_COUNTING, kind_of
from alignment.models import Flag, Link
from alignment.rules import counts, links_about, meaning_changed_on, reason_of
from lib.text.counts import count_text, counted
from lib.text.days import day, whole_day
from lib.text.names import CONFIDENTIAL, several
from lib.text.spans import Line, Span
from strategy.models import Goal, Strategy
from strategy.narrative import end_text, goal_name, strategy_name
from strategy.selectors.seen import Confidential
from teams.models import Person
from teams.narrative import team_name, work_name

NOUNS = {
    Subject.INITIATIVE: ("initiative", "initiatives"),
    Subject.GOAL: ("goal", "goals"),
    Subject.STRATEGY: ("strategy", "strategies"),
    Subject.TEAM: ("team", "teams"),
}
BROKEN = 2
"""The most links of one initiative for which the text says why they do not count."""


def flag_line(code: str, subject: Span, detail: str = "") -> Line:
    """`detail` replaces the flag's prompt."""
    kind = kind_of(code)
    return Line((subject, Span(f" {kind.said()}")), detail or kind.prompt)


def subject_name(flag: Flag, person: Person, hidden: Confidential) -> Span:
    """The subject's name, as far as `person` may see it."""
    if flag.initiative is not None:
        return work_name(flag.initiative)
    if flag.goal is not None:
        return goal_name(flag.goal, person, hidden)
    if flag.strategy is not None:
        return strategy_name(flag.strategy)
    if flag.team is None:
        raise ValueError("a flag is about an initiative, a goal, a strategy or a team")
    return team_name(flag.team)


def subjects_text(code: str, count: int, most: int | None = None) -> str:
    """Such as "3 initiatives"; `most` is where counting stopped (None: at lib.db.counting.MANY)."""
    return count_text(count, *NOUNS[kind_of(code).subject], most)


def counted_flags(code: str, count: int, *, most: int | None = None) -> str:
    """Such as "3 initiatives are not sized"; for a flag of the team in question, "the team …". `most` is where counting
    stopped, if it did."""
    kind = kind_of(code)
    subjects = subjects_text(code, count, most) if most else counted(count, *NOUNS[kind.subject])
    return f"{'the team' if kind.subject is Subject.TEAM else subjects} {kind.said(count)}".rstrip(".")


def flags_line(code: str, names: Sequence[Span]) -> Line:
    """One sentence about several subjects, with the prompt."""
    kind = kind_of(code)
    return Line((*several(names), Span(f" {kind.said(len(names))}")), kind.prompt)


def what_it_rests_on(code: str, links: Sequence[Link]) -> str:
    """The details of a flag, from those of the initiative's links that the reader may see; '' for a flag without
    details."""
    if code in NOT_COUNTING:
        why = [f"“{link.goal}”: {reason.label}" for link in links if (reason := reason_of(link))]
        return f"{'; '.join(why[:BROKEN])}." if why else ""
    confirm = links_about(code, [link for link in links if counts(link)], None) if code == FlagCode.RECONFIRM else []
    if confirm and (changed_on := meaning_changed_on(goal := confirm[0].goal)):
        own, since = changed_on == goal.meaning_changed_on, whole_day(changed_on)
        which, it = (f"“{goal}”", "it") if own else (f"A goal above “{goal}”", f"“{goal}”")
        return f"{which} means something else since {since}: does the work still move {it}?"
    return ""


def ending_text(strategy: Strategy, on: dt.date | None, grace: int) -> str:
    """The detail of a flag about a strategy that ends; '' before the first recompute."""
    return f"It {end_text(strategy.ends_on, on, grace)}." if on and strategy.ends_on else ""


def other_meaning(goal: Goal) -> str:
    """For a goal whose meaning, or that of one above it, has changed since a link to it was confirmed."""
    changed_on = meaning_changed_on(goal)
    which = "" if changed_on == goal.meaning_changed_on else "a goal above it "
    return f"{goal}: {which}means something else since {day(changed_on)}" if changed_on else ""


def why_not(title: str, reason: str) -> str:
    """Why a link to the goal `title` does not count; `title` or `reason` is '' where the reader may not see the
    goal."""
    return f"{title}: {UncountedReason(reason).label}" if title and reason else CONFIDENTIAL.capitalize()
