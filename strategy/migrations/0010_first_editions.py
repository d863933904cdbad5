"""Gives everything that is published its first edition: what it says when editions begin to be kept."""

from django.db import migrations

BEGIN = """
    WITH RECURSIVE held AS (
        SELECT g.*, g.strategy_id AS of_strategy, g.visibility = 'leaders' AS hidden
            FROM strategy_goal g JOIN strategy_strategy s ON s.id = g.strategy_id
            WHERE g.parent_id IS NULL AND g.team_id IS NULL AND g.status <> 'draft' AND s.status <> 'draft'
        UNION ALL
        SELECT g.*, held.of_strategy, held.hidden OR g.visibility = 'leaders'
            FROM strategy_goal g JOIN held ON g.parent_id = held.id
            WHERE g.team_id IS NULL AND g.status <> 'draft'
    ), said AS (
        SELECT of_strategy, id, hidden, jsonb_build_object(
            'key', coalesce(first_key, key), 'parent', parent_id,
            'title', title, 'why', why, 'kind', kind, 'weight', trim_scale(weight)::text,
            'starts_on', to_char(starts_on, 'YYYY-MM-DD'), 'ends_on', to_char(ends_on, 'YYYY-MM-DD'),
            'visibility', visibility, 'status', status, 'closing_reason', closing_reason,
            'measures', (
                SELECT coalesce(jsonb_object_agg(m.id, jsonb_build_object(
                    'key', coalesce(m.first_key, m.key), 'title', m.title, 'kind', m.kind, 'unit', m.unit,
                    'baseline', trim_scale(m.baseline)::text, 'target', trim_scale(m.target)::text
                )), '{}') FROM strategy_measure m WHERE m.goal_id = held.id
            )
        ) AS says FROM held
    ), begun AS (
        INSERT INTO strategy_edition (strategy_id, number, at, kind, because, says, of_strategy)
            SELECT id, 1, now(), 'begun', '', jsonb_build_object(
                'title', title, 'narrative', narrative,
                'starts_on', to_char(starts_on, 'YYYY-MM-DD'), 'ends_on', to_char(ends_on, 'YYYY-MM-DD')
            ), true
            FROM strategy_strategy s
            WHERE status <> 'draft' AND NOT EXISTS (SELECT FROM strategy_edition e WHERE e.strategy_id = s.id)
            ORDER BY id
            RETURNING id, strategy_id
    )
    INSERT INTO strategy_editiongoal (edition_id, goal_id, says, hidden)
        SELECT begun.id, said.id, said.says, said.hidden
        FROM begun JOIN said ON said.of_strategy = begun.strategy_id ORDER BY begun.id, said.id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0009_measures_of_each_kind'),
    ]

    operations = [
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
