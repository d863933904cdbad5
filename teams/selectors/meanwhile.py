"""What others did to a row while somebody looked at it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from lib.log.actions import actions
from teams.models import LogEntry

MOST = 3


def told_since(row: Any, version: int, reader: Any) -> str:
    """Such as "Ada Adams: changed what the bet says.", the latest entries of the log; one query."""
    if not isinstance(row, Model) or row.pk is None:
        return ""
    entries = LogEntry.objects.since(row, version).select_related("actor").reverse()[:MOST]
    return " ".join(_told(entry, reader) for entry in reversed(entries))


def _told(entry: LogEntry, reader: Any) -> str:
    own = entry.actor_id is not None and entry.actor_id == reader.pk
    who = "You" if own else entry.actor.name if entry.actor else "The system"
    known = actions().get(entry.action)
    meaning = known.meaning if known else "Changed it."
    return f"{who}: {meaning[0].lower()}{meaning[1:]}"
