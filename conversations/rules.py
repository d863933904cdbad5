"""Permissions for threads. Whoever sees what a thread is about takes part in it, but for viewers, who read."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Following, Message, Thread
from conversations.reminders import reminded_side
from conversations.topics import topic
from teams.models import Person
from teams.rules import is_admin, is_leader, is_signed_in, writes


def sees_thread(person: Person, thread: Thread | None) -> bool:
    if thread is None or not is_signed_in(person):
        return False
    return Thread.objects.visible_to(person).filter(pk=thread.pk).exists()


def takes_part(person: Person, thread: Thread | None) -> bool:
    return writes(person) and sees_thread(person, thread)


def answers_for(person: Person, kind: str, pk: int) -> bool:
    return topic(kind).answered_by(person).filter(pk=pk).exists()


def is_on(person: Person, thread: Thread, side: str) -> bool:
    """Whether `person` stands on this side of the thread. Whoever asks is on no other."""
    if asks_in(person, thread):
        return side == Side.ASKS
    return side == Side.ANSWERS and answers_for(person, thread.answers_kind, thread.answers_id)


def asks_in(person: Person, thread: Thread) -> bool:
    asked_by = thread_kind(thread.kind).asked_by
    return asked_by(person).filter(pk=thread.about_id).exists() if asked_by else thread.asker_id == person.pk


def sides_of(person: Person, thread: Thread) -> set[str]:
    """The sides for which `person` ends the thread; once whoever asked has left, whoever answers does so for them."""
    if asks_in(person, thread):
        return {Side.ASKS.value}
    if not answers_for(person, thread.answers_kind, thread.answers_id):
        return set()
    return {Side.ANSWERS.value} if thread.asker.is_active else {Side.ANSWERS.value, Side.ASKS.value}


def ends_thread(person: Person, thread: Thread | None) -> bool:
    """Either side, each in its ways (conversations/kinds.py)."""
    return thread is not None and takes_part(person, thread) and bool(sides_of(person, thread))


def pins_answer(person: Person, thread: Thread | None) -> bool:
    """Whoever asked, whoever answers, and leaders."""
    if thread is None or not takes_part(person, thread):
        return False
    return is_leader(person) or bool(sides_of(person, thread))


def reminds(person: Person, thread: Thread | None) -> bool:
    """Whoever waits: the side that is not in turn, and leaders who follow it and are not asked themselves."""
    if thread is None or not takes_part(person, thread):
        return False
    side = reminded_side(thread)
    if not side or is_on(person, thread, side):
        return False
    if sides_of(person, thread):
        return True
    return is_leader(person) and Following.objects.filter(thread=thread, person=person, muted=False).exists()


def edits_message(person: Person, message: Message | None) -> bool:
    return message is not None and message.author_id == person.pk and takes_part(person, message.thread)


add_perm("conversations.open_thread", predicate(writes))
add_perm("conversations.follow_thread", predicate(sees_thread))
add_perm("conversations.write_message", predicate(takes_part))
add_perm("conversations.end_thread", predicate(ends_thread))
add_perm("conversations.pin_answer", predicate(pins_answer))
add_perm("conversations.remind_side", predicate(reminds))
add_perm("conversations.edit_message", predicate(edits_message))
add_perm("conversations.remove_text", predicate(is_admin))
