"""Keeps `Goal.hidden_by` in the database, whatever writes the rows.

Who may see a goal depends on everything above it (DESIGN.md, *Visibility*), and most pages ask it of many goals. Almost
all goals are for everybody. Their `hidden_by` is empty, so asking costs a comparison; looking for hidden goals among
those above each goal took most of the time of a page of a large strategy. Goals are asked about far more often than
drafts are written, so the writer pays.
"""

from __future__ import annotations

import pgtrigger

_FOLLOW = """
    WITH RECURSIVE reached (id) AS (
        {which}
        UNION SELECT child.id FROM reached JOIN strategy_goal child ON child.parent_id = reached.id
    ), line AS (
        SELECT goal.id AS goal, step.place, above.id, above.visibility = 'leaders' AS marked,
                above.status = 'draft' OR coalesce(strategy.status = 'draft', false) AS draft
            FROM reached JOIN strategy_goal goal USING (id)
            CROSS JOIN LATERAL unnest(goal.path) WITH ORDINALITY AS step (id, place)
            JOIN strategy_goal above ON above.id = step.id
            LEFT JOIN strategy_strategy strategy ON strategy.id = above.strategy_id
    ), step AS (
        SELECT *, draft AND NOT coalesce(bool_or(draft) OVER (
                PARTITION BY goal ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), false) AS first_draft
            FROM line
    ), found AS (
        SELECT goal, coalesce(
                array_agg(id ORDER BY place) FILTER (WHERE marked OR first_draft), ARRAY[]::bigint[]
            ) AS hidden_by
            FROM step GROUP BY goal
    )
    UPDATE strategy_goal row SET hidden_by = found.hidden_by
        FROM found WHERE row.id = found.goal AND row.hidden_by <> found.hidden_by;
"""
_CHANGED = """
    SELECT id FROM (
        SELECT id, path, visibility, status = 'draft', strategy_id, hidden_by FROM fresh
        EXCEPT SELECT id, path, visibility, status = 'draft', strategy_id, hidden_by FROM stale
    ) changed
"""
"""EXCEPT, because a join of the two may be planned for one row and then meet thousands."""


def _followed(which: str) -> str:
    """The body of a trigger's function; `which` selects the ids of goals that changed."""
    return f"IF EXISTS ({which}) THEN {_FOLLOW.format(which=which)} END IF; RETURN NULL;"


def followed_by_goals() -> list[pgtrigger.Trigger]:
    """For goals: after a statement, sets `hidden_by` of what it wrote and of all below. They run after the trigger of
    paths, as triggers do in the order of their names."""
    return [
        pgtrigger.Trigger(
            name="seen_insert",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="fresh"),
            func=_followed("SELECT id FROM fresh"),
        ),
        pgtrigger.Trigger(
            name="seen_update",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            referencing=pgtrigger.Referencing(old="stale", new="fresh"),
            func=_followed(_CHANGED),
        ),
    ]


def followed_by_strategy() -> list[pgtrigger.Trigger]:
    """For strategies: after one became a draft or was published, sets `hidden_by` of its goals."""
    which = "SELECT id FROM strategy_goal WHERE strategy_id = NEW.id"
    return [
        pgtrigger.Trigger(
            name="seen",
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("status"),
            condition=pgtrigger.Condition("OLD.status <> NEW.status AND 'draft' IN (OLD.status, NEW.status)"),
            func=_followed(which),
        )
    ]
