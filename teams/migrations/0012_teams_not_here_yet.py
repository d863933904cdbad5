from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0011_archived_teams")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="is_here",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index("id", condition=models.Q(("is_here", False)), name="teams_team_not_here"),
        ),
    ]
