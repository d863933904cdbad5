
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0007_weekly_snapshots'),
        ('strategy', '0004_check_ins_and_closing'),
        ('teams', '0006_links_are_no_edits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(models.F('code'), models.F('id'), condition=models.Q(('resolved_on__isnull', True), ('snoozed_until__isnull', False)), name='alignment_flag_snoozed'),
        ),
    ]
