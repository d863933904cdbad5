import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0008_history_of_removed_work'),
        ('strategy', '0018_intent'),
        ('teams', '0014_purpose'),
    ]

    operations = [
        migrations.AddField(
            model_name='linkfigures',
            name='endorsed',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AlterField(
            model_name='linkfigures',
            name='initiative',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.initiative'),
        ),
        migrations.AlterField(
            model_name='linkfigures',
            name='link',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='figures', serialize=False, to='alignment.link'),
        ),
        migrations.CreateModel(
            name='LinkHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('claimed', 'Claimed'), ('endorsed', 'Endorsed'), ('disputed', 'Disputed')], max_length=10)),
                ('amount', models.FloatField()),
                ('as_of', models.DateField()),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry')),
                ('goal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='strategy.goal')),
                ('initiative', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.initiative')),
                ('link', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='alignment.link')),
            ],
            options={
                'verbose_name_plural': 'link history',
                'indexes': [models.Index(fields=['link', '-id'], name='alignment_link_latest')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linkhistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1f9fccc5f08b0077c3e027fa6b0e905115a76615', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a6a71', table='alignment_linkhistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='linkhistory',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='dbaf03c11084af92e2dee2d844a8390205f03aac', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_06d58', table='alignment_linkhistory', when='BEFORE')),
        ),
    ]
