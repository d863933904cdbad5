import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0007_notes_from_the_log'),
        ('teams', '0012_teams_not_here_yet'),
    ]

    operations = [
        migrations.AlterField(
            model_name='initiativehistory',
            name='initiative',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='teams.initiative'),
        ),
    ]
