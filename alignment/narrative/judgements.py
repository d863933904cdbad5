"""Sentences about links for those who judge them, and about judgements for the teams whose links they are."""

from __future__ import annotations

from typing import Any

from alignment.enums import LinkState
from alignment.models import Link
from lib.text.days import whole_day
from lib.text.names import name_of, quoted
from lib.text.numbers import weeks
from lib.text.spans import Line, Span
from teams.narrative import person_name, work_name


def to_judge_line(link: Any) -> Line:
    """For one of alignment.selectors.people.judging.ToJudge, to a person who judges it."""
    work = work_name(link.initiative)
    goal = name_of(link.goal.title, "goal_detail", link.goal.key)
    of = Span(f" ({link.initiative.team})")
    why = quoted(link.rationale) or "It gives no reason."
    if link.answered:
        changed = Span(" was changed by its team since it was disputed.")
        return Line((Span("The link of "), work, of, Span(" to "), goal, changed), why)
    if link.state == LinkState.DISPUTED:
        since = f" since {whole_day(link.judged_on)}" if link.judged_on else ""
        unchanged = Span(f" is in dispute{since}, unchanged.")
        return Line((Span("The link of "), work, of, Span(" to "), goal, unchanged))
    brings = " is linked to " if link.initiative.effort is None else f" brings {weeks(link.amount)} to "
    return Line((work, of, Span(brings), goal, Span(".")), why)


def judged_line(link: Link) -> Line:
    """For a person who sees the goal."""
    who = person_name(link.judged_by) if link.judged_by else Span("The goal’s owner")
    verb = "disputed" if link.state == LinkState.DISPUTED else "endorsed"
    goal = name_of(link.goal.title, "goal_detail", link.goal.key)
    said = (who, Span(f" {verb} the link of "), work_name(link.initiative), Span(" to "), goal, Span("."))
    return Line(said, quoted(link.note))
