"""Strategies that end while none follows: for leaders with the answer that they may give, for others once a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alignment.enums import FlagCode
from alignment.flags import kind_of
from alignment.models import Flag
from alignment.narrative.flags import ending_text, flag_line, subject_name
from alignment.rules import snoozes_flag
from alignment.selectors.people.flags import announced_ends, ending_strategies
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from digest.replies import Action
from lib.text.names import short
from lib.text.spans import Line, Reply, Span
from strategy.models import Strategy
from strategy.narrative import strategy_name
from teams.models import Person, Team

FOR_LEADERS, NEW = 78, 60
WHAT_GOES_ON = "What of it goes on: carry it over, extend it, or let it end?"


def _ending(batch: Batch) -> list[Flag]:
    return ending_strategies(batch.company.as_of)


def _announced(batch: Batch) -> list[Strategy]:
    return announced_ends(batch.since_day, batch.company.as_of)


@section(Kind.COMPANY, "ending", order=5)
def ending_for_leaders(batch: Batch) -> Says:
    return _says(batch, Kind.COMPANY)


@section(Kind.TEAM, "ending", order=5, to=without(Kind.COMPANY))
def ending_for_leads(batch: Batch) -> Says:
    return _says(batch, Kind.TEAM)


@section(Kind.OWN, "ending", order=5, to=without(Kind.COMPANY, Kind.TEAM))
def ending_for_members(batch: Batch) -> Says:
    return _says(batch, Kind.OWN)


def _says(batch: Batch, kind: Kind) -> Says:
    """In the first part of a digest that there is, of the company, of the first team that they lead, or their own."""
    flags, ends = batch.once(_ending), batch.once(_announced)
    is_new = any(flag.was_opened_since(batch.mark) for flag in flags)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        own = [each for each in ends if recipient.person.sees_everything or each.owner_id == recipient.person.pk]
        if not (flags or own) or (team is not None and team != recipient.leads[0]):
            return None
        lines = [_line(flag, recipient.person, batch) for flag in flags] + [_announcement(each, batch) for each in own]
        for_leaders = kind is Kind.COMPANY
        return Section(
            "ending",
            "The strategy’s end",
            tuple(lines),
            news=_news(flags, own),
            weight=FOR_LEADERS if for_leaders else NEW if is_new or own else 0,
            quiet=not (for_leaders or is_new or own),
        )

    return says


def _news(flags: Sequence[Flag], own: Sequence[Strategy]) -> str:
    if flags:
        return f"“{short(str(flags[0].strategy))}” {kind_of(FlagCode.ENDING).said()}".rstrip(".")
    return f"“{short(own[0].title)}” ends"


def _announcement(strategy: Strategy, batch: Batch) -> Line:
    """Of one that another strategy follows, so that it has no flag."""
    company = batch.company
    detail = ending_text(strategy, company.as_of, company.company.grace_days)
    return Line((strategy_name(strategy), Span(" ends, and another strategy follows it.")), f"{detail} {WHAT_GOES_ON}")


def _line(flag: Flag, person: Person, batch: Batch) -> Line:
    company, kind = batch.company, kind_of(flag.code)
    detail = ending_text(flag.strategy, company.as_of, company.company.grace_days) if flag.strategy else ""
    said = flag_line(flag.code, subject_name(flag, person, batch.confidential), f"{detail} {kind.prompt}")
    replies = (Reply("Snooze", Action.SNOOZE, (flag.pk,)),) if snoozes_flag(person, flag) else ()
    return replace(said, replies=replies)
