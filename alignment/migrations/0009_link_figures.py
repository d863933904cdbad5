
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0008_snoozed_flags'),
        ('strategy', '0004_check_ins_and_closing'),
        ('teams', '0006_links_are_no_edits'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkFigures',
            fields=[
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='alignment.link')),
                ('amount', models.FloatField()),
                ('goal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='strategy.goal')),
                ('initiative', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.initiative')),
            ],
            options={
                'verbose_name_plural': 'link figures',
            },
        ),
    ]
