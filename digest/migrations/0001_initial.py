import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('teams', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests_of_weeks', to=settings.AUTH_USER_MODEL)),
                ('week', models.DateField()),
                ('due_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('state', models.CharField(choices=[('due', 'Due'), ('built', 'Built'), ('sent', 'Sent'), ('nothing', 'Nothing to say'), ('failed', 'Failed'), ('missed', 'Missed')], default='due', max_length=10)),
                ('subject', models.CharField(blank=True, default='', max_length=300)),
                ('content', models.JSONField(blank=True, null=True)),
                ('built_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', max_length=1000)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('state'), models.F('not_before'), models.F('id'), condition=models.Q(('state__in', ('due', 'built'))), name='digest_digest_waiting'), models.Index(models.F('week'), models.F('state'), name='digest_digest_by_week')],
                'constraints': [models.UniqueConstraint(fields=('person', 'week'), name='digest_digest_once'), models.CheckConstraint(condition=models.Q(('state__in', ['due', 'built', 'sent', 'nothing', 'failed', 'missed'])), name='digest_digest_state_known'), models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='digest_digest_week_begins_on_monday'), models.CheckConstraint(condition=models.Q(('due_at__lt', models.F('ends_at'))), name='digest_digest_due_in_its_week'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='digest_digest_sent_at')],
            },
        ),
        migrations.CreateModel(
            name='DigestSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('weekday', models.PositiveSmallIntegerField(default=1)),
                ('hour', models.PositiveSmallIntegerField(default=8)),
                ('previewed_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('planned_to', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='digest_digestsettings_only_one'), models.CheckConstraint(condition=models.Q(('weekday__gte', Decimal('1')), ('weekday__lte', Decimal('7'))), name='digest_digestsettings_weekday_range'), models.CheckConstraint(condition=models.Q(('hour__gte', Decimal('0')), ('hour__lte', Decimal('23'))), name='digest_digestsettings_hour_range'), models.CheckConstraint(condition=models.Q(('started_at__isnull', True), ('previewed_at__isnull', False), _connector='OR'), name='digest_digestsettings_previewed_first')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='digestsettings',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='ca07fd4cde823e68e06bbf5d04155925e1d16a56', operation='UPDATE OF "weekday", "hour", "started_at", "paused_at"', pgid='pgtrigger_version_fbbbd', table='digest_digestsettings', when='BEFORE')),
        ),
    ]
