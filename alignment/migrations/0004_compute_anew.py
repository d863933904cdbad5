from django.db import migrations


class Migration(migrations.Migration):
    """Leaves the flags and figures that came with the migration before to a worker, where figures are stored."""

    dependencies = [
        ('alignment', '0003_strategies_that_end'),
    ]

    operations = [
        migrations.RunSQL(
            "INSERT INTO alignment_dirty (what, cause_id)"
            " SELECT 'company', cause_id FROM alignment_recompute ORDER BY id DESC LIMIT 1",
            migrations.RunSQL.noop,
        ),
    ]
