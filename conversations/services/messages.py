"""Services for messages: one is edited for a quarter of an hour, and its text can be taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError

from conversations.mentions import mentions_in, people_of, with_addresses
from conversations.models import Following, Mention, Message, Thread
from lib.log.kinds import Ref
from lib.services.edits import opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.models import Person
from teams.services.log import record

EDITED_WITHIN = dt.timedelta(minutes=15)
SAY_SOMETHING = "Write something first."
TOO_LATE = "It has been here for a quarter of an hour and may have been read. Write another message instead."
TAKEN_AWAY = "Its text was taken away."


def check_text(text: str, blank: str = SAY_SOMETHING) -> str:
    """The text as it is stored: tidied, and with the addresses of who is mentioned. Raises ValidationError by field."""
    written = tidy(text)
    if not written:
        raise ValidationError({"text": blank})
    return with_addresses(written)


def added(thread: Thread, text: str, *, actor: Person, at: dt.datetime) -> Message:
    """Part of a service: adds a message of a `text` that was checked. Its author and the people it mentions follow the
    thread from now on, but for those who have muted it.
    """
    message = Message(thread=thread, author=actor, at=at, text=text)
    message.clean_fields(exclude=["thread", "author"])
    message.save(force_insert=True)
    refs = _mention(message)
    followers = [Following(thread=thread, person_id=pk) for pk in {actor.pk, *people_of(refs)}]
    Following.objects.bulk_create(followers, ignore_conflicts=True)
    return message


@writes(permission="conversations.edit_message")
def edit_message(message: Message, *, actor: Person, at: dt.datetime, version: int, text: str) -> Message:
    """Raises StaleError; ValidationError by field; RefusedError after EDITED_WITHIN, or where its text was taken
    away.
    """
    row = opened(message, version)
    if row.removed_at:
        raise RefusedError(TAKEN_AWAY)
    if at - row.at > EDITED_WITHIN:
        raise RefusedError(TOO_LATE)
    written = check_text(text)
    if written != row.text:
        changes = revise(row, text=written, edited_at=at)
        record("message.edited", actor=actor, at=at, subject=row, changes=changes)
        Mention.objects.filter(message=row).delete()
        _mention(row)
    return row


@writes(permission="conversations.remove_text")
def remove_text(message: Message, *, actor: Person, at: dt.datetime, version: int) -> Message:
    """Takes its text away for good: a secret, or harassment. The message stays, and says so.

    Raises StaleError; RefusedError where that was done before.
    """
    row = opened(message, version)
    if row.removed_at:
        raise RefusedError(TAKEN_AWAY)
    changes = revise(row, text="", removed_at=at, removed_by=actor)
    Mention.objects.filter(message=row).delete()
    Thread.objects.filter(pinned=row).update(pinned=None)
    record("message.text_removed", actor=actor, at=at, subject=row, changes=changes)
    return row


def note_mentions(texts: Mapping[int, str]) -> dict[int, set[Ref]]:
    """Part of a service: keeps whom messages mention, given their texts by id. Three statements."""
    found = mentions_in(texts)
    rows = [Mention(message_id=pk, kind=kind, object_id=of) for pk, refs in found.items() for kind, of in sorted(refs)]
    Mention.objects.bulk_create(rows)
    return found


def _mention(message: Message) -> set[Ref]:
    return note_mentions({message.pk: message.text})[message.pk]
