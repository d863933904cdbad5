"""Reminding the side that is in turn: when somebody may, and how that is said."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localtime

from conversations.models import Thread
from lib.text.days import whole_day

AFTER_TURN, APART = dt.timedelta(days=1), dt.timedelta(days=7)
"""How long a turn lasts before anybody is reminded of it, and how far apart the reminders of a thread are."""


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
    last = localtime(thread.reminded_at)
    return f"They were reminded on {whole_day(last)}. {said.replace('reminded', 'reminded again')}."
