"""What a conversation is about: from the address of the page that asks, and on the pages of the things themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from alignment.access import link_for
from conversations.kinds import kept_outcomes, thread_kind
from conversations.models import Thread
from conversations.narrative import in_a_line, thread_url, turn_words
from conversations.selectors.threads import OPEN, PINNED, READ, threads_about
from conversations.topics import topic
from lib.http.access import query
from lib.log.kinds import Ref
from strategy.access import context_page_for, decision_for, goal_for, strategy_for
from teams.access import initiative_for, team_for
from teams.models import Person
from web.filters import asked_key
from web.home.items import Text

FINDERS: dict[str, Callable[[Person, str], Any]] = {
    "strategy": strategy_for,
    "goal": lambda person, key: goal_for(person, key=key),
    "team": team_for,
    "initiative": lambda person, key: initiative_for(person, key=key),
    "contextpage": context_page_for,
    "decision": decision_for,
    "link": lambda person, key: link_for(person, whole_number(key)),
}
COMPANY: Ref = ("company", 1)


def whole_number(text: str) -> int:
    """Raises Http404."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


def asked_about(request: HttpRequest, reader: Person) -> tuple[Ref, str]:
    """What `?goal=key`, `?link=12` … names, and which flag or figure of it (`?aspect=`); the company where nothing is
    named. Raises Http404 for what `reader` may not see.
    """
    aspect = request.GET.get("aspect", "")
    for kind, find in FINDERS.items():
        if request.GET.get(kind):
            key = asked_key(request.GET, kind)
            if not key:
                raise Http404
            return (kind, find(reader, key).pk), aspect
    return COMPANY, aspect


@dataclass(frozen=True)
class ThreadLine:
    """A conversation in a list: its kind, what was asked, about which flag or figure, whose turn it is, what is
    pinned."""

    kind: str
    question: str
    url: str
    aspect: str
    turn: list[Text]
    asker: Person
    thread: Thread
    answer: str = ""


@dataclass(frozen=True)
class Conversations:
    """The part of a thing's page: what is pinned, what is open, and what came of some. `more` leads to all of them,
    where there are more; `ask_url`, `counter_url` and `propose_url` are '' for those who only read.
    """

    pinned: list[ThreadLine]
    open: list[ThreadLine]
    more: str
    ask_url: str
    counter_url: str = ""
    propose_url: str = ""


def conversations_about(reader: Person, ask: str, *abouts: Ref) -> Conversations:
    """One query. `ask` is the address that asks."""
    rows = list(threads_about(reader, *abouts)[:READ])
    pinned = [row for row in rows if row.pinned_id][:PINNED]
    kept = {"", *kept_outcomes()}
    still_open = [row for row in rows if row not in pinned and row.outcome in kept][:OPEN]
    kind, pk = abouts[0]
    more = reverse("thread_list") + query({}, about=f"{kind}-{pk}") if len(rows) > len(pinned) + len(still_open) else ""
    return Conversations(
        pinned=[thread_line(row) for row in pinned],
        open=[thread_line(row) for row in still_open],
        more=more,
        ask_url=ask if reader.has_perm("conversations.open_thread") else "",
    )


def thread_line(row: Any) -> ThreadLine:
    return ThreadLine(
        kind=thread_kind(row.kind).label,
        question=in_a_line(row.question),
        url=thread_url(row),
        aspect=topic(row.about_kind).said(row.aspect),
        turn=[Text(span.text, span.path) for span in turn_words(row)],
        asker=row.asker,
        thread=row,
        answer=in_a_line(row.pinned.text) if row.pinned_id else "",
    )
