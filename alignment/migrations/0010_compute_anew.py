from django.db import migrations


class Migration(migrations.Migration):
    """What links bring was not stored before: without a day of figures, everything is computed anew at the next edit or
    the next minute's sweep, whichever is first."""

    dependencies = [
        ('alignment', '0009_link_figures'),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM alignment_recompute", migrations.RunSQL.noop),
    ]
