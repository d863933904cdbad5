"""Gives links what was seen when their outcome was recorded last, which stands in the log."""

from django.db import migrations

TAKE = """
    UPDATE alignment_link link SET outcome_note = left(last.note->>'said', 2000)
        FROM (
            SELECT DISTINCT ON (subject_id) subject_id, note FROM teams_logentry
            WHERE action = 'link.outcome_recorded' ORDER BY subject_id, id DESC
        ) last
        WHERE last.subject_id = link.id AND last.note ? 'said';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0006_what_was_seen'),
    ]

    operations = [
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
    ]
