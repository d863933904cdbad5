"""Services for threads: one is opened, answered, ended, and opened again.

Whose turn it is follows from who writes: a message of the side that is in turn gives the turn to the other one. Anybody
else's message is a remark.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Following, Message, Thread
from conversations.rules import is_on, sides_of
from conversations.selectors.parties import party_of
from conversations.services.messages import added, check_text
from conversations.topics import topic
from lib.log.kinds import Ref
from lib.log.values import made
from lib.services.changes import Changes, announce
from lib.services.dates import working_days_after
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.permissions import SYSTEM, SYSTEM_ONLY, System
from lib.services.writes import writes
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record, record_all

KEY_BYTES = 6
SAY_IT = "Say what you would like to know."
OWN = "You answer for this yourself, so nobody else would be asked. Write it into its text instead."
OTHERS = "That is for the other side of this conversation to say."
FINAL = "What came of it is there already. Ask anew, or propose something else."
BY_STEPS = "It goes on when what it is about does: ask again there."
ENDED = "This conversation has ended. Open it again, or ask anew."


def thread_key(kind: str) -> str:
    """Nobody can guess it, as it may be about something that is not for everybody."""
    return f"{kind.replace('_', '-')}-{secrets.token_hex(KEY_BYTES)}"


@writes(permission="conversations.open_thread")
def open_thread(
    *, actor: Person, at: dt.datetime, kind: str, about: Ref, text: str, aspect: str = "", answers: Ref | None = None
) -> Thread:
    """Opens a thread of `kind` about something that `actor` can see; `answers` is what the other side answers for, if
    not the thing itself.

    Raises ValidationError by field; RefusedError where the thing is not there, or `actor` is the one to answer.
    """
    of, what = thread_kind(kind), topic(about[0])
    if about[0] not in of.about or not what.seen_by(actor).filter(pk=about[1]).exists():
        raise RefusedError("What this is about is not there any more.")
    if aspect and not what.said(aspect):
        raise ValidationError({"aspect": f"There is nothing called “{aspect}” to ask about there."})
    written, side = check_text(text, SAY_IT), answers or about
    if party_of(*side).person == actor:
        raise RefusedError(OWN)
    row = begun(actor, at, company_day(at), kind=kind, about=about, aspect=aspect, answers=side)
    row.clean_fields(exclude=["asker"])
    row.save(force_insert=True)
    entry = record("thread.opened", actor=actor, at=at, subject=row, changes=made(row), refs=refs_of(row))
    added(row, written, actor=actor, at=at)
    _heard(row, entry, at)
    return row


def begun(
    actor: Person, at: dt.datetime, on: dt.date, *, kind: str, about: Ref, answers: Ref, aspect: str = ""
) -> Thread:
    """An unsaved thread, opened on the company's day `on`, with the turn on the side that answers."""
    return Thread(
        key=thread_key(kind),
        kind=kind,
        about_kind=about[0],
        about_id=about[1],
        aspect=aspect,
        asker=actor,
        answers_kind=answers[0],
        answers_id=answers[1],
        turn=Side.ANSWERS,
        due_on=working_days_after(on, thread_kind(kind).days),
        opened_at=at,
        turned_at=at,
        last_at=at,
    )


def open_threads(rows: Sequence[Thread], text: str, *, actor: Person, at: dt.datetime) -> None:
    """Part of a service: opens several of a kind, each with the same first message, in a fixed number of statements."""
    Thread.objects.bulk_create(rows)
    Message.objects.bulk_create([Message(thread=row, author=actor, at=at, text=text) for row in rows])
    Following.objects.bulk_create([Following(thread=row, person=actor) for row in rows])
    record_all("thread.opened", actor=actor, at=at, done=[(row, made(row)) for row in rows], refs=refs_of)


@writes(permission="conversations.write_message")
def write_message(thread: Thread, *, actor: Person, at: dt.datetime, text: str) -> Message:
    """Whoever writes follows the thread from now on. Raises ValidationError by field; RefusedError where it ended."""
    row = locked(thread)
    if row.outcome:
        raise RefusedError(ENDED)
    message = added(row, check_text(text), actor=actor, at=at)
    if row.turn and not thread_kind(row.kind).by_steps and is_on(actor, row, row.turn):
        turned(row, actor=actor, at=at)
    else:
        remarked(row, actor=actor, at=at)
    message.thread = row
    return message


@writes(permission="conversations.end_thread")
def end_thread(
    thread: Thread,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    outcome: str,
    text: str = "",
    again_on: dt.date | None = None,
) -> Thread:
    """Ends it with one of the endings of its kind; `text` is said with it, and on `again_on` it comes back.

    Raises StaleError; ValidationError by field; RefusedError where it has ended, its kind has no such ending, or that
    is for the other side to say.
    """
    row = opened(thread, version)
    if row.outcome:
        raise RefusedError(ENDED)
    ending = thread_kind(row.kind).endings.get(outcome)
    if ending is None:
        raise RefusedError("A conversation of this kind does not end so.")
    if ending.by not in sides_of(actor, row):
        raise RefusedError(OTHERS)
    if ending.says:
        added(row, check_text(text), actor=actor, at=at)
    if again_on is not None and again_on <= company_day(at):
        raise ValidationError({"again_on": "Choose a day that is still to come."})
    return ended(row, outcome, actor=actor, at=at, again_on=again_on if ending.again else None)


@writes(permission="conversations.end_thread")
def reopen_thread(thread: Thread, *, actor: Person, at: dt.datetime, version: int) -> Thread:
    """Opens it again, with the turn on the side that answers. Raises StaleError; RefusedError where it is open, what
    came of it stays, or `actor` is not on the side that asks.
    """
    row = opened(thread, version)
    if not row.outcome:
        raise RefusedError("This conversation is open.")
    if row.outcome in thread_kind(row.kind).final:
        raise RefusedError(FINAL)
    if Side.ASKS not in sides_of(actor, row):
        raise RefusedError(OTHERS)
    if thread_kind(row.kind).by_steps:
        raise RefusedError(BY_STEPS)
    return again(row, Side.ANSWERS, due_day(row.kind, Side.ANSWERS, at), actor=actor, at=at)


@writes(permission=SYSTEM_ONLY)
def look_again(*, on: dt.date, at: dt.datetime) -> int:
    """Opens what was to come back by the day `on`, with the turn on the side that asks; returns how many."""
    rows = Thread.objects.exclude(outcome="").filter(due_on__lte=on).select_for_update(no_key=True).order_by("pk")
    for row in rows:
        again(row, Side.ASKS, None, actor=SYSTEM, at=at)
    return len(rows)


def again(row: Thread, turn: str, due_on: dt.date | None, *, actor: Person | System, at: dt.datetime) -> Thread:
    """Part of a service: opens the locked `row`, which has ended."""
    changes = revise(row, outcome="", closed_at=None, turn=turn, due_on=due_on, turned_at=at, last_at=at)
    entry = record("thread.reopened", actor=actor, at=at, subject=row, changes=changes, refs=refs_of(row))
    _heard(row, entry, at)
    return row


@writes(permission="conversations.pin_answer")
def pin_answer(thread: Thread, message: Message | None, *, actor: Person, at: dt.datetime, version: int) -> Thread:
    """Pins `message` as the answer, for all who see what the thread is about; None: nothing is pinned any more.

    Raises StaleError; RefusedError where the message is of another thread, or its text was taken away.
    """
    row = opened(thread, version)
    if message is not None and (message.thread_id != row.pk or message.removed_at):
        raise RefusedError("That message is not there to be pinned.")
    if changes := revise(row, pinned=message):
        record(
            "thread.pinned" if message else "thread.unpinned",
            actor=actor,
            at=at,
            subject=row,
            changes=changes,
            refs=refs_of(row),
        )
    return row


def remarked(row: Thread, *, actor: Person, at: dt.datetime) -> None:
    """Part of a service: something was said in the locked `row`, and the turn stays where it is."""
    changes = revise(row, last_at=at)
    record("thread.written", actor=actor, at=at, subject=row, changes=changes, refs=refs_of(row))


def turned(row: Thread, *, actor: Person, at: dt.datetime) -> Thread:
    """Part of a service: the side that is in turn has answered, and the locked `row` waits for the other one."""
    return given_to(Side.ANSWERS if row.turn == Side.ASKS else Side.ASKS, row, actor=actor, at=at)


def given_to(side: str, row: Thread, *, actor: Person, at: dt.datetime) -> Thread:
    """Part of a service: the locked `row` waits for this side from now on, or for neither ('')."""
    values: dict[str, Any] = {"turn": side, "due_on": due_day(row.kind, side, at), "turned_at": at}
    changes = revise(row, last_at=at, **values)
    entry = record("thread.answered", actor=actor, at=at, subject=row, changes=changes, refs=refs_of(row))
    _heard(row, entry, at)
    return row


def due_day(kind: str, side: str, at: dt.datetime) -> dt.date | None:
    """By when whoever answers should; the others have no day."""
    return working_days_after(company_day(at), thread_kind(kind).days) if side == Side.ANSWERS else None


def moved(before: Ref, after: Ref) -> None:
    """Part of a service: threads about something that goes are about something else from now on, and whoever answers
    for that answers. One statement.
    """
    now = {"about_kind": after[0], "about_id": after[1], "answers_kind": after[0], "answers_id": after[1]}
    Thread.objects.filter(about_kind=before[0], about_id=before[1]).update(**now)


def ended(row: Thread, outcome: str, *, actor: Person, at: dt.datetime, again_on: dt.date | None = None) -> Thread:
    """Part of a service: ends the locked `row` with any outcome of its kind, and says so in the log."""
    values = {"outcome": outcome, "turn": "", "due_on": again_on, "closed_at": at, "last_at": at}
    changes = revise(row, **values)
    entry = record("thread.ended", actor=actor, at=at, subject=row, changes=changes, refs=refs_of(row))
    _heard(row, entry, at)
    return row


def refs_of(row: Any) -> set[Ref]:
    """What entries about it refer to: what it is about, and what the other side answers for."""
    return {(row.about_kind, row.about_id), (row.answers_kind, row.answers_id)}


def _heard(row: Thread, entry: LogEntry, at: dt.datetime) -> None:
    """Flags rest on who owes an answer."""
    if thread_kind(row.kind).flagged:
        announce(Changes(threads=[row.pk]), cause=entry.pk, at=at)
