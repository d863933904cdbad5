"""How far a digest tells: the last entry of the log in the snapshot that it is written from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Max, Min

from alignment.enums import Stale
from alignment.models import Dirty
from alignment.selectors.columns import one_snapshot
from lib.db.locks import company_locked
from teams.models import LogEntry

TRIES = 8


@contextmanager
def marked_snapshot() -> Iterator[int]:
    """Runs a block in one snapshot, with the id of the log entry up to which the block sees all that was done, and
    after which it sees nothing: whoever continues there tells each change once.

    Ids are given before a transaction commits, so an entry may appear below the last one. Edits share the lock on the
    company until they commit, so none is under way once it was taken alone. An entry that comes between that moment
    and the snapshot shows in the snapshot as a later one, and the snapshot is taken again. After TRIES it is kept, and
    what came between is told twice: a company that never pauses gets its digests all the same. Services that do not
    take the lock (roles, invitations, passwords) write nothing that digests tell.

    What an edit left to a worker is stored later under the edit's entry (alignment/refresh/waiting.py), so the mark
    stays below the first of those.
    """
    for tries_left in reversed(range(TRIES)):
        with company_locked(alone=True):
            last = _last_entry()
        with one_snapshot():
            if _last_entry() == last or not tries_left:
                yield min(last, _first_waiting(last))
                return


def _last_entry() -> int:
    return LogEntry.objects.aggregate(last=Max("pk"))["last"] or 0


def _first_waiting(last: int) -> int:
    """Counts of contributors are left out: they are nobody's news."""
    first = Dirty.objects.exclude(what=Stale.COUNTS).aggregate(first=Min("cause"))["first"]
    return last if first is None else first - 1
