"""What an edit affects: from the rows it touched to the figures to be recomputed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db import connection

from lib.services.changes import Changes

BELOW = """g.path >= top.path
    AND g.path < top.path[:cardinality(top.path) - 1] || (top.path[cardinality(top.path)] + 1)"""


@dataclass(frozen=True)
class Scope:
    """Ids of rows to recompute: of `initiatives` the parts, of `teams` the own sums, of `worked` the own effort and the
    status. `goal_statuses` are those of them whose status the edit may have changed, `above` goals where only what
    depends on all below them may have changed. `size` counts goals and initiatives; above the limit the lists are
    incomplete.

    Linked goals and their teams are added when the rows are read (alignment/refresh/reading.py).
    """

    initiatives: list[int] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)
    worked: list[int] = field(default_factory=list)
    goal_statuses: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    size: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.initiatives or self.teams or self.worked)


def spread(changes: Changes) -> Changes:
    """`changes` with what follows from `presence`: the teams at and below it, their active work and their goals. One
    statement, none where there is no `presence`.
    """
    if not changes.presence:
        return changes
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH gone AS MATERIALIZED (
                SELECT DISTINCT g.id FROM teams_team top JOIN teams_team g ON {BELOW}
                    WHERE top.id = ANY(%(teams)s)
            )
            SELECT ARRAY(SELECT id FROM gone ORDER BY id),
                ARRAY(SELECT id FROM teams_initiative
                    WHERE team_id = ANY(ARRAY(SELECT id FROM gone)) AND status = 'active' ORDER BY id),
                ARRAY(SELECT id FROM strategy_goal WHERE team_id = ANY(ARRAY(SELECT id FROM gone)) ORDER BY id)
            """,  # noqa: S608 -- our own text
            {"teams": [*changes.presence]},
        )
        teams, initiatives, goals = cursor.fetchone()
    return replace(
        changes,
        presence=(),
        teams={*changes.teams, *teams},
        initiatives={*changes.initiatives, *initiatives},
        above={*changes.above, *goals},
    )


def scope_of(changes: Changes, *, limit: int | None = None) -> Scope:
    """One statement where goals changed, otherwise none."""
    initiatives, teams, worked = set(changes.initiatives), set(changes.teams), {*changes.worked, *changes.above}
    goal_statuses: list[int] = []
    if changes.goals:
        goal_statuses, linked, serving = _goal_statuses(list(changes.goals), limit)
        initiatives |= set(linked)
        teams |= set(serving)
        worked |= set(goal_statuses)
    size = len(goal_statuses) + len(initiatives)
    return Scope(
        initiatives=sorted(initiatives),
        teams=sorted(teams),
        worked=sorted(worked),
        goal_statuses=goal_statuses,
        above=sorted(changes.above),
        size=size,
    )


def _goal_statuses(goals: list[int], limit: int | None) -> tuple[list[int], list[int], list[int]]:
    """`goals` with all below them, the initiatives linked to these, and the teams whose mission serves one."""
    most = None if limit is None else limit + 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH goal_statuses AS MATERIALIZED (
                SELECT DISTINCT below.id FROM strategy_goal top
                    CROSS JOIN LATERAL (SELECT g.id FROM strategy_goal g WHERE {BELOW} OFFSET 0) below
                    WHERE top.id = ANY(%(goals)s) LIMIT %(most)s
            )
            SELECT ARRAY(SELECT id FROM goal_statuses ORDER BY id),
                ARRAY(SELECT DISTINCT initiative_id FROM alignment_link
                    WHERE goal_id = ANY(ARRAY(SELECT id FROM goal_statuses)) LIMIT %(most)s),
                ARRAY(SELECT DISTINCT team_id FROM strategy_missiongoal
                    WHERE goal_id = ANY(ARRAY(SELECT id FROM goal_statuses)))
            """,  # noqa: S608 -- our own text
            {"goals": goals, "most": most},
        )
        goal_statuses, linked, serving = cursor.fetchone()
    return goal_statuses, linked, serving
