"""What each link carried on any past day, from the history of links."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from alignment.enums import LinkState


@dataclass(frozen=True)
class Carried:
    """Ids of a link, its goal and its initiative, which may be removed since; the person-weeks that it brought to the
    goal, and the part of the initiative's effort that these were. `cause` is the id of the log entry from which on it
    was so."""

    link: int
    goal: int
    initiative: int
    state: LinkState
    amount: float
    share: float
    cause: int


_LINKS_ON = """
    SELECT link_id, goal_id, initiative_id, state, amount, amount / effort, cause_id
    FROM (
        SELECT DISTINCT ON (link_id) * FROM alignment_linkhistory WHERE as_of <= %(day)s ORDER BY link_id, id DESC
    ) latest JOIN (
        SELECT DISTINCT ON (initiative_id) initiative_id, effort FROM alignment_initiativehistory
        WHERE as_of <= %(day)s ORDER BY initiative_id, id DESC
    ) work USING (initiative_id)
    WHERE amount > 0 ORDER BY link_id
"""


def links_on(day: dt.date) -> list[Carried]:
    """What each link carried on `day`, for those that carried something, in the order of their ids. The latest row by
    id of that day or an earlier one applies, as in alignment.history.past. Callers check who may see the goals. One
    query."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS_ON, {"day": day})
        rows = cursor.fetchall()
    return [
        Carried(link, goal, work, LinkState(state), amount, share, cause)
        for link, goal, work, state, amount, share, cause in rows
    ]
