"""The log is written here and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction

from lib.permissions import System
from teams.models import LogEntry, Person


def record(
    action: str, *, actor: Person | System | None, at: dt.datetime, subject: models.Model | None = None, **data: Any
) -> LogEntry:
    """Says that `actor` (None: the system) did `action` ("person.invited") to `subject` (None: the company).

    `data` holds plain JSON values and no names or addresses of people: the log outlives them.
    Raises TransactionManagementError outside of a transaction: what is logged and the entry stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{action} is logged inside the transaction that does it")
    return LogEntry.objects.create(
        at=at,
        actor=actor if isinstance(actor, Person) else None,
        action=action,
        subject_type=type(subject).__name__.lower() if subject else "",
        subject_id=subject.pk if subject else None,
        data=data,
    )
