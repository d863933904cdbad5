import datetime

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0010_people_found_by_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='archived_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('archived_on__gte', datetime.date(1970, 1, 1)), ('archived_on__lte', datetime.date(2100, 12, 31))), name='teams_team_archived_on_day', violation_error_message='Give a day of the years 1970 to 2100.'),
        ),
    ]
