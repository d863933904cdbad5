"""The rules of the two trees: no cycles, a maximum depth, and roots that are goals of a strategy or of a team."""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.checks.forest import Forest
from exchange.bundle.format.columns import Table
from exchange.bundle.format.tables import GOALS
from exchange.bundle.staging import Stage
from lib.db.triggers import TREE_DEPTH_LIMIT

CHAIN_SHOWN = 6


def refuse_bad_trees(table: Table, forest: Forest, stage: Stage) -> None:
    lines: dict[int, int] = dict(sql.rows("SELECT id, line FROM whole_{name}", name=table.name))
    for cycle in forest.cycles:
        text = """SELECT id, key FROM ids_{name} WHERE id = ANY(%s) UNION ALL
                  SELECT id, key FROM {target} WHERE id = ANY(%s)"""
        keys: dict[int, str] = dict(sql.rows(text, cycle, cycle, name=table.name, target=table.target))
        _refuse_cycle(table, cycle, keys, lines, stage)
    _refuse_depth(table, forest, lines, stage)


def _refuse_cycle(table: Table, cycle: list[int], keys: dict[int, str], lines: dict[int, int], stage: Stage) -> None:
    """Reports each row of the bundle in the cycle: any of them may be the wrong one."""
    size = len(cycle)
    for place, node in enumerate(cycle):
        if node not in lines:
            continue
        first = [keys[cycle[(place + step) % size]] or "?" for step in range(min(size, CHAIN_SHOWN - 1))]
        chain = [*first, *["…"] * (size >= CHAIN_SHOWN), keys[node] or "?"]
        around = " → ".join(chain) if size > 1 else ""
        wrong = f"this hangs below itself ({around})" if around else "this hangs below itself"
        right = f"use another {table.noun} as parent, or none"
        stage.problems.add(table.file, lines[node], "parent", wrong, right, cell=around)


def _refuse_depth(table: Table, forest: Forest, lines: dict[int, int], stage: Stage) -> None:
    """Reported at the row of the bundle where the tree gets too deep, or at the nearest above it."""
    found = set()
    for node, depth in forest.depths.items():
        if depth == TREE_DEPTH_LIMIT:
            found.add(next((lines[above] for above in forest.up(node) if above in lines), None))
    for line in found - {None}:
        wrong = f"more than {TREE_DEPTH_LIMIT} {table.name} would hang below one another"
        stage.problems.add(table.file, line, "parent", wrong, f"use a {table.noun} further up")


def refuse_bad_roots(forest: Forest, stage: Stage) -> None:
    """A company's root goal is in a strategy, a team's own in none; below a root the cell is blank or the same."""
    column = "strategy" if stage.has(GOALS, "strategy") else "team" if stage.has(GOALS, "team") else "parent"
    roots = sql.found(
        """SELECT line, team_id IS NULL FROM whole_goals
           WHERE parent_id IS NULL AND (team_id IS NULL) = (strategy_id IS NULL)"""
    )
    for line, company in roots:
        if stage.problems.reported(GOALS.file, line, "parent", "strategy", "team"):
            continue
        if company:
            stage.problems.add(
                GOALS.file,
                line,
                "strategy",
                "a company goal at the top without a strategy",
                "give its strategy, a parent or a team",
            )
        else:
            stage.problems.add(
                GOALS.file,
                line,
                column,
                "a team's own goal at the top is in no strategy",
                "leave the strategy blank, or the team",
            )
    if stage.has(GOALS, "strategy"):
        _refuse_other_strategies(forest, stage)


def _refuse_other_strategies(forest: Forest, stage: Stage) -> None:
    said = sql.rows(
        "SELECT line, id, strategy_id FROM whole_goals WHERE parent_id IS NOT NULL AND strategy_id IS NOT NULL"
    )
    if not said:
        return
    lines: dict[int, int] = dict(sql.rows("SELECT id, line FROM whole_goals"))
    own: dict[int, int | None] = dict(
        sql.rows(
            """SELECT id, strategy_id FROM whole_goals WHERE parent_id IS NULL UNION ALL
               SELECT id, strategy_id FROM strategy_goal t
               WHERE parent_id IS NULL AND NOT EXISTS (SELECT FROM whole_goals w WHERE w.id = t.id)"""
        )
    )
    for line, node, strategy in said:
        root = forest.roots.get(node)
        if root is None or own.get(root) == strategy or stage.problems.reported(GOALS.file, line, "strategy", "parent"):
            continue
        if root in lines and stage.problems.reported(GOALS.file, lines[root], "strategy", "parent", "team"):
            continue
        right = "leave this blank, or name that one" if own.get(root) else "leave this blank: it is a team's own"
        stage.problems.add(GOALS.file, line, "strategy", "this is not the strategy of the goal at its top", right)
