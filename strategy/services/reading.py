"""Services for people who say that they have read an edition."""

from __future__ import annotations

import datetime as dt

from lib.services.writes import writes
from strategy.models import Edition, EditionRead
from teams.models import Person


@writes(permission="strategy.read_edition")
def mark_read(edition: Edition, *, actor: Person, at: dt.datetime) -> bool:
    """The first time counts. It is in no log: nobody is told who has read what. Returns whether it
    was.
    """
    _row, made = EditionRead.objects.get_or_create(edition=edition, person=actor, defaults={"at": at})
    return made


@writes(permission="strategy.read_edition")
def mark_unread(edition: Edition, *, actor: Person, at: dt.datetime) -> bool:
    """Returns whether there was something to take back."""
    gone, _rows = EditionRead.objects.filter(edition=edition, person=actor).delete()
    return bool(gone)
