"""Updates the flags about questions that nobody answers. They rest on conversations, which the engine does not read."""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.models import Flag, Recompute
from alignment.refresh import flags
from alignment.selectors.unanswered import CODES, late_threads, unanswered
from lib.db.columns import read


def refresh_unanswered(cause: int, as_of: dt.date | None = None) -> tuple[int, int]:
    """As of the day of the stored figures, or of `as_of`; returns the number opened and resolved. Does nothing before
    the first recompute.
    """
    day = as_of or _day_of_figures()
    opened = resolved = 0
    is_open = Flag.objects.open().filter(code__in=[*CODES.values()])
    if day is None or not (late_threads(day).exists() or is_open.exists()):
        return 0, 0
    for subject, rows in unanswered(day).items():
        ids = np.array(sorted(rows.order_by().values_list("pk", flat=True)), dtype=np.int64)
        code, table = CODES[subject], flags.FLAGS[subject]
        stored = read(table.columns, f"{table.source} AND code = '{code.value}'")
        holds = {code: np.ones(len(ids), dtype=bool)}
        new, gone = flags.store_flags(subject, ids, holds, day, cause, stored=stored)
        opened, resolved = opened + new, resolved + gone
    return opened, resolved


def _day_of_figures() -> dt.date | None:
    latest = Recompute.objects.first()
    return latest.as_of if latest else None
