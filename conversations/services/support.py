"""Services for conversations about support. What teams do to an ask is followed here: its words are messages, and
whose turn it is there is so here.

An ask that was made before there were conversations, or that was imported, gets one with the next word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from conversations.enums import Side
from conversations.models import Message, Thread
from conversations.services.messages import added, check_text
from conversations.services.threads import (
    again,
    begun,
    due_day,
    ended,
    given_to,
    moved,
    refs_of,
    remarked,
    write_message,
)
from conversations.support import DECLINED, DELIVERED, OFFER_ENDED, SUPPORT, WITHDRAWN
from lib.log.values import made
from lib.services.edits import locked
from lib.services.finishing import Written
from lib.services.writes import writes
from teams.enums import AskTurn, SupportStatus
from teams.models import LogEntry, Person, Support
from teams.selectors.asks import ASKED
from teams.selectors.company import company_day
from teams.services.log import record

SIDES = {AskTurn.ASKED: Side.ANSWERS.value, AskTurn.ASKING: Side.ASKS.value, AskTurn.NOBODY: ""}
WORDS = {
    "support.asked": "ask",
    "support.asked_again": "ask",
    "support.offered": "answer",
    "support.terms_offered": "answer",
    "support.answered": "answer",
    "support.thanked": "thanks",
}
"""By action, the field whose new text is said."""
GONE = {"support.withdrawn": WITHDRAWN, "support.offer_ended": OFFER_ENDED}


def thread_about(support: Support) -> Thread | None:
    """Its conversation, the latest if it has several."""
    return Thread.objects.filter(kind=SUPPORT, about_kind="support", about_id=support.pk).order_by("-pk").first()


@writes(permission="conversations.open_thread")
def write_about_support(support: Support, *, actor: Person, at: dt.datetime, text: str) -> Message:
    """Says something in the conversation about it, which begins with that where there is none.

    Raises ValidationError by field; RefusedError where the conversation has ended.
    """
    row = locked(support)
    if (thread := thread_about(row)) is not None:
        return write_message(thread, actor=actor, at=at, text=text)
    written = check_text(text)
    return added(_begun(row, actor, at), written, actor=actor, at=at)


def follow_support(written: Written) -> None:
    """The step at the end of every write that did something to support. Two queries, and those of each conversation."""
    entries = [entry for entry, _refs in written.entries if entry.subject_kind == "support" and entry.actor]
    if not entries:
        return
    of = {entry.subject_id for entry in entries}
    rows = Support.objects.in_bulk(of)
    about = Thread.objects.filter(kind=SUPPORT, about_kind="support", about_id__in=of).order_by("pk")
    threads = {thread.about_id: thread for thread in about}
    for entry in entries:
        _follow(entry, rows, threads)


def _follow(entry: Any, rows: Mapping[int, Support], threads: dict[int, Thread]) -> None:
    pk, actor, at = entry.subject_id, entry.actor, entry.at
    row, thread = rows.get(pk), threads.get(pk)
    text = entry.changes.get(WORDS.get(entry.action, ""), ("", ""))[1]
    if row is None:
        if thread is not None and entry.action in GONE:
            _end(thread, entry)
        return
    begins = thread is None
    if begins and (not text or _outcome(row)):
        return
    thread = threads[pk] = locked(thread) if thread else _begun(row, actor, at, entry)
    if text:
        added(thread, check_text(text), actor=actor, at=at)
    _turn(thread, row, actor=actor, at=at, said=bool(text) and not begins)


def _end(thread: Thread, entry: Any) -> None:
    """What was said about an ask that is gone is about its work from now on."""
    row = locked(thread)
    if reason := entry.note.get("reason"):
        added(row, check_text(reason), actor=entry.actor, at=entry.at)
    if not row.outcome:
        ended(row, GONE[entry.action], actor=entry.actor, at=entry.at)
    moved(("support", entry.subject_id), ("initiative", entry.changes["initiative"][0]))


def _turn(thread: Thread, row: Support, *, actor: Person, at: dt.datetime, said: bool) -> None:
    outcome, side = _outcome(row), SIDES[row.turn]
    if outcome:
        if thread.outcome != outcome:
            ended(thread, outcome, actor=actor, at=at)
    elif thread.outcome:
        again(thread, side, due_day(SUPPORT, side, at), actor=actor, at=at)
    elif thread.turn != side:
        given_to(side, thread, actor=actor, at=at)
    elif said:
        remarked(thread, actor=actor, at=at)


def _outcome(row: Support) -> str:
    if row.status == SupportStatus.DECLINED:
        return DECLINED
    return DELIVERED if row.status == SupportStatus.DELIVERED and not row.unconfirmed else ""


def _begun(row: Support, actor: Person, at: dt.datetime, entry: Any = None) -> Thread:
    """A conversation, with the ask first where it was asked before and the log says by whom."""
    asked = None
    if entry is None or entry.action not in ASKED:
        log = LogEntry.objects.filter(subject_kind="support", subject_id=row.pk, action__in=ASKED).exclude(actor=None)
        asked = log.select_related("actor").order_by("-pk").first() if row.ask else None
    asker, opened = (asked.actor or actor, asked.at) if asked else (actor, at)
    about = ("support", row.pk)
    thread = begun(asker, opened, company_day(at), kind=SUPPORT, about=about, answers=about)
    thread.turn = SIDES[row.turn]
    thread.due_on = due_day(SUPPORT, thread.turn, at)
    thread.turned_at = thread.last_at = at
    thread.save(force_insert=True)
    record("thread.opened", actor=actor, at=at, subject=thread, changes=made(thread), refs=refs_of(thread))
    if asked:
        added(thread, check_text(row.ask), actor=asker, at=opened)
    return thread
