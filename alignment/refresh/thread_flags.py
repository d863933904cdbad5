"""Updates the flags about questions that nobody answers. They rest on conversations, which the engine does not read."""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.models import Recompute
from alignment.refresh import flags
from alignment.selectors.unanswered import CODES, unanswered


def refresh_unanswered(cause: int, as_of: dt.date | None = None) -> tuple[int, int]:
    """As of the day of the stored figures, or of `as_of`; returns the number opened and resolved. Does nothing before
    the first recompute.
    """
    day = as_of or _day_of_figures()
    opened = resolved = 0
    if day is None:
        return 0, 0
    for subject, rows in unanswered(day).items():
        ids = np.array(sorted(rows.order_by().values_list("pk", flat=True)), dtype=np.int64)
        holds = {CODES[subject]: np.ones(len(ids), dtype=bool)}
        new, gone = flags.store_flags(subject, ids, holds, day, cause)
        opened, resolved = opened + new, resolved + gone
    return opened, resolved


def _day_of_figures() -> dt.date | None:
    latest = Recompute.objects.first()
    return latest.as_of if latest else None
