"""Updates what depends on many goals: whether a goal is covered or measured by any below it, and how the effort of the
top goals compares with their weights.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.db import connection

from alignment.engine.flags import fit_flags, goal_flags
from alignment.engine.goal_status import goal_statuses_of
from alignment.engine.model import day_number
from alignment.enums import FlagCode, Subject
from alignment.refresh import flags
from alignment.refresh.reading import read_lines
from lib.db.columns import Table, places, read_together
from lib.db.locks import Lock, lock, try_lock


def refresh_line(goals: list[int], as_of: dt.date, cause: int) -> None:
    """Updates `covered` of `goals` and all above them, and their flags but for the fit.

    An edit that brings the first effort to a goal of a tree, or removes the last, waits here for others in that tree.
    """
    few = read_lines(goals)
    company, rows = few.company, few.more["line"]
    at = places(rows["id"], company.goals.id)
    covered = np.zeros(len(company.goals.id), dtype=bool)
    covered[at] = rows["covered"]
    company.goals.measured[at] = rows["measured"]
    stands = goal_statuses_of(company, day_number(as_of))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alignment_goalfigures f SET covered = said.covered"
            " FROM unnest(%s::bigint[], %s::boolean[]) AS said (id, covered)"
            " WHERE f.goal_id = said.id AND f.covered <> said.covered",
            [rows["id"].tolist(), rows["covered"].tolist()],
        )
    holds = goal_flags(company, stands, covered)
    flags.store_flags(Subject.GOAL, company.goals.id, holds, as_of, cause, at=at, stored=few.more["flags"])


_FIT = {
    "roots": Table(
        """(SELECT root.id, root.weight, total.effort, stored.anchored FROM (
                SELECT g.path[1] AS root, sum(f.effort) AS effort
                FROM alignment_goalfigures f JOIN strategy_goal g ON g.id = f.goal_id
                WHERE f.anchored GROUP BY 1
            ) total JOIN strategy_goal root ON root.id = total.root
            JOIN alignment_goalfigures stored ON stored.goal_id = root.id) found""",
        {"id": ("l", "id"), "weight": ("d", "weight"), "effort": ("d", "effort"), "root": ("b", "anchored")},
    ),
    "flags": Table(
        f"{flags.FLAGS[Subject.GOAL].source} AND code IN ('{FlagCode.STARVED}', '{FlagCode.CROWDED}')",
        flags.FLAGS[Subject.GOAL].columns,
    ),
}


def refresh_fit(as_of: dt.date, cause: int, *, wait: bool = False) -> bool:
    """Updates which top goals are starved or crowded. Returns True where another transaction has the lock and may not
    see this edit: the caller leaves the fit to a worker, which waits for the lock (`wait`)."""
    if wait:
        lock(Lock.FIT)
    elif not try_lock(Lock.FIT):
        return True
    rows = read_together(_FIT, {})
    roots = rows["roots"]
    holds = fit_flags(roots["root"], roots["weight"], roots["effort"])
    flags.store_flags(Subject.GOAL, roots["id"], holds, as_of, cause, stored=rows["flags"])
    return False
