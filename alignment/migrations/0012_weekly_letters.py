import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0011_say_what_counts_means'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
        ),
        migrations.CreateModel(
            name='Digest',
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
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='alignment_digest_only_one'), models.CheckConstraint(condition=models.Q(('weekday__gte', Decimal('1')), ('weekday__lte', Decimal('7'))), name='alignment_digest_weekday_range'), models.CheckConstraint(condition=models.Q(('hour__gte', Decimal('0')), ('hour__lte', Decimal('23'))), name='alignment_digest_hour_range'), models.CheckConstraint(condition=models.Q(('started_at__isnull', True), ('previewed_at__isnull', False), _connector='OR'), name='alignment_digest_previewed_first')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='digest',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='b3c162fee02744ff9f8be0e2b9c36db197a2cf0c', operation='UPDATE OF "weekday", "hour", "started_at", "paused_at"', pgid='pgtrigger_version_1e217', table='alignment_digest', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='letter',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters_of_weeks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(models.F('state'), models.F('not_before'), models.F('id'), condition=models.Q(('state__in', ('due', 'built'))), name='alignment_letter_waiting'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(models.F('week'), models.F('state'), name='alignment_letter_by_week'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('person', 'week'), name='alignment_letter_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'built', 'sent', 'nothing', 'failed', 'missed'])), name='alignment_letter_state_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='alignment_letter_week_begins_on_monday'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__lt', models.F('ends_at'))), name='alignment_letter_due_in_its_week'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='alignment_letter_sent_at'),
        ),
    ]
