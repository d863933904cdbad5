
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0006_covered_goals'),
        ('strategy', '0004_check_ins_and_closing'),
        ('teams', '0005_written_in_the_browser'),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanyWeek',
            fields=[
                ('effort', models.FloatField()),
                ('aligned', models.FloatField()),
                ('reasoned', models.FloatField()),
                ('endorsed', models.FloatField()),
                ('exploring', models.FloatField()),
                ('sustaining', models.FloatField()),
                ('orphaned', models.FloatField()),
                ('own_choice', models.FloatField()),
                ('own_choice_aligned', models.FloatField()),
                ('initiatives', models.PositiveIntegerField()),
                ('unsized', models.PositiveIntegerField()),
                ('week', models.DateField(primary_key=True, serialize=False)),
                ('as_of', models.DateField()),
                ('at', models.DateTimeField()),
                ('goals_anchored', models.PositiveIntegerField()),
                ('goals_covered', models.PositiveIntegerField()),
                ('priority_fit', models.FloatField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='GoalWeek',
            fields=[
                ('pk', models.CompositePrimaryKey('goal_id', 'week', blank=True, editable=False, primary_key=True, serialize=False)),
                ('goal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='weeks', to='strategy.goal')),
                ('effort', models.FloatField()),
                ('week', models.DateField()),
                ('initiatives', models.PositiveIntegerField()),
                ('teams', models.PositiveIntegerField()),
                ('live', models.BooleanField()),
                ('anchored', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='TeamWeek',
            fields=[
                ('effort', models.FloatField()),
                ('aligned', models.FloatField()),
                ('reasoned', models.FloatField()),
                ('endorsed', models.FloatField()),
                ('exploring', models.FloatField()),
                ('sustaining', models.FloatField()),
                ('orphaned', models.FloatField()),
                ('own_choice', models.FloatField()),
                ('own_choice_aligned', models.FloatField()),
                ('initiatives', models.PositiveIntegerField()),
                ('unsized', models.PositiveIntegerField()),
                ('pk', models.CompositePrimaryKey('team_id', 'together', 'week', blank=True, editable=False, primary_key=True, serialize=False)),
                ('team', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='weeks', to='teams.team')),
                ('week', models.DateField()),
                ('together', models.BooleanField()),
            ],
        ),
        migrations.AddIndex(
            model_name='initiativehistory',
            index=models.Index(fields=['as_of'], name='alignment_history_by_day'),
        ),
        migrations.AddConstraint(
            model_name='companyweek',
            constraint=models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='alignment_companyweek_monday'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5278e69b93fc9a5b6ae1d6f903b5e3ca58fad2b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0b68a', table='alignment_companyweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goalweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8193edf1c5629a80312a69e8e36a05083a364cb1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1ee75', table='alignment_goalweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teamweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='579b6bf0baf2d971ac144c0ce5609770f4d55eba', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b62bd', table='alignment_teamweek', when='BEFORE')),
        ),
    ]
