from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0012_teams_not_here_yet")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="check_in_rhythm",
            field=models.CharField(
                choices=[("week", "Every week"), ("two_weeks", "Every two weeks"), ("month", "Every month")],
                db_default="two_weeks",
                default="two_weeks",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("check_in_rhythm__in", ["week", "two_weeks", "month"])),
                name="teams_company_check_in_rhythm_known",
            ),
        ),
    ]
