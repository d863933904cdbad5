"""Checks that a link's measure belongs to its goal or one below it, also when a bundle moves the measure or the goals,
and that milestones are reached or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exchange.bundle import sql
from exchange.bundle.checks.forest import Forest, grown
from exchange.bundle.format.tables import CHECK_INS, GOALS, LINKS, MEASURES
from exchange.bundle.overlay import over
from exchange.bundle.staging import Stage

REACHED_OR_NOT = "a milestone goes from 0 to 1: use 1 where it is reached, and 0 where it is not"
RIGHT = "use a measure of the link's goal or of one below it"


def refuse_measures_elsewhere(names: set[str], forest: Forest | None, stage: Stage) -> None:
    """Checks links of the bundle, and those of the database whose goals or measures the bundle changes. `forest` is
    that of the goals where the bundle has goals."""
    for link_line, measure_line, goal, above in _measured_elsewhere(names):
        forest = forest or grown(GOALS, staged=False)
        if above not in forest.depths or goal in forest.up(above):
            continue
        if link_line is not None:
            if not stage.problems.reported(LINKS.file, link_line, "goal", "measure"):
                stage.problems.add(LINKS.file, link_line, "measure", "this is a measure of another goal", RIGHT)
        elif measure_line is not None:
            if not stage.problems.reported(MEASURES.file, measure_line, "goal"):
                stage.problems.add(
                    MEASURES.file, measure_line, "goal", "a link to another goal names this measure", RIGHT
                )
        else:
            _report_move(above, goal, stage)


def _measured_elsewhere(names: set[str]) -> Iterator[tuple[Any, ...]]:
    """Links with a measure of another goal: their line, the measure's line (None: the bundle does not move it), and the
    final goals of the link and of the measure."""
    measures = "(SELECT NULL::bigint AS line, id, goal_id FROM strategy_measure)"
    if "measures" in names:
        measures = """(
            SELECT CASE WHEN t.goal_id <> w.goal_id THEN w.line END AS line, w.id, w.goal_id
            FROM whole_measures w LEFT JOIN strategy_measure t ON t.id = w.id
            UNION ALL SELECT NULL, id, goal_id FROM strategy_measure t
            WHERE NOT EXISTS (SELECT FROM whole_measures w WHERE w.id = t.id))"""
    text = """SELECT l.line, m.line, l.goal_id, m.goal_id FROM {links} l JOIN {measures} m ON m.id = l.measure_id
              WHERE l.goal_id <> m.goal_id"""
    kept = "(SELECT NULL::bigint AS line, id, goal_id, measure_id FROM alignment_link)"
    if "links" not in names:
        yield from sql.streamed(text, links=kept, measures=measures)
        return
    yield from sql.streamed(text, links="whole_links", measures=measures)
    if names & {"goals", "measures"}:
        others = text + " AND NOT EXISTS (SELECT FROM whole_links w WHERE w.id = l.id)"
        yield from sql.streamed(others, links=kept, measures=measures)


def _report_move(above: int, goal: int, stage: Stage) -> None:
    """Reported at the first row of the bundle that moved the measure's goal, or one above it, from below the link's
    goal."""
    moved = sql.rows(
        """SELECT min(w.line) FROM whole_goals w JOIN strategy_goal t ON t.id = w.id
           JOIN strategy_goal m ON m.id = %s AND w.id = ANY(m.path) AND %s = ANY(t.path[:cardinality(t.path) - 1])
           WHERE t.parent_id IS DISTINCT FROM w.parent_id""",
        above,
        goal,
    )
    for (line,) in moved:
        if line is not None and not stage.problems.reported(GOALS.file, line, "parent"):
            wrong = "a link to a goal that this was below names a measure from here"
            stage.problems.add(
                GOALS.file, line, "parent", wrong, "give that link another measure first, or keep the parent"
            )


def refuse_other_milestones(names: set[str], stage: Stage) -> None:
    """A milestone has no other values than 0 and 1, in its check-ins either."""
    if "measures" in names:
        _refuse_values(stage)
    if "check_ins" in names:
        _refuse_check_ins(names, stage)


def _refuse_values(stage: Stage) -> None:
    for column, right in (("baseline", "0"), ("target", "1"), ("current", "0, 1")):
        text = """SELECT line, {column} FROM whole_measures
                  WHERE kind = 'milestone' AND {column} IS NOT NULL AND {column} NOT IN ({right})"""
        for line, value in sql.found(text, column=column, right=right):
            if not stage.problems.reported(MEASURES.file, line, column, "kind"):
                wrong = f"{value.normalize():f} is not of a milestone"
                at = column if stage.has(MEASURES, column) else "kind"
                stage.problems.add(MEASURES.file, line, at, wrong, REACHED_OR_NOT, cell=f"{value.normalize():f}")
    text = """SELECT w.line FROM whole_measures w WHERE w.kind = 'milestone' AND NOT w.is_new
              AND EXISTS (SELECT FROM {target} c WHERE c.measure_id = w.id AND c.value NOT IN (0, 1))"""
    for (line,) in sql.found(text, target=CHECK_INS.target):
        if not stage.problems.reported(MEASURES.file, line, "kind"):
            wrong = "it was checked in with other numbers than 0 and 1"
            stage.problems.add(MEASURES.file, line, "kind", wrong, "keep its kind, and add a milestone beside it")


def _refuse_check_ins(names: set[str], stage: Stage) -> None:
    text = """SELECT w.line, w.value FROM whole_check_ins w JOIN {measures} m ON m.id = w.measure_id
              WHERE m.kind = 'milestone' AND w.value NOT IN (0, 1)"""
    for line, value in sql.found(text, measures=over("measures", names, "kind")):
        if not stage.problems.reported(CHECK_INS.file, line, "value", "measure"):
            wrong, cell = f"{value.normalize():f} is not of a milestone", f"{value.normalize():f}"
            stage.problems.add(CHECK_INS.file, line, "value", wrong, REACHED_OR_NOT, cell=cell)
