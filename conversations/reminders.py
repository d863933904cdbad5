"""Reminding the side that is in turn: when somebody may, and how that is said."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localtime

from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Thread
from lib.text.days import whole_day

AFTER_TURN, APART = dt.timedelta(days=1), dt.timedelta(days=7)
"""How long a turn lasts before anybody is reminded of it, and how far apart the reminders of a thread are."""


def reminded_side(thread: Thread) -> str:
    """The side that is in turn; where nobody is, the one that may owe something; '' for neither."""
    if thread.turn or thread.outcome:
        return thread.turn
    return Side.ANSWERS.value if thread_kind(thread.kind).owed else ""


def is_awaited(thread: Thread, on: dt.date) -> bool:
    """Whether that side has something to do on the day `on`."""
    if thread.turn or thread.outcome:
        return bool(thread.turn)
    owed = thread_kind(thread.kind).owed
    return owed is not None and owed(on).filter(pk=thread.about_id).exists()


def reminder_from(thread: Thread) -> dt.datetime:
    """The instant from which on whoever is in turn may be reminded."""
    first = thread.turned_at + AFTER_TURN
    return max(first, thread.reminded_at + APART) if thread.reminded_at else first


def reminder_words(thread: Thread) -> str:
    """From when on, in the zone of whoever reads it; and when somebody was reminded last."""
    begins = localtime(reminder_from(thread))
    said = f"They can be reminded from {whole_day(begins)}, {begins:%H:%M}, on"
    if not thread.reminded_at:
        return f"{said}: a day after it became their turn."
    last = whole_day(localtime(thread.reminded_at))
    if thread.is_reminded:
        return f"They were reminded on {last}. {said.replace('reminded', 'reminded again')}."
    return f"{said}. Somebody was reminded in this conversation on {last}."
