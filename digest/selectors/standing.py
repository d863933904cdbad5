"""What decides what a reader may see and is asked about, as one text to compare.

A digest that waits is right as long as its reader's standing is what it was when the digest was written. It is read for
a batch of digests in one query, when they are written and when they leave, so that nothing has to say what changed it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Max

from digest.models import Digest
from strategy.models import Goal

_MARK = """
    WITH asked AS (
        SELECT * FROM unnest(%(digests)s::bigint[], %(people)s::bigint[], %(goals)s::bigint[]) AS a (id, person, newest)
    ), hidden AS (
        SELECT newest, md5(string_agg(row(
                goal.id, goal.hidden_by, goal.visibility, goal.status, goal.owner_id, goal.team_id, strategy.status,
                strategy.owner_id
            )::text, ',' ORDER BY goal.id)) AS mark
        FROM (SELECT DISTINCT newest FROM asked) marks
            JOIN strategy_goal goal ON goal.hidden_by <> '{}' AND goal.id <= newest
            LEFT JOIN strategy_strategy strategy ON strategy.id = goal.strategy_id
        GROUP BY newest
    ), seat AS (
        SELECT seat.person_id, seat.team_id, seat.role, team.path,
            team.path && ARRAY(SELECT id FROM teams_team WHERE NOT is_here) AS away
        FROM teams_membership seat JOIN teams_team team ON team.id = seat.team_id
        WHERE seat.person_id = ANY(%(people)s) AND team.archived_on IS NULL
    ), team AS (
        SELECT team_id, md5(row(
                (SELECT string_agg(row(id, owner_id)::text, ',' ORDER BY id) FROM teams_initiative work
                    WHERE work.team_id = one.team_id),
                (SELECT string_agg(row(goal.id, goal.owner_id)::text, ',' ORDER BY goal.id)
                    FROM teams_team below JOIN strategy_goal goal ON goal.team_id = below.id
                    WHERE below.path >= one.path
                        AND below.path < trim_array(one.path, 1) || one.path[cardinality(one.path)] + 1)
            )::text) AS mark
        FROM (SELECT DISTINCT team_id, path FROM seat) one
    )
    SELECT asked.id, asked.newest || ':' || md5(row(
            person.name, person.role, person.is_active, hidden.mark,
            (SELECT max(id) FROM teams_logentry WHERE action IN ('person.renamed', 'person.erased')),
            (SELECT string_agg(
                    row(seat.team_id, seat.role, seat.path, seat.away, team.mark)::text, ',' ORDER BY seat.team_id)
                FROM seat JOIN team USING (team_id) WHERE seat.person_id = person.id),
            (SELECT string_agg(id::text, ',' ORDER BY id) FROM teams_initiative WHERE owner_id = person.id),
            (SELECT string_agg(id::text, ',' ORDER BY id) FROM strategy_goal WHERE owner_id = person.id),
            (SELECT string_agg(id::text, ',' ORDER BY id) FROM strategy_strategy WHERE owner_id = person.id),
            (SELECT string_agg(id::text, ',' ORDER BY id) FROM strategy_measure WHERE keeper_id = person.id)
        )::text)
    FROM asked JOIN teams_person person ON person.id = asked.person LEFT JOIN hidden USING (newest)
"""
"""A person's name and role, what they own and keep, their current teams with the place of each, whether it is here, its
work and its goals; and what is hidden in the company, and from whom. Goals that are newer than the digest are in none
of it, so a new draft makes no digest anew. Whoever gets another name or is erased may be named in any digest, so all
are made anew."""


def standings(digests: Collection[Digest]) -> dict[int, str]:
    """Of the readers of `digests`, by the id of the digest. Two queries."""
    newest = Goal.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return _marks([(digest.pk, digest.person_id, newest) for digest in digests])


def no_longer_right(digests: Sequence[Digest]) -> list[Digest]:
    """Those of `digests` whose reader's standing has changed since they were written. One query."""
    now = _marks([(digest.pk, digest.person_id, int(digest.standing.split(":")[0] or 0)) for digest in digests])
    return [digest for digest in digests if digest.standing != now.get(digest.pk)]


def _marks(asked: Sequence[tuple[int, int, int]]) -> dict[int, str]:
    """By the id of a digest; `asked` are digest, person and the newest goal that the digest may know."""
    ids, people, goals = ([each[place] for each in asked] for place in range(3))
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"digests": ids, "people": people, "goals": goals})
        return dict(cursor.fetchall())
