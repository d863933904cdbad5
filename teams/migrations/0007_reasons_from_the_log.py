"""Gives work the reason for its status that stands in the log, where its last change of status has one."""

from django.db import migrations

TAKE = """
    UPDATE teams_initiative work SET status_reason = left(last.note->>'reason', 2000)
        FROM (
            SELECT DISTINCT ON (subject_id) subject_id, note FROM teams_logentry
            WHERE subject_kind = 'initiative' AND changes ? 'status' ORDER BY subject_id, id DESC
        ) last
        WHERE last.subject_id = work.id AND last.note ? 'reason';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0006_why_work_has_its_status'),
    ]

    operations = [
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
    ]
