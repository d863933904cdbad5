
import datetime
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0004_days_and_measures_in_range'),
        ('strategy', '0004_check_ins_and_closing'),
        ('teams', '0005_written_in_the_browser'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dirty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('initiative', 'an initiative, and what its effort reaches'), ('goal', 'a goal and all below it, with the work linked to them'), ('team', 'a team'), ('company', 'everything'), ('counts', 'how many contribute to a goal and to those above it'), ('fit', 'which top goals are starved or crowded')], max_length=10)),
                ('of', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name_plural': 'dirty',
            },
        ),
        migrations.AddField(
            model_name='flag',
            name='snooze_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='flag',
            name='snoozed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flag',
            name='snoozed_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='link',
            name='judged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='link',
            name='judged_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='link',
            name='note',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('snooze_reason__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='alignment_flag_snooze_reason_one_line', violation_error_message='Keep this on one line, without control characters.'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('snoozed_until__gte', datetime.date(1970, 1, 1)), ('snoozed_until__lte', datetime.date(2100, 12, 31))), name='alignment_flag_snoozed_until_day', violation_error_message='Give a day of the years 1970 to 2100.'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('snoozed_until__isnull', True), ('snooze_reason__regex', '\\S'), _connector='OR'), name='alignment_flag_snoozed_for_a_reason', violation_error_message='Say why it can wait.'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('note')), 2000), name='alignment_link_note_limit', violation_error_message='Use at most 2,000 characters.'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('judged_on__gte', datetime.date(1970, 1, 1)), ('judged_on__lte', datetime.date(2100, 12, 31))), name='alignment_link_judged_on_day', violation_error_message='Give a day of the years 1970 to 2100.'),
        ),
        migrations.AddField(
            model_name='dirty',
            name='cause',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry'),
        ),
    ]
