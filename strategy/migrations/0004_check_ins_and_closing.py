
import datetime
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0003_days_and_measures_in_range'),
        ('teams', '0005_written_in_the_browser'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('value', models.DecimalField(decimal_places=6, max_digits=21)),
                ('note', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.AddField(
            model_name='goal',
            name='closed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='goal',
            name='closing_reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__gte', datetime.date(1970, 1, 1)), ('closed_on__lte', datetime.date(2100, 12, 31))), name='strategy_goal_closed_on_day', violation_error_message='Give a day of the years 1970 to 2100.'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('closing_reason')), 2000), name='strategy_goal_closing_reason_limit', violation_error_message='Use at most 2,000 characters.'),
        ),
        migrations.AddField(
            model_name='checkin',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='strategy.measure'),
        ),
        migrations.AddField(
            model_name='checkin',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='checkin',
            index=models.Index(fields=['measure', '-id'], name='strategy_checkin_latest'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('note')), 2000), name='strategy_checkin_note_limit', violation_error_message='Use at most 2,000 characters.'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', Decimal('-999999999999999.999999')), ('value__lte', Decimal('999999999999999.999999'))), name='strategy_checkin_value_range'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d1f31b5d66561a76ff2ed455d5636307b9550c35', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_82899', table='strategy_checkin', when='BEFORE')),
        ),
    ]
