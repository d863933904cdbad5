"""The service that lets a person follow a thread, or mute it."""

from __future__ import annotations

import datetime as dt

from conversations.models import Following, Thread
from lib.services.writes import writes
from teams.models import Person


@writes(permission="conversations.follow_thread", queues=False)
def set_following(thread: Thread, *, actor: Person, at: dt.datetime, follows: bool) -> Following:
    """`follows` False mutes it: nothing that is said there is told to `actor`, mentioned or not. In no log."""
    row, _made = Following.objects.update_or_create(thread=thread, person=actor, defaults={"muted": not follows})
    return row
