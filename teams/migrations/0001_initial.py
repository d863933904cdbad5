import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(default='Our company', max_length=200)),
                ('timezone', models.CharField(max_length=64)),
                ('grace_days', models.PositiveSmallIntegerField(default=14)),
                ('silent_days', models.PositiveSmallIntegerField(default=28)),
                ('default_effort', models.DecimalField(decimal_places=2, default=Decimal('1'), max_digits=7)),
            ],
            options={
                'verbose_name_plural': 'company',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='teams_company_only_one'), models.CheckConstraint(condition=models.Q(('name__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='teams_company_name_filled', violation_error_message='Give a name.'), models.CheckConstraint(condition=models.Q(('name__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_company_name_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('grace_days__gte', Decimal('0')), ('grace_days__lte', Decimal('3650'))), name='teams_company_grace_days_range'), models.CheckConstraint(condition=models.Q(('silent_days__gte', Decimal('0')), ('silent_days__lte', Decimal('3650'))), name='teams_company_silent_days_range'), models.CheckConstraint(condition=models.Q(('default_effort__gt', Decimal('0')), ('default_effort__lte', Decimal('99999.99'))), name='teams_company_default_effort_range')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='344085f858dcfe071fc8a1dbab3f4a4dcb06aac6', operation='UPDATE', pgid='pgtrigger_version_9184d', table='teams_company', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('role', models.CharField(choices=[('admin', 'Administrator'), ('leader', 'Leader'), ('member', 'Member'), ('viewer', 'Viewer')], default='member', max_length=10)),
                ('timezone', models.CharField(blank=True, default='', max_length=64)),
                ('is_active', models.BooleanField(default=True)),
                ('invited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('joined_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('digests', models.BooleanField(db_default=True, default=True)),
                ('digests_always', models.BooleanField(db_default=False, default=False)),
                ('digests_since', models.DateTimeField(blank=True, editable=False, null=True)),
                ('digest_weekday', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('digest_hour', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('refused_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('refusal', models.CharField(blank=True, db_default='', default='', editable=False, max_length=1000)),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['name', 'id'],
                'indexes': [models.Index(models.F('name'), models.F('id'), name='teams_person_by_name')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='teams_person_email_once', violation_error_message='Somebody with this e-mail address is here already.'), models.CheckConstraint(condition=models.Q(('name__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='teams_person_name_filled', violation_error_message='Give a name.'), models.CheckConstraint(condition=models.Q(('name__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_person_name_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'leader', 'member', 'viewer'])), name='teams_person_role_known'), models.CheckConstraint(condition=models.Q(('digest_weekday__gte', Decimal('1')), ('digest_weekday__lte', Decimal('7'))), name='teams_person_digest_weekday_range'), models.CheckConstraint(condition=models.Q(('digest_hour__gte', Decimal('0')), ('digest_hour__lte', Decimal('23'))), name='teams_person_digest_hour_range'), models.CheckConstraint(condition=models.Q(('refusal__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_person_refusal_one_line', violation_error_message='Keep this on one line, without control characters.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='a54ab0f4368d43901eeea4be7d11895a45c1f832', operation='UPDATE OF "email", "name", "role", "timezone", "is_active"', pgid='pgtrigger_version_b145c', table='teams_person', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='last_admin', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.role = 'admin' AND OLD.is_active)", constraint='CONSTRAINT', func="\n                    PERFORM pg_advisory_xact_lock(hashtext('teams_person.last_admin'));\n                    IF NOT EXISTS (SELECT FROM teams_person WHERE role = 'admin' AND is_active) THEN\n                        RAISE EXCEPTION 'the company needs an administrator'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_person_last_admin';\n                    END IF;\n                    RETURN NULL;\n                ", hash='5badbaa0412da76769815f9d431692185b4ac928', operation='UPDATE OF "role", "is_active" OR DELETE', pgid='pgtrigger_last_admin_79acb', table='teams_person', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('action', models.CharField(max_length=60)),
                ('format', models.PositiveSmallIntegerField(default=1)),
                ('subject_kind', models.CharField(blank=True, default='', max_length=20)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('row_version', models.PositiveIntegerField(null=True)),
                ('changes', models.JSONField(default=dict)),
                ('note', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name_plural': 'log',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', '-id'], name='teams_log_by_subject'), models.Index(fields=['action', 'at'], name='teams_log_by_action')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ae29e1abba5518f7c28b3eea4a3526630143fdea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_58bd0', table='teams_logentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='13491fe5c4d8701e2ecf0621234bb5a1d5729dd2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b7f4b', table='teams_logentry', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='LogRef',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'object_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refs', to='teams.logentry')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logref',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='add5b2790f26a2a0ddb79c1abb2588a6f57263c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5626e', table='teams_logref', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logref',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='43869cbeaa8f38bafb1760aebde85def05c9db2e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_1cc0a', table='teams_logref', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='StanceRange',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('stance', models.CharField(choices=[('spotlight', 'In the spotlight'), ('core', 'Core'), ('explore', 'Exploring')], max_length=10, primary_key=True, serialize=False)),
                ('coverage_floor', models.DecimalField(decimal_places=6, max_digits=7)),
                ('exploring_floor', models.DecimalField(decimal_places=6, max_digits=7)),
                ('exploring_ceiling', models.DecimalField(decimal_places=6, max_digits=7)),
                ('autonomy_floor', models.DecimalField(decimal_places=6, max_digits=7)),
                ('sustaining_ceiling', models.DecimalField(decimal_places=6, max_digits=7)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stance__in', ['spotlight', 'core', 'explore'])), name='teams_stancerange_stance_known'), models.CheckConstraint(condition=models.Q(('coverage_floor__gte', Decimal('0')), ('coverage_floor__lte', Decimal('1'))), name='teams_stancerange_coverage_floor_range'), models.CheckConstraint(condition=models.Q(('exploring_floor__gte', Decimal('0')), ('exploring_floor__lte', Decimal('1'))), name='teams_stancerange_exploring_floor_range'), models.CheckConstraint(condition=models.Q(('exploring_ceiling__gte', Decimal('0')), ('exploring_ceiling__lte', Decimal('1'))), name='teams_stancerange_exploring_ceiling_range'), models.CheckConstraint(condition=models.Q(('autonomy_floor__gte', Decimal('0')), ('autonomy_floor__lte', Decimal('1'))), name='teams_stancerange_autonomy_floor_range'), models.CheckConstraint(condition=models.Q(('sustaining_ceiling__gte', Decimal('0')), ('sustaining_ceiling__lte', Decimal('1'))), name='teams_stancerange_sustaining_ceiling_range')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stancerange',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='07cee568a60624c7a52c7820c1397f4a45a6eb7d', operation='UPDATE', pgid='pgtrigger_version_a7c8f', table='teams_stancerange', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='teams.team')),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('mission', models.TextField(blank=True, default='')),
                ('stance', models.CharField(choices=[('spotlight', 'In the spotlight'), ('core', 'Core'), ('explore', 'Exploring')], default='core', max_length=10)),
                ('stance_reason', models.CharField(blank=True, default='', max_length=1000)),
                ('stance_until', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('path'), name='teams_team_path'), models.Index(models.F('name'), models.F('id'), name='teams_team_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='teams_team_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('name__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='teams_team_name_filled', violation_error_message='Give a name.'), models.CheckConstraint(condition=models.Q(('name__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_team_name_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('stance_reason__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_team_stance_reason_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('mission', ''), ('mission__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'), _connector='OR'), name='teams_team_mission_not_blank'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('mission')), 2000), name='teams_team_mission_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('stance__in', ['spotlight', 'core', 'explore'])), name='teams_team_stance_known'), models.CheckConstraint(condition=models.Q(('stance_until__gte', datetime.date(1970, 1, 1)), ('stance_until__lte', datetime.date(2100, 12, 31))), name='teams_team_stance_until_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('path__len__lte', 250)), name='teams_team_depth')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='path_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', declare='DECLARE above bigint[];', func="\n            IF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN\n                RAISE EXCEPTION 'the id of a row of teams_team does not change' USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.parent_id IS NULL THEN\n                IF TG_OP = 'UPDATE' THEN PERFORM pg_advisory_xact_lock(hashtext('teams_team.path')); END IF;\n                NEW.path := ARRAY[NEW.id];\n                RETURN NEW;\n            END IF;\n            IF TG_OP = 'INSERT' THEN\n                PERFORM pg_advisory_xact_lock_shared(hashtext('teams_team.path'));\n            ELSE\n                PERFORM pg_advisory_xact_lock(hashtext('teams_team.path'));\n            END IF;\n            SELECT path INTO above FROM teams_team WHERE id = NEW.parent_id;\n            IF above IS NULL THEN\n                RAISE EXCEPTION 'parent % of % % does not exist', NEW.parent_id, 'teams_team', NEW.id\n                    USING ERRCODE = 'foreign_key_violation';\n            ELSIF NEW.id = ANY(above) THEN\n                RAISE EXCEPTION '% % cannot hang below itself', 'teams_team', NEW.id\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_team_no_cycle';\n            END IF;\n            NEW.path := above || NEW.id;\n            RETURN NEW;\n        ", hash='4df31a614c16cd34de938e8c25dc8321d3b7ac77', operation='INSERT OR UPDATE OF "id", "parent_id", "path"', pgid='pgtrigger_path_own_acb9d', table='teams_team', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='path_below', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', declare='DECLARE lost bigint;', func="\n            IF NOT EXISTS (SELECT FROM fresh JOIN stale USING (id) WHERE fresh.path <> stale.path) THEN\n                RETURN NULL;\n            END IF;\n            WITH RECURSIVE moved (id) AS (\n                SELECT id FROM fresh JOIN stale USING (id) WHERE fresh.path <> stale.path\n                UNION SELECT child.id FROM moved JOIN teams_team child ON child.parent_id = moved.id\n            ), placed (id, path) AS (\n                SELECT row.id, parent.path || row.id\n                    FROM moved JOIN teams_team row USING (id)\n                    LEFT JOIN teams_team parent ON parent.id = row.parent_id\n                    WHERE row.parent_id IS NULL OR row.parent_id NOT IN (SELECT id FROM moved)\n                UNION ALL\n                SELECT child.id, placed.path || child.id\n                    FROM placed JOIN teams_team child ON child.parent_id = placed.id\n            ), corrected AS (\n                UPDATE teams_team row SET path = placed.path\n                    FROM placed WHERE row.id = placed.id AND row.path <> placed.path\n            )\n            SELECT (SELECT count(*) FROM moved) - (SELECT count(*) FROM placed) INTO lost;\n            IF lost > 0 THEN\n                RAISE EXCEPTION '% rows of % would hang below themselves', lost, 'teams_team'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_team_no_cycle';\n            END IF;\n            RETURN NULL;\n        ", hash='2c95702d4b6fd248aade3b2a17cd6d3e960ef2a6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_path_below_1b7a5', referencing='REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ', table='teams_team', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='team',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='8fbfa0628123244a86fc18b4f0721996be8b89fe', operation='UPDATE', pgid='pgtrigger_version_12882', table='teams_team', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Initiative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='teams.team')),
                ('title', models.CharField(max_length=200)),
                ('problem', models.TextField(blank=True, default='')),
                ('kind', models.CharField(choices=[('goal', 'Goal work'), ('explore', 'Exploration'), ('sustain', 'Upkeep')], default='goal', max_length=10)),
                ('origin', models.CharField(choices=[('team', 'Chosen by the team'), ('assigned', 'Assigned')], default='team', max_length=10)),
                ('effort', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('status', models.CharField(choices=[('proposed', 'Proposed'), ('active', 'Active'), ('paused', 'Paused'), ('done', 'Done'), ('dropped', 'Dropped')], default='proposed', max_length=10)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='initiatives', to=settings.AUTH_USER_MODEL)),
                ('url', models.CharField(blank=True, default='', max_length=2000, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])])),
                ('touched_on', models.DateField()),
                ('declaration', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'indexes': [models.Index(models.F('title'), models.F('id'), name='teams_initiative_by_title'), models.Index(models.F('touched_on'), models.F('id'), name='teams_initiative_by_touched'), models.Index(fields=['team', 'title', 'id'], name='teams_initiative_by_team'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('title', name='gin_trgm_ops'), name='teams_initiative_title_trgm')],
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='teams_initiative_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('title__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='teams_initiative_title_filled', violation_error_message='Give a title.'), models.CheckConstraint(condition=models.Q(('title__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_initiative_title_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('url__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_initiative_url_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('problem')), 50000), name='teams_initiative_problem_limit', violation_error_message='Use at most 50,000 characters.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('declaration')), 2000), name='teams_initiative_declaration_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('kind__in', ['goal', 'explore', 'sustain'])), name='teams_initiative_kind_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['team', 'assigned'])), name='teams_initiative_origin_known'), models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'active', 'paused', 'done', 'dropped'])), name='teams_initiative_status_known'), models.CheckConstraint(condition=models.Q(('effort__gt', Decimal('0')), ('effort__lte', Decimal('99999.99'))), name='teams_initiative_effort_range'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='teams_initiative_dates_in_order', violation_error_message='The end must not be before the start.'), models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(1970, 1, 1)), ('starts_on__lte', datetime.date(2100, 12, 31))), name='teams_initiative_starts_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', datetime.date(1970, 1, 1)), ('ends_on__lte', datetime.date(2100, 12, 31))), name='teams_initiative_ends_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('touched_on__gte', datetime.date(1970, 1, 1)), ('touched_on__lte', datetime.date(2100, 12, 31))), name='teams_initiative_touched_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'explore'), _negated=True), ('ends_on__isnull', False), _connector='OR'), name='teams_initiative_exploration_ends', violation_error_message='An exploration needs an end: give the day it stops.'), models.CheckConstraint(condition=models.Q(('url', ''), ('url__regex', '^https?://\\S+$'), _connector='OR'), name='teams_initiative_url_web')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='5e1b5c19d552f1f164e1768bed89788b4f120c64', operation='UPDATE OF "key", "team_id", "title", "problem", "kind", "origin", "effort", "status", "starts_on", "ends_on", "owner_id", "url", "declaration"', pgid='pgtrigger_version_91f76', table='teams_initiative', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='asks_others', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.team_id <> NEW.team_id)', constraint='CONSTRAINT', func="\n                    IF EXISTS (SELECT FROM teams_support s\n                               JOIN teams_initiative i ON i.id = s.initiative_id AND i.team_id = s.team_id\n                               WHERE i.id = NEW.id) THEN\n                        RAISE EXCEPTION 'a team does not ask itself for support'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_support_of_others';\n                    END IF;\n                    RETURN NULL;\n                ", hash='10a1959761d62d502d515bee58907f6c532d2995', operation='UPDATE OF "team_id"', pgid='pgtrigger_asks_others_15d43', table='teams_initiative', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='teams.team')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('member', 'Member')], default='member', max_length=10)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'person'), name='teams_membership_once'), models.CheckConstraint(condition=models.Q(('role__in', ['lead', 'member'])), name='teams_membership_role_known')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='7ef16a4aec2301e0dc9b8d5d4db1238e0cba5bce', operation='UPDATE', pgid='pgtrigger_version_6c86f', table='teams_membership', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='team',
            name='people',
            field=models.ManyToManyField(related_name='teams', through='teams.Membership', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='support', to='teams.initiative')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='support_asked', to='teams.team')),
                ('ask', models.CharField(blank=True, default='', max_length=1000)),
                ('size', models.CharField(choices=[('small', 'Small'), ('medium', 'Medium'), ('large', 'Large')], default='medium', max_length=10)),
                ('status', models.CharField(choices=[('asked', 'Asked'), ('pledged', 'Pledged'), ('declined', 'Declined'), ('delivered', 'Delivered')], default='asked', max_length=10)),
                ('asked_on', models.DateField()),
                ('answer', models.CharField(blank=True, db_default='', default='', max_length=1000)),
            ],
            options={
                'verbose_name_plural': 'support',
                'constraints': [models.UniqueConstraint(fields=('initiative', 'team'), name='teams_support_once'), models.CheckConstraint(condition=models.Q(('ask__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_support_ask_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('answer__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_support_answer_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('size__in', ['small', 'medium', 'large'])), name='teams_support_size_known'), models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'pledged', 'declined', 'delivered'])), name='teams_support_status_known'), models.CheckConstraint(condition=models.Q(('asked_on__gte', datetime.date(1970, 1, 1)), ('asked_on__lte', datetime.date(2100, 12, 31))), name='teams_support_asked_on_day', violation_error_message='Give a day of the years 1970 to 2100.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='support',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='b564db5df674b0bc65cc6f60e9922cc5044e808d', operation='UPDATE', pgid='pgtrigger_version_a3810', table='teams_support', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='support',
            trigger=pgtrigger.compiler.Trigger(name='asks_others', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n                    IF EXISTS (SELECT FROM teams_support s\n                               JOIN teams_initiative i ON i.id = s.initiative_id AND i.team_id = s.team_id\n                               WHERE s.id = NEW.id) THEN\n                        RAISE EXCEPTION 'a team does not ask itself for support'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_support_of_others';\n                    END IF;\n                    RETURN NULL;\n                ", hash='a697e9cc8c023d97ef8d15eb87bfa4fa5c24ddfa', operation='INSERT OR UPDATE OF "initiative_id", "team_id"', pgid='pgtrigger_asks_others_621ef', table='teams_support', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
