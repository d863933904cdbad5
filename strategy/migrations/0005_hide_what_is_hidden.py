"""Says of the goals that are there what hides them, without a new version of any."""

from django.db import migrations

HIDE = """
    WITH RECURSIVE reached (id) AS (
        SELECT id FROM strategy_goal
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


class Migration(migrations.Migration):
    dependencies = [("strategy", "0004_what_hides_a_goal")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE strategy_goal DISABLE TRIGGER USER",
                HIDE,
                "ALTER TABLE strategy_goal ENABLE TRIGGER USER",
            ],
            migrations.RunSQL.noop,
        )
    ]
