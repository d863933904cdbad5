import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
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
        ('teams', '0001_initial'),
        ('teams', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContextPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('lens', models.CharField(choices=[('strategy', 'Strategy'), ('product', 'Product'), ('operations', 'Operations')], max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True, default='')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='context_pages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='strategy_contextpage_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('title__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='strategy_contextpage_title_filled', violation_error_message='Give a title.'), models.CheckConstraint(condition=models.Q(('title__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_contextpage_title_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('body')), 50000), name='strategy_contextpage_body_limit', violation_error_message='Use at most 50,000 characters.'), models.CheckConstraint(condition=models.Q(('lens__in', ['strategy', 'product', 'operations'])), name='strategy_contextpage_lens_known')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contextpage',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='90bb2de23ffc6313fdc9bb17ff436cf0efc7166a', operation='UPDATE', pgid='pgtrigger_version_67006', table='strategy_contextpage', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Persona',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('problem', models.TextField(blank=True, default='')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='strategy_persona_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('name__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='strategy_persona_name_filled', violation_error_message='Give a name.'), models.CheckConstraint(condition=models.Q(('name__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_persona_name_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('problem')), 50000), name='strategy_persona_problem_limit', violation_error_message='Use at most 50,000 characters.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='persona',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='df722722673c07a85aee20e3676f2f956f41432c', operation='UPDATE', pgid='pgtrigger_version_ab449', table='strategy_persona', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('narrative', models.TextField(blank=True, default='')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='strategies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'strategies',
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='strategy_strategy_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('title__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='strategy_strategy_title_filled', violation_error_message='Give a title.'), models.CheckConstraint(condition=models.Q(('title__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_strategy_title_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('narrative')), 50000), name='strategy_strategy_narrative_limit', violation_error_message='Use at most 50,000 characters.'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'archived'])), name='strategy_strategy_status_known'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='strategy_strategy_dates_in_order', violation_error_message='The end must not be before the start.'), models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(1970, 1, 1)), ('starts_on__lte', datetime.date(2100, 12, 31))), name='strategy_strategy_starts_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', datetime.date(1970, 1, 1)), ('ends_on__lte', datetime.date(2100, 12, 31))), name='strategy_strategy_ends_on_day', violation_error_message='Give a day of the years 1970 to 2100.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='strategy',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='fefc343e3a33a2e7727526db8751bee046c701d0', operation='UPDATE', pgid='pgtrigger_version_d9f53', table='strategy_strategy', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='strategy.goal')),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('strategy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='strategy.strategy')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='teams.team')),
                ('title', models.CharField(max_length=200)),
                ('why', models.TextField(blank=True, default='')),
                ('kind', models.CharField(choices=[('committed', 'Committed'), ('aspirational', 'Aspirational')], default='committed', max_length=12)),
                ('weight', models.DecimalField(decimal_places=4, default=1, max_digits=8)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('achieved', 'Achieved'), ('missed', 'Missed'), ('dropped', 'Dropped')], default='draft', max_length=10)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='goals', to=settings.AUTH_USER_MODEL)),
                ('visibility', models.CharField(choices=[('company', 'Everyone in the company'), ('leaders', 'Leaders only')], default='company', max_length=10)),
                ('meaning_changed_on', models.DateField(blank=True, null=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closing_reason', models.TextField(blank=True, db_default='', default='')),
            ],
            options={
                'indexes': [models.Index(models.F('path'), name='strategy_goal_path'), models.Index(models.F('title'), models.F('id'), name='strategy_goal_by_title'), models.Index(models.F('id'), condition=models.Q(('visibility', 'leaders')), name='strategy_goal_confidential'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('title', name='gin_trgm_ops'), name='strategy_goal_title_trgm')],
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='strategy_goal_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('title__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='strategy_goal_title_filled', violation_error_message='Give a title.'), models.CheckConstraint(condition=models.Q(('title__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_goal_title_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('why', ''), ('why__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'), _connector='OR'), name='strategy_goal_why_not_blank'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('why')), 50000), name='strategy_goal_why_limit', violation_error_message='Use at most 50,000 characters.'), models.CheckConstraint(condition=models.Q(('kind__in', ['committed', 'aspirational'])), name='strategy_goal_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'active', 'achieved', 'missed', 'dropped'])), name='strategy_goal_status_known'), models.CheckConstraint(condition=models.Q(('visibility__in', ['company', 'leaders'])), name='strategy_goal_visibility_known'), models.CheckConstraint(condition=models.Q(('weight__gt', Decimal('0')), ('weight__lte', Decimal('9999.9999'))), name='strategy_goal_weight_range'), models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='strategy_goal_dates_in_order', violation_error_message='The end must not be before the start.'), models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(1970, 1, 1)), ('starts_on__lte', datetime.date(2100, 12, 31))), name='strategy_goal_starts_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', datetime.date(1970, 1, 1)), ('ends_on__lte', datetime.date(2100, 12, 31))), name='strategy_goal_ends_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('meaning_changed_on__gte', datetime.date(1970, 1, 1)), ('meaning_changed_on__lte', datetime.date(2100, 12, 31))), name='strategy_goal_meaning_changed_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('closed_on__gte', datetime.date(1970, 1, 1)), ('closed_on__lte', datetime.date(2100, 12, 31))), name='strategy_goal_closed_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('closing_reason')), 2000), name='strategy_goal_closing_reason_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('path__len__lte', 250)), name='strategy_goal_depth'), models.CheckConstraint(condition=models.Q(models.Q(('parent__isnull', False), ('strategy__isnull', True)), models.Q(('parent__isnull', True), ('strategy__isnull', False), ('team__isnull', True)), models.Q(('parent__isnull', True), ('strategy__isnull', True), ('team__isnull', False)), _connector='OR'), name='strategy_goal_root', violation_error_message='A company goal at the top needs a strategy; any other goal has none.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='path_own', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', declare='DECLARE above bigint[];', func="\n            IF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN\n                RAISE EXCEPTION 'the id of a row of strategy_goal does not change' USING ERRCODE = 'check_violation';\n            END IF;\n            IF NEW.parent_id IS NULL THEN\n                IF TG_OP = 'UPDATE' THEN PERFORM pg_advisory_xact_lock(hashtext('strategy_goal.path')); END IF;\n                NEW.path := ARRAY[NEW.id];\n                RETURN NEW;\n            END IF;\n            IF TG_OP = 'INSERT' THEN\n                PERFORM pg_advisory_xact_lock_shared(hashtext('strategy_goal.path'));\n            ELSE\n                PERFORM pg_advisory_xact_lock(hashtext('strategy_goal.path'));\n            END IF;\n            SELECT path INTO above FROM strategy_goal WHERE id = NEW.parent_id;\n            IF above IS NULL THEN\n                RAISE EXCEPTION 'parent % of % % does not exist', NEW.parent_id, 'strategy_goal', NEW.id\n                    USING ERRCODE = 'foreign_key_violation';\n            ELSIF NEW.id = ANY(above) THEN\n                RAISE EXCEPTION '% % cannot hang below itself', 'strategy_goal', NEW.id\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'strategy_goal_no_cycle';\n            END IF;\n            NEW.path := above || NEW.id;\n            RETURN NEW;\n        ", hash='bbfda41a67e5b6c768885e7450da2cf50641d416', operation='INSERT OR UPDATE OF "id", "parent_id", "path"', pgid='pgtrigger_path_own_55d4d', table='strategy_goal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='path_below', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', declare='DECLARE lost bigint;', func="\n            IF NOT EXISTS (SELECT FROM fresh JOIN stale USING (id) WHERE fresh.path <> stale.path) THEN\n                RETURN NULL;\n            END IF;\n            WITH RECURSIVE moved (id) AS (\n                SELECT id FROM fresh JOIN stale USING (id) WHERE fresh.path <> stale.path\n                UNION SELECT child.id FROM moved JOIN strategy_goal child ON child.parent_id = moved.id\n            ), placed (id, path) AS (\n                SELECT row.id, parent.path || row.id\n                    FROM moved JOIN strategy_goal row USING (id)\n                    LEFT JOIN strategy_goal parent ON parent.id = row.parent_id\n                    WHERE row.parent_id IS NULL OR row.parent_id NOT IN (SELECT id FROM moved)\n                UNION ALL\n                SELECT child.id, placed.path || child.id\n                    FROM placed JOIN strategy_goal child ON child.parent_id = placed.id\n            ), corrected AS (\n                UPDATE strategy_goal row SET path = placed.path\n                    FROM placed WHERE row.id = placed.id AND row.path <> placed.path\n            )\n            SELECT (SELECT count(*) FROM moved) - (SELECT count(*) FROM placed) INTO lost;\n            IF lost > 0 THEN\n                RAISE EXCEPTION '% rows of % would hang below themselves', lost, 'strategy_goal'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'strategy_goal_no_cycle';\n            END IF;\n            RETURN NULL;\n        ", hash='c56de9ed1bf597e77913bf519b162e9ec49b48b9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_path_below_52929', referencing='REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ', table='strategy_goal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goal',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='2c3868ae2db8b50549bb40ef98fb27f732ef02db', operation='UPDATE', pgid='pgtrigger_version_a63fb', table='strategy_goal', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='strategy.goal')),
                ('title', models.CharField(max_length=200)),
                ('unit', models.CharField(blank=True, default='', max_length=40)),
                ('baseline', models.DecimalField(decimal_places=6, default=0, max_digits=21)),
                ('target', models.DecimalField(decimal_places=6, max_digits=21)),
                ('current', models.DecimalField(decimal_places=6, max_digits=21)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z0-9][a-z0-9-]*$')), name='strategy_measure_key_slug', violation_error_message='Use lower-case letters, digits and hyphens, starting with a letter or digit.'), models.CheckConstraint(condition=models.Q(('title__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]')), name='strategy_measure_title_filled', violation_error_message='Give a title.'), models.CheckConstraint(condition=models.Q(('title__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_measure_title_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('unit__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='strategy_measure_unit_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('baseline__gte', Decimal('-999999999999999.999999')), ('baseline__lte', Decimal('999999999999999.999999'))), name='strategy_measure_baseline_range'), models.CheckConstraint(condition=models.Q(('target__gte', Decimal('-999999999999999.999999')), ('target__lte', Decimal('999999999999999.999999'))), name='strategy_measure_target_range'), models.CheckConstraint(condition=models.Q(('current__gte', Decimal('-999999999999999.999999')), ('current__lte', Decimal('999999999999999.999999'))), name='strategy_measure_current_range')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='measure',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='629c92ecb1f5959d43458a0bfc27d6f9fe73b1f0', operation='UPDATE', pgid='pgtrigger_version_c412f', table='strategy_measure', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_ins', to='strategy.measure')),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('value', models.DecimalField(decimal_places=6, max_digits=21)),
                ('note', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(fields=['measure', '-id'], name='strategy_checkin_latest')],
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('note')), 2000), name='strategy_checkin_note_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('value__gte', Decimal('-999999999999999.999999')), ('value__lte', Decimal('999999999999999.999999'))), name='strategy_checkin_value_range')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d1f31b5d66561a76ff2ed455d5636307b9550c35', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_82899', table='strategy_checkin', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='9149ee438104765db182c8d9315ce9039ae6e6d5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_a0dcb', table='strategy_checkin', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='MissionGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mission_goals', to='teams.team')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='missions', to='strategy.goal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'goal'), name='strategy_missiongoal_once')],
            },
        ),
        migrations.AddField(
            model_name='goal',
            name='serving',
            field=models.ManyToManyField(related_name='served_goals', through='strategy.MissionGoal', to='teams.team'),
        ),
        migrations.CreateModel(
            name='TeamPersona',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                ('persona', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='strategy.persona')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'persona'), name='strategy_teampersona_once')],
            },
        ),
        migrations.AddField(
            model_name='persona',
            name='teams',
            field=models.ManyToManyField(related_name='personas', through='strategy.TeamPersona', to='teams.team'),
        ),
    ]
