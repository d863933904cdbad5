"""Mails that wait in a table: a worker sends each while it has its row locked, and deletes the row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.db.models import QuerySet

from accounts.models import AddressNotice, ResetRequest
from lib.services.errors import NotSentError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes

FIRST_PAUSE = dt.timedelta(minutes=1)
"""Before the second try; twice as long before each further one."""

Row = TypeVar("Row", AddressNotice, ResetRequest)


def send_due(rows: QuerySet[Row], send: Callable[[Row], None], *, at: dt.datetime, tries: int) -> int:
    """Calls `send` for each of `rows` that is due; returns how many that were. One for which it raises NotSentError is
    due again later, until it was tried `tries` times.
    """
    done = 0
    while _send_next(rows, send, at=at, tries=tries):
        done += 1
    return done


@writes(permission=SYSTEM_ONLY, queues=False)
def _send_next(rows: QuerySet[Row], send: Callable[[Row], None], *, at: dt.datetime, tries: int) -> bool:
    """The lock on the row is its lease: where the worker is killed after sending, the mail is sent once more."""
    row = rows.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=at).order_by("due_at", "id").first()
    if row is None:
        return False
    try:
        send(row)
    except NotSentError:
        if row.tries + 1 < tries:
            row.due_at = at + FIRST_PAUSE * 2**row.tries
            row.tries += 1
            row.save(update_fields=["tries", "due_at"])
            return True
    row.delete()
    return True
