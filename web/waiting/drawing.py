"""How each thing that waits is said, with its answers: one function for each source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from alignment.enums import FlagCode
from alignment.models import Flag, Link
from alignment.narrative.flags import ending_text
from alignment.narrative.judgements import judged_line
from alignment.proposals import PROPOSAL
from alignment.selectors.company import CompanyNow
from alignment.selectors.flags import FlagLinks, flag_links
from alignment.selectors.people.judging import judged_rows
from alignment.selectors.proposals import proposable, proposal_of, proposals_for
from alignment.waiting import check_ins, flags, links, pages, support, threads
from alignment.waiting.asks import Ask, Entry
from alignment.waiting.check_ins import measure_of_told
from alignment.waiting.support import ask_of_told
from alignment.waiting.threads import thread_of_told
from conversations.narrative import thread_url, turn_line
from lib.forms.returning import answered_from
from lib.services.dates import today
from lib.text.days import day
from lib.text.numbers import weeks
from strategy.narrative import edition_line, measure_line, old_page_line
from teams.enums import AskTurn
from teams.models import Person
from teams.narrative import ask_line, unanswered_line
from teams.rules import writes
from web.flags.answers import Answer
from web.home.items import Item, Text, flag_item, judge_item, line_item
from web.support.steps import steps_of

STEPS = 3
"""So many of the steps of an ask for support are answers in the list."""
MOST_ASKS = 4
"""So many asks about one thing are shown; the others come once these are answered."""


@dataclass(frozen=True)
class Drawing:
    """What the sentences need: the reader, the company, and the rows of flags and links that are shown."""

    reader: Person
    now: CompanyNow
    flags: Mapping[int, Flag] = field(default_factory=dict)
    flag_links: Mapping[int, FlagLinks] = field(default_factory=dict)
    links: Mapping[int, Any] = field(default_factory=dict)
    proposed: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """An entry: `more` asks about the same thing are not shown."""

    name: str
    items: Sequence[Item]
    more: int


def drawing(reader: Person, now: CompanyNow, entries: Sequence[Entry]) -> Drawing:
    """Four queries; none for those who can only read, of whom nothing about flags and links is asked."""
    if not writes(reader):
        return Drawing(reader, now)
    shown = [ask for entry in entries for ask in entry.asks[:MOST_ASKS]]
    about = {source: [ask.pk for ask in shown if ask.source == source] for source in SAID}
    of_links = [*about[links.JUDGEMENT], *about[links.DISPUTE]]
    related = Flag.objects.select_related("initiative__team", "goal__team", "strategy", "team")
    found: dict[int, Flag] = related.in_bulk([0, *about[flags.SOURCE]])
    rows: Any = judged_rows().select_related("initiative__team", "goal__team", "judged_by")
    return Drawing(
        reader=reader,
        now=now,
        flags=found,
        flag_links=flag_links(found.values(), reader),
        links=rows.in_bulk([0, *of_links]),
        proposed=proposals_for(proposable(found.values()), reader),
    )


def drawn_entries(entries: Sequence[Entry], of: Drawing, *, back: str, after: str = "") -> list[Drawn]:
    """The answers lead back to the list `back`, to what is left of the entry or to the next one; `after` is the name of
    the one that follows these."""
    following = [*(entry.name for entry in entries[1:]), after]
    return [_drawn(entry, of, back, then) for entry, then in zip(entries, following, strict=False)]


def _drawn(entry: Entry, of: Drawing, back: str, then: str) -> Drawn:
    ways = ",".join(filter(None, [entry.name, then]))
    items = [_led_back(SAID[ask.source](ask, of), back, ways) for ask in entry.asks[:MOST_ASKS]]
    return Drawn(entry.name, items, len(entry.asks) - len(items))


def _led_back(item: Item, back: str, then: str) -> Item:
    return replace(item, answers=[replace(each, url=answered_from(each.url, back, then)) for each in item.answers])


def _flag(ask: Ask, of: Drawing) -> Item:
    flag = of.flags[ask.pk]
    proposal = proposal_of(flag, of.proposed)
    told = flag_item(flag, of.reader, of.flag_links.get(flag.initiative_id or 0, FlagLinks()), of.now.as_of, proposal)
    if flag.strategy is None:
        return replace(told, answers=[*told.answers, *_together(flag, of)])
    return replace(told, details=[ending_text(flag.strategy, of.now.as_of, of.now.company.grace_days)])


def _together(flag: Flag, of: Drawing) -> list[Answer]:
    """Several links of a team that are to be confirmed again are looked at on one page."""
    if flag.code != FlagCode.RECONFIRM or flag.initiative is None:
        return []
    team = flag.initiative.team
    work = [each.initiative for each in of.flags.values() if each.code == FlagCode.RECONFIRM and each.initiative]
    several = sum(1 for each in work if each.team_id == team.pk) > 1
    way = Answer("Look at the team’s links together", reverse("team_confirmations", args=[team.key]))
    return [way] if several and of.reader.has_perm("teams.work_on", team) else []


def _judgement(ask: Ask, of: Drawing) -> Item:
    return judge_item(of.links[ask.pk])


def _dispute(ask: Ask, of: Drawing) -> Item:
    link: Link = of.links[ask.pk]
    return line_item(judged_line(link), of_answers=[Answer("Change the link", reverse("link_edit", args=[link.pk]))])


def _support(ask: Ask, of: Drawing) -> Item:
    row, on = ask_of_told(ask.told), today(of.now.company)
    if row.turn == AskTurn.ASKED:
        theirs = row.team.pk in of.reader.team_roles or not of.reader.sees_everything
        line = ask_line(row, row.team) if theirs else unanswered_line(row)
        return line_item(line, of_answers=[Answer("Promise or decline it", reverse("support_answer", args=[row.pk]))])
    line = ask_line(row, row.initiative.team if row.turn == AskTurn.ASKING else row.team, on)
    steps = [Answer(label, url, version=version) for label, url, version in steps_of(row, of.reader)[:STEPS]]
    return line_item(line, of_answers=[*steps, Answer("Write to them", reverse("support_detail", args=[row.pk]))])


def _check_in(ask: Ask, _of: Drawing) -> Item:
    measure = measure_of_told(ask.told)
    since = f"last checked in {day(ask.since)}" if ask.told and ask.told["said"] else "not checked in yet"
    way = Answer("Check in", reverse("measure_check_in", args=[measure.key]))
    return line_item(measure_line(measure), since, [way])


def _edition(ask: Ask, _of: Drawing) -> Item:
    told: Any = ask.told
    where = reverse("edition_detail", args=[told["key"], told["number"]])
    return line_item(edition_line(told["title"], told["key"], told["number"]), of_answers=[Answer("Read it", where)])


def _old_page(ask: Ask, _of: Drawing) -> Item:
    told: Any = ask.told
    since = told["confirmed_on"] and dt.date.fromisoformat(told["confirmed_on"])
    ways = [
        Answer("It is still true", reverse("context_confirmation", args=[told["key"]]), version=told["version"]),
        Answer("Edit it", reverse("context_edit", args=[told["key"]])),
    ]
    return line_item(old_page_line(told["title"], told["key"], since), of_answers=ways)


def _draft(ask: Ask, _of: Drawing) -> Item:
    told: Any = ask.told
    name = Text(told["title"], reverse("strategy_detail", args=[told["key"]]))
    return Item((name, Text(" is a draft of yours: nobody but leaders sees it yet.")))


def _thread(ask: Ask, _of: Drawing) -> Item:
    thread = thread_of_told(ask.told)
    behind = f"{weeks(ask.weight)} of work behind it" if thread.kind == PROPOSAL and ask.weight else ""
    return line_item(turn_line(thread), behind, of_answers=[Answer("Read and answer", thread_url(thread))])


SAID: Mapping[str, Callable[[Ask, Drawing], Item]] = {
    flags.SOURCE: _flag,
    threads.SOURCE: _thread,
    links.JUDGEMENT: _judgement,
    links.DISPUTE: _dispute,
    support.SOURCE: _support,
    check_ins.SOURCE: _check_in,
    pages.EDITION: _edition,
    pages.OLD_PAGE: _old_page,
    pages.DRAFT: _draft,
}
"""By source."""
