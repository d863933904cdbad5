"""Proposed goals: each comes in with its thread, once, and stays as it is there."""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.counts import Counts
from exchange.bundle.export import rows_of
from exchange.bundle.format.proposed import PROPOSALS
from exchange.bundle.overlay import follow_renamed, refuse_twice
from exchange.bundle.staging import Stage

NAME = PROPOSALS.name


def lay(stage: Stage) -> None:
    """Completes the rows, keeps what is there already, and reports duplicates."""
    if NAME not in stage.columns:
        return
    for column in PROPOSALS.columns:
        if not stage.has(PROPOSALS, column.name):
            sql.run('ALTER TABLE raw_{name} ADD "{column}" {kind}', name=NAME, column=column.name, kind=column.kind.sql)
    refuse_twice(PROPOSALS, stage)
    follow_renamed(PROPOSALS, "goal", "goals")
    sql.run("CREATE TEMPORARY TABLE whole_old_{name} AS {rows}", name=NAME, rows=rows_of(PROPOSALS))


def put(stage: Stage) -> dict[str, Counts]:
    """Brings in those that are not there, when their threads are."""
    if NAME not in stage.columns:
        return {}
    there = f"EXISTS (SELECT FROM whole_old_{NAME} o WHERE o.thread = r.thread)"
    ((created, rows),) = sql.rows(
        "SELECT count(*) FILTER (WHERE NOT {there}), count(*) FROM raw_{name} r", there=there, name=NAME
    )
    if created:
        sql.run(
            """INSERT INTO alignment_proposal (version, thread_id, title, measure, because, goal_id, linked_at)
               SELECT 1, t.id, r.title, coalesce(r.measure, ''), coalesce(r.because, ''), g.id, r.linked_at
               FROM raw_{name} r JOIN conversations_thread t ON t.key = r.thread
               LEFT JOIN strategy_goal g ON g.key = r.goal WHERE NOT {there} ORDER BY r.line""",
            there=there,
            name=NAME,
        )
        sql.run(
            """INSERT INTO alignment_proposalwork (proposal_id, initiative_id)
               SELECT p.id, i.id FROM raw_{name} r JOIN conversations_thread t ON t.key = r.thread
               JOIN alignment_proposal p ON p.thread_id = t.id
               JOIN teams_initiative i ON i.key = ANY(string_to_array(r.work, ';')) WHERE NOT {there}
               ORDER BY p.id, i.key""",
            there=there,
            name=NAME,
        )
    return {NAME: Counts(created=created, unchanged=rows - created)}
