"""How a page or the API comes to a thread or a message (`lib.http.access`): what `person` may not see is not there."""

from __future__ import annotations

from typing import Any

from conversations.models import Message, Thread
from lib.http.access import visible_or_404
from teams.models import Person


def thread_for(person: Person, key: str, *, rows: Any = None) -> Any:
    """With who asked."""
    return visible_or_404(Thread.objects.select_related("asker") if rows is None else rows, person, key=key)


def message_for(person: Person, thread: Thread, pk: int) -> Message:
    """Of a thread that `person` may see."""
    rows = Message.objects.filter(thread=thread).select_related("author", "thread__asker")
    return visible_or_404(rows, person, pk=pk)
