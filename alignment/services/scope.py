"""What an edit bears on: from the rows it touched to the rows of figures that have to be counted again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection

from lib.changes import Changes

SMALL_TREE, SMALL_GOALS = 100, 200
"""A tree of goals to which at most so many initiatives contribute is counted again as a whole, with at most so many
goals in all."""
MANY_GOALS = 1_000
"""From so many goals on, what needs them all is left to a worker."""
BELOW = """g.path >= top.path
    AND g.path < top.path[:cardinality(top.path) - 1] || (top.path[cardinality(top.path)] + 1)"""


@dataclass(frozen=True)
class Scope:
    """Ids. Of `initiatives` the parts are computed, of `teams` the own sums, of `worked` the own effort and the
    standing; `standing` are those of them whose standing an edit may have changed, `above` those of which only what is
    told from all below them may have changed. `whole` are the goals of small
    trees: all goals of the tree are there, so that sums over all below can be told from these rows alone.

    `as_of` is the day of the figures stored, None where nothing was ever computed; `many_goals` tells that the company
    has more than MANY_GOALS.
    """

    as_of: dt.date | None
    initiatives: list[int] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    whole: frozenset[int] = frozenset()
    many_goals: bool = False
    size: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.initiatives or self.teams or self.worked)


def scope_of(changes: Changes, *, limit: int | None = None) -> Scope:
    """At most three statements. A scope with `size` above `limit` (goals and initiatives together) is not spelled
    out."""
    initiatives, teams, worked = set(changes.initiatives), set(changes.teams), {*changes.worked, *changes.above}
    standing: list[int] = []
    if changes.goals:
        standing, linked, serving = _standing(list(changes.goals), limit)
        initiatives |= set(linked)
        teams |= set(serving)
        worked |= set(standing)
    size = len(standing) + len(initiatives)
    if limit is not None and size > limit:
        return Scope(as_of=None, size=size)
    more_worked, more_teams, as_of, many_goals = _around(sorted(initiatives))
    worked |= set(more_worked)
    small = _small_trees(sorted(worked)) if worked else []
    return Scope(
        as_of=as_of,
        initiatives=sorted(initiatives),
        teams=sorted(teams | set(more_teams)),
        worked=sorted(worked | set(small)),
        standing=standing,
        above=sorted(changes.above),
        whole=frozenset(small),
        many_goals=many_goals,
        size=size,
    )


def _standing(goals: list[int], limit: int | None) -> tuple[list[int], list[int], list[int]]:
    """`goals` with all below them, the initiatives linked to these, and the teams whose mission serves one."""
    most = None if limit is None else limit + 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH standing AS MATERIALIZED (
                SELECT DISTINCT g.id FROM strategy_goal top JOIN strategy_goal g ON {BELOW}
                    WHERE top.id = ANY(%(goals)s) LIMIT %(most)s
            )
            SELECT ARRAY(SELECT id FROM standing ORDER BY id),
                ARRAY(SELECT DISTINCT initiative_id FROM alignment_link
                    WHERE goal_id = ANY(ARRAY(SELECT id FROM standing)) LIMIT %(most)s),
                ARRAY(SELECT DISTINCT team_id FROM strategy_missiongoal
                    WHERE goal_id = ANY(ARRAY(SELECT id FROM standing)))
            """,  # noqa: S608 -- our own text
            {"goals": goals, "most": most},
        )
        standing, linked, serving = cursor.fetchone()
    return standing, linked, serving


def _around(initiatives: list[int]) -> tuple[list[int], list[int], dt.date | None, bool]:
    """The goals that `initiatives` are linked to, the teams they are of and were of when last computed, and the day of
    the figures; and whether there are many goals."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ARRAY(SELECT goal_id FROM alignment_link WHERE initiative_id = ANY(%(ids)s)),
                ARRAY(SELECT team_id FROM teams_initiative WHERE id = ANY(%(ids)s)
                    UNION ALL SELECT team_id FROM alignment_initiativefigures WHERE initiative_id = ANY(%(ids)s)),
                (SELECT as_of FROM alignment_recompute ORDER BY id DESC LIMIT 1),
                EXISTS (SELECT FROM alignment_goalfigures OFFSET %(many)s)
            """,
            {"ids": initiatives, "many": MANY_GOALS},
        )
        goals, teams, as_of, many = cursor.fetchone()
    return goals, teams, as_of, many


def _small_trees(goals: list[int]) -> list[int]:
    """All goals of the trees of `goals` that are small, or were never computed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT g.id FROM (SELECT DISTINCT path[1] AS root FROM strategy_goal WHERE id = ANY(%s)) tree
                LEFT JOIN alignment_goalfigures stored ON stored.goal_id = tree.root
                JOIN strategy_goal g ON g.path >= ARRAY[tree.root] AND g.path < ARRAY[tree.root + 1]
                WHERE COALESCE(stored.initiatives, 0) <= %s LIMIT %s
            """,
            [goals, SMALL_TREE, SMALL_GOALS + 1],
        )
        found = [row for (row,) in cursor.fetchall()]
    return found if len(found) <= SMALL_GOALS else []
