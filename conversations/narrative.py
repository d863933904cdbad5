"""How a thread is said in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Message, Thread
from conversations.selectors.parties import Party, party
from conversations.topics import topic
from lib.text.counts import counted
from lib.text.days import whole_day
from lib.text.isolation import isolated
from lib.text.markdown import excerpt
from lib.text.names import path_of, quoted
from lib.text.spans import Line, Span, words_of
from teams.models import Team
from teams.narrative import person_name, team_name

GONE = "something that was removed"
LINE = 140


def thread_url(thread: Thread) -> str:
    return path_of("thread_detail", thread.key)


def in_a_line(text: str | None) -> str:
    """A message without its markup, shortened; what was taken away says so."""
    return shorten(excerpt(text), LINE, placeholder=" …") if text else "(the text was taken away)"


def subject_name(thread: Any) -> Span:
    """What a thread of `with_names` is about, with the address of its page."""
    of, row = topic(thread.about_kind), thread.subject
    if row is None:
        return Span(GONE)
    path = path_of(of.page, row["place"]) if row["place"] is not None else path_of(of.page)
    fragment = f"#{of.fragment}{thread.about_id}" if of.fragment else ""
    return Span(f"“{isolated(row['name'])}”" if of.quoted else isolated(row["name"]), f"{path}{fragment}")


def about_words(thread: Any) -> list[Span]:
    """As in "the goal “Sell more”", or "“Reaches nothing” of the work “Search”"."""
    of = topic(thread.about_kind)
    whole = [Span(f"{of.label} " if of.label else ""), subject_name(thread)]
    aspect = of.said(thread.aspect)
    return [Span(f"“{aspect}” of "), *whole] if aspect else whole


def party_name(of: Party) -> Span:
    if of.person is not None:
        return person_name(of.person)
    return team_name(of.team) if of.team is not None else Span("leaders")


def turn_words(thread: Any) -> list[Span]:
    """Whose turn it is in a thread of `with_names`, or what came of it."""
    if thread.outcome:
        again = f", to be looked at again on {whole_day(thread.due_on)}" if thread.due_on else ""
        return [Span(f"{thread_kind(thread.kind).told(thread.outcome).capitalize()}{again}")]
    if thread.turn == Side.ASKS:
        return [Span("Answered; waits for "), party_name(party(thread.in_turn))]
    if thread.turn == Side.ANSWERS:
        return [Span("Waits for "), party_name(party(thread.answerer)), Span(until(thread.due_on))]
    return [Span("Open")]


def until(day: dt.date | None) -> str:
    return f", until {whole_day(day)}" if day else ""


def turn_line(thread: Any) -> Line:
    """What a thread of `with_names` asks of whoever is in turn."""
    conversation = Span(thread_kind(thread.kind).called, thread_url(thread))
    if thread.turn == Side.ASKS:
        said = [Span("Somebody answered in your "), conversation, Span(" about "), *about_words(thread), Span(".")]
    else:
        said = [person_name(thread.asker), Span(" waits for your answer to a "), conversation, Span(" about ")]
        said += [*about_words(thread), Span(f"{until(thread.due_on)}.")]
    return Line(tuple(said), quoted(in_a_line(thread.question)))


def turns_subject(found: Sequence[Any], count: int) -> str:
    """What the `count` threads in somebody's turn ask of them, of which `found` are the first."""
    if count > 1:
        return f"{count} conversations wait for you"
    [thread] = found
    about = words_of(about_words(thread))
    if thread.turn == Side.ASKS:
        return f"Somebody answered in your {thread_kind(thread.kind).called} about {about}"
    return f"{thread.asker.name} waits for your answer about {about}"


def ended_line(thread: Any) -> Line:
    """What came of a thread of `with_names`, with the answer that is pinned."""
    told = thread_kind(thread.kind).told(thread.outcome)
    detail = quoted(in_a_line(thread.pinned.text)) if thread.pinned else ""
    return Line((Span("The "), *_conversation(thread), Span(f" has ended: {told}.")), detail)


def written_line(thread: Any, messages: Sequence[Message]) -> Line:
    """What was said in a thread of `with_names`: `messages`, with their authors, the last of which is quoted."""
    last = messages[-1]
    by = [person_name(last.author), Span(" wrote in the ")]
    if len(messages) > 1:
        by = [Span(f"{counted(len(messages), 'message', 'messages')} came, the last by "), by[0], Span(", in the ")]
    return Line((*by, *_conversation(thread), Span(".")), quoted(in_a_line(last.text)))


def mentioned_line(thread: Any, message: Message, team: Team | None) -> Line:
    """`message` mentions the reader, or `team`."""
    whom = [Span("you")] if team is None else [team_name(team)]
    said = (person_name(message.author), Span(" mentioned "), *whom, Span(" in the "), *_conversation(thread))
    return Line((*said, Span(".")), quoted(in_a_line(message.text)))


def _conversation(thread: Any) -> list[Span]:
    """As in "question about the goal “Sell more”"."""
    return [Span(thread_kind(thread.kind).called, thread_url(thread)), Span(" about "), *about_words(thread)]
