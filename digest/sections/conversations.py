"""Conversations: in which of them it is one's turn, what was said or came of those that one follows, and who mentions
one or one's team.

A digest has it once: in the company's part, else in the reader's own, else in their first team's. What is in their turn
keeps it alive.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alignment.services.disputes import DISPUTE
from conversations.enums import Side
from conversations.kinds import kinds_by_steps
from conversations.models import Thread
from conversations.narrative import ended_line, mentioned_line, turn_line, written_line
from conversations.selectors.threads import with_names
from conversations.selectors.turns import Turn, turns
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from digest.selectors.conversations import Happened, Sees, happened_since, seen_by_many, works_of_links
from digest.selectors.digests import Told
from lib.text.counts import counted, plural
from lib.text.names import path_of
from lib.text.spans import Line, Span
from teams.models import Team

TURNS, NEWS = 4, 4
"""The most lines of each."""
ASKED, ENDED, WRITTEN = 56, 47, 33
ToSay = Callable[[Recipient], Section | None]


@section(Kind.COMPANY, "conversations", order=5, asks=True)
def of_leaders(batch: Batch) -> Says:
    say = batch.once(_conversations)
    return lambda recipient, _team: say(recipient)


@section(Kind.TEAM, "conversations", order=5, to=without(Kind.COMPANY, Kind.OWN), asks=True)
def of_leads(batch: Batch) -> Says:
    say = batch.once(_conversations)
    return lambda recipient, team: say(recipient) if team == recipient.leads[0] else None


@section(Kind.OWN, "conversations", order=5, to=without(Kind.COMPANY), asks=True)
def of_others(batch: Batch) -> Says:
    say = batch.once(_conversations)
    return lambda recipient, _team: say(recipient)


@dataclass(frozen=True)
class Read:
    """Of all people of a batch: `threads` with names and `links`, by id."""

    turns: Mapping[int, list[Turn]]
    happened: Happened
    threads: Mapping[int, Any]
    links: Mapping[int, Any]
    sees: Sees

    def seen(self, recipient: Recipient, threads: Collection[int]) -> list[Any]:
        """Those that the recipient sees, whose thing is still there, the latest first."""
        found = [self.threads[pk] for pk in threads if pk in self.threads]
        kept = [
            one
            for one in found
            if one.subject is not None and self.sees(recipient.person, (one.about_kind, one.about_id))
        ]
        return sorted(kept, key=lambda one: (one.last_at, one.pk), reverse=True)


def _conversations(batch: Batch) -> ToSay:
    """Twelve queries. The turns of those that go by steps are told with what they are about."""
    people = {each.person.pk for each in batch.recipients}
    teams = {team.pk for each in batch.recipients for team in (*each.leads, *each.on)}
    rows = Thread.objects.exclude(kind__in=kinds_by_steps())
    in_turn = {person: of for person, of in turns(rows).items() if person in people}
    happened = happened_since(batch.mark, people, teams)
    wanted = {turn.thread for of in in_turn.values() for turn in of}
    wanted |= {thread for of in happened.follows.values() for thread in of}
    wanted |= {message.thread_id for of in happened.mentions.values() for message in of}
    threads = with_names(Thread.objects.filter(pk__in=wanted)).in_bulk()
    abouts = {(row.about_kind, row.about_id) for row in threads.values()}
    links = works_of_links(pk for kind, pk in abouts if kind == "link")
    read = Read(in_turn, happened, threads, links, seen_by_many(abouts, links, batch.confidential))
    before = batch.told_twice
    return lambda recipient: _section(read, recipient, before.get(recipient.person.pk))


def _section(read: Read, recipient: Recipient, before: Told | None) -> Section | None:
    mine = _in_turn(read, recipient)
    turned = sum(1 for thread in mine if thread.pk in read.happened.turned)
    told = list(_news(read, recipient, {thread.pk for thread in mine}))
    lines = list(_turn_lines(mine, before))
    lines += [line for _ended, line in told[:NEWS]]
    if (more := len(told) - NEWS) > 0:
        others = Span(counted(more, "more conversation", "more conversations"), path_of("thread_list"))
        lines.append(Line((Span("There is news in "), others, Span("."))))
    if not lines:
        return None
    ended = sum(1 for is_end, _line in told if is_end)
    return Section(
        "conversations",
        "Conversations",
        tuple(lines),
        news=_headline(len(mine), ended, len(told)),
        asks=len(mine),
        weight=ASKED if turned else ENDED if ended else WRITTEN if told else 0,
    )


def _turn_lines(mine: list[Any], before: Told | None) -> Iterator[Line]:
    """Those that were told twice are one line."""
    new = [thread for thread in mine if before is None or thread.turned_at > before.at]
    yield from map(turn_line, new[:TURNS])
    path = f"{path_of('thread_list')}?state=mine"
    if (more := len(new) - TURNS) > 0:
        waits = Span(f"{counted(more, 'more waits', 'more wait')} for you", path)
        yield Line((Span("And "), waits, Span(".")))
    if old := len(mine) - len(new):
        named = Span(counted(old, "older conversation", "older conversations"), path)
        yield Line((named, Span(f" still {plural(old, 'waits', 'wait')} for you.")))


def _headline(asked: int, ended: int, told: int) -> str:
    if asked:
        return counted(asked, "conversation waits for you", "conversations wait for you")
    if ended:
        return counted(ended, "conversation that you follow ended", "conversations that you follow ended")
    return f"News in {counted(told, 'conversation', 'conversations')}"


def _in_turn(read: Read, recipient: Recipient) -> list[Any]:
    """The most urgent first. Disputes about their own work are told with what waits for them (`waiting`)."""
    found = [turn for turn in read.turns.get(recipient.person.pk, ()) if not _is_told_as_link(read, turn, recipient)]
    seen = read.seen(recipient, [turn.thread for turn in found])
    return sorted(seen, key=lambda one: (one.due_on is None, one.due_on, one.turned_at, one.pk))


def _is_told_as_link(read: Read, turn: Turn, recipient: Recipient) -> bool:
    thread, link = read.threads.get(turn.thread), read.links.get(turn.about[1])
    if thread is None or link is None or (thread.kind, thread.turn) != (DISPUTE, Side.ANSWERS):
        return False
    led = {team.pk for team in recipient.leads}
    own = recipient.has(Kind.OWN) and link.initiative.owner_id == recipient.person.pk
    return own and link.initiative.team_id not in led


def _news(read: Read, recipient: Recipient, told: Collection[int]) -> Iterator[tuple[bool, Line]]:
    """Of threads that are not `told`: whether it ended, and its line."""
    happened, person = read.happened, recipient.person
    named = _mentions(read, recipient)
    muted = happened.muted.get(person.pk, set())
    ours = (happened.follows.get(person.pk, set()) | named.keys()) - muted - {*told}
    for thread in read.seen(recipient, ours):
        written = [message for message in happened.written.get(thread.pk, ()) if message.author_id != person.pk]
        if thread.outcome and happened.ended.get(thread.pk, person.pk) != person.pk:
            yield True, ended_line(thread)
        elif thread.pk in named:
            message, team = named[thread.pk]
            yield False, mentioned_line(thread, message, team)
        elif written:
            yield False, written_line(thread, written)


def _mentions(read: Read, recipient: Recipient) -> dict[int, tuple[Any, Team | None]]:
    """By thread, the last message of somebody else that mentions them, or else a team of theirs."""
    found: dict[int, tuple[Any, Team | None]] = {}
    for team in (*recipient.leads, *recipient.on):
        found |= {one.thread_id: (one, team) for one in read.happened.mentions.get(("team", team.pk), ())}
    own = read.happened.mentions.get(("person", recipient.person.pk), ())
    found |= {one.thread_id: (one, None) for one in own}
    return {thread: each for thread, each in found.items() if each[0].author_id != recipient.person.pk}
