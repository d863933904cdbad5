import datetime
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


MEASURES_STAY_BELOW = """
CREATE FUNCTION alignment_measures_stay_below() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved bigint;
BEGIN
    moved := NEW.id;
    IF EXISTS (SELECT FROM alignment_link l
               JOIN strategy_measure m ON m.id = l.measure_id
               JOIN strategy_goal g ON g.id = m.goal_id
               WHERE NOT l.goal_id = ANY(g.path)
                   AND CASE TG_TABLE_NAME WHEN 'strategy_goal' THEN moved = g.id ELSE moved = m.id END) THEN
        RAISE EXCEPTION 'a link names a measure of its goal or of one below it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_measure_below';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER alignment_measures_stay_below AFTER UPDATE ON strategy_goal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION alignment_measures_stay_below();
CREATE CONSTRAINT TRIGGER alignment_measures_stay_below AFTER UPDATE ON strategy_measure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.goal_id <> NEW.goal_id) EXECUTE FUNCTION alignment_measures_stay_below();
"""
NO_LONGER_BELOW = """
DROP TRIGGER alignment_measures_stay_below ON strategy_goal;
DROP TRIGGER alignment_measures_stay_below ON strategy_measure;
DROP FUNCTION alignment_measures_stay_below();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('strategy', '0001_initial'),
        ('teams', '0001_initial'),
        ('teams', '__first__'),
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
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='alignment_companyweek_monday')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5278e69b93fc9a5b6ae1d6f903b5e3ca58fad2b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0b68a', table='alignment_companyweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='59c4b80f66bcd8e395792625d8e4fdef363719d0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_feefb', table='alignment_companyweek', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Dirty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('initiative', 'an initiative, and what its effort reaches'), ('goal', 'a goal and all below it, with the work linked to them'), ('team', 'a team'), ('company', 'everything'), ('counts', 'how many contribute to the goals of large trees'), ('fit', 'which top goals are starved or crowded')], max_length=10)),
                ('of', models.BigIntegerField(null=True)),
                ('cause', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry')),
            ],
            options={
                'verbose_name_plural': 'dirty',
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('orphan', 'Reaches nothing'), ('disconnected', 'Linked, and reaches nothing'), ('partly_orphaned', 'Reaches the strategy in part'), ('exploration_overrun', 'Exploration past its end'), ('unreasoned', 'A link without a reason'), ('reconfirm', "The goal's meaning changed"), ('review_due', 'A bet is due for review'), ('belief_failed', 'The bet failed, the work goes on'), ('unsized', 'Not sized'), ('silent', 'Nobody has touched it'), ('uncovered', 'Nobody works on it'), ('unexplained', 'No why'), ('unmeasured', 'No measure'), ('expired', 'Past its end, still active'), ('island', 'Leads to no company goal'), ('starved', 'Less work than its weight'), ('crowded', 'More work than its weight'), ('no_mission', 'No mission'), ('untied_mission', 'Mission serves no company goal'), ('under_aligned', 'Less alignment than its stance asks'), ('over_exploring', 'More exploration than its stance asks'), ('squeezed', 'No room left to explore'), ('directed', 'Little of its work is its own choice'), ('over_sustaining', 'Mostly upkeep'), ('stance_expired', 'Its stance has ended'), ('unsupported', 'In the spotlight, without the support it asked for')], max_length=20)),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='teams.initiative')),
                ('goal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='strategy.goal')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='teams.team')),
                ('first_seen', models.DateField()),
                ('cause', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry')),
                ('resolved_on', models.DateField(blank=True, null=True)),
                ('snoozed_until', models.DateField(blank=True, null=True)),
                ('snooze_reason', models.CharField(blank=True, db_default='', default='', max_length=1000)),
                ('snoozed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('code'), models.F('id'), condition=models.Q(('resolved_on__isnull', True)), name='alignment_flag_open'), models.Index(models.F('code'), models.F('id'), condition=models.Q(('resolved_on__isnull', True), ('snoozed_until__isnull', False)), name='alignment_flag_snoozed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__in', ['orphan', 'disconnected', 'partly_orphaned', 'exploration_overrun', 'unreasoned', 'reconfirm', 'review_due', 'belief_failed', 'unsized', 'silent', 'uncovered', 'unexplained', 'unmeasured', 'expired', 'island', 'starved', 'crowded', 'no_mission', 'untied_mission', 'under_aligned', 'over_exploring', 'squeezed', 'directed', 'over_sustaining', 'stance_expired', 'unsupported'])), name='alignment_flag_code_known'), models.UniqueConstraint(condition=models.Q(('initiative__isnull', False), ('resolved_on__isnull', True)), fields=('initiative', 'code'), name='alignment_flag_initiative_once'), models.UniqueConstraint(condition=models.Q(('goal__isnull', False), ('resolved_on__isnull', True)), fields=('goal', 'code'), name='alignment_flag_goal_once'), models.UniqueConstraint(condition=models.Q(('resolved_on__isnull', True), ('team__isnull', False)), fields=('team', 'code'), name='alignment_flag_team_once'), models.CheckConstraint(condition=models.Q(models.Q(('goal__isnull', True), ('initiative__isnull', False), ('team__isnull', True)), models.Q(('goal__isnull', False), ('initiative__isnull', True), ('team__isnull', True)), models.Q(('goal__isnull', True), ('initiative__isnull', True), ('team__isnull', False)), _connector='OR'), name='alignment_flag_one_subject'), models.CheckConstraint(condition=models.Q(('resolved_on__isnull', True), ('resolved_on__gte', models.F('first_seen')), _connector='OR'), name='alignment_flag_dates_in_order'), models.CheckConstraint(condition=models.Q(('snooze_reason__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='alignment_flag_snooze_reason_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('snoozed_until__gte', datetime.date(1970, 1, 1)), ('snoozed_until__lte', datetime.date(2100, 12, 31))), name='alignment_flag_snoozed_until_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('snoozed_until__isnull', True), ('snooze_reason__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'), _connector='OR'), name='alignment_flag_snoozed_for_a_reason', violation_error_message='Say why it can wait.')],
            },
        ),
        migrations.CreateModel(
            name='GoalFigures',
            fields=[
                ('goal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='strategy.goal')),
                ('live', models.BooleanField()),
                ('anchored', models.BooleanField()),
                ('covered', models.BooleanField(db_default=False)),
                ('reason', models.CharField(blank=True, choices=[('disputed', "the goal's owner disputes the link"), ('goal_draft', 'the goal is still a draft'), ('goal_closed', 'the goal is closed'), ('goal_not_started', 'the goal has not started'), ('goal_expired', "the goal's end has passed"), ('ancestor_not_live', 'a goal above it is not live'), ('team_root', "it leads to a team's own goal, not to a company goal"), ('strategy_not_published', 'its strategy is not published'), ('strategy_out_of_dates', 'its strategy is out of its dates')], max_length=24)),
                ('effort', models.FloatField()),
                ('initiatives', models.PositiveIntegerField()),
                ('teams', models.PositiveIntegerField()),
                ('unsized', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'goal figures',
            },
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
        pgtrigger.migrations.AddTrigger(
            model_name='goalweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8193edf1c5629a80312a69e8e36a05083a364cb1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1ee75', table='alignment_goalweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goalweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='c1f77cad8b4281578deb61722e802532f76a52af', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_83583', table='alignment_goalweek', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='InitiativeFigures',
            fields=[
                ('effort', models.FloatField()),
                ('aligned', models.FloatField()),
                ('reasoned', models.FloatField()),
                ('endorsed', models.FloatField()),
                ('exploring', models.FloatField()),
                ('sustaining', models.FloatField()),
                ('orphaned', models.FloatField()),
                ('initiative', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='teams.initiative')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                ('own_choice', models.BooleanField()),
                ('unsized', models.BooleanField()),
            ],
            options={
                'verbose_name_plural': 'initiative figures',
                'indexes': [models.Index(models.F('effort'), models.F('initiative'), name='alignment_by_effort'), models.Index(models.F('orphaned'), models.F('initiative'), name='alignment_by_orphaned')],
            },
        ),
        migrations.CreateModel(
            name='InitiativeHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effort', models.FloatField()),
                ('aligned', models.FloatField()),
                ('reasoned', models.FloatField()),
                ('endorsed', models.FloatField()),
                ('exploring', models.FloatField()),
                ('sustaining', models.FloatField()),
                ('orphaned', models.FloatField()),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='teams.initiative')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.team')),
                ('origin', models.CharField(choices=[('team', 'Chosen by the team'), ('assigned', 'Assigned')], max_length=10)),
                ('as_of', models.DateField()),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry')),
            ],
            options={
                'verbose_name_plural': 'initiative history',
                'indexes': [models.Index(fields=['initiative', '-id'], name='alignment_history_latest'), models.Index(fields=['as_of'], name='alignment_history_by_day')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativehistory',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='57593407e97fdf363838949e0a288b25bacbe8d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3377b', table='alignment_initiativehistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativehistory',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='6f3501815f915e2d48f83a661da5c36078c2c344', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_2e809', table='alignment_initiativehistory', when='BEFORE')),
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='teams.initiative')),
                ('goal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='strategy.goal')),
                ('share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True)),
                ('rationale', models.TextField(blank=True, default='')),
                ('state', models.CharField(choices=[('claimed', 'Claimed'), ('endorsed', 'Endorsed'), ('disputed', 'Disputed')], default='claimed', max_length=10)),
                ('evidence', models.CharField(blank=True, default='', max_length=1000)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('outcome', models.CharField(choices=[('untested', 'Untested'), ('held', 'Held'), ('failed', 'Failed'), ('unclear', 'Unclear')], default='untested', max_length=10)),
                ('confirmed_on', models.DateField()),
                ('measure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='links', to='strategy.measure')),
                ('expected_change', models.DecimalField(blank=True, decimal_places=6, max_digits=21, null=True)),
                ('note', models.TextField(blank=True, db_default='', default='')),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('judged_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('initiative', 'goal'), name='alignment_link_once'), models.UniqueConstraint(fields=('goal', 'initiative'), name='alignment_link_by_goal'), models.CheckConstraint(condition=models.Q(('share__gt', Decimal('0')), ('share__lte', Decimal('1'))), name='alignment_link_share_range'), models.CheckConstraint(condition=models.Q(('rationale', ''), ('rationale__regex', '[^\\s\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'), _connector='OR'), name='alignment_link_rationale_not_blank'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('rationale')), 2000), name='alignment_link_rationale_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('evidence__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='alignment_link_evidence_one_line', violation_error_message='Keep this on one line, without control characters.'), models.CheckConstraint(condition=models.Q(('state__in', ['claimed', 'endorsed', 'disputed'])), name='alignment_link_state_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['untested', 'held', 'failed', 'unclear'])), name='alignment_link_outcome_known'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('note')), 2000), name='alignment_link_note_limit', violation_error_message='Use at most 2,000 characters.'), models.CheckConstraint(condition=models.Q(('review_on__gte', datetime.date(1970, 1, 1)), ('review_on__lte', datetime.date(2100, 12, 31))), name='alignment_link_review_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('confirmed_on__gte', datetime.date(1970, 1, 1)), ('confirmed_on__lte', datetime.date(2100, 12, 31))), name='alignment_link_confirmed_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('judged_on__gte', datetime.date(1970, 1, 1)), ('judged_on__lte', datetime.date(2100, 12, 31))), name='alignment_link_judged_on_day', violation_error_message='Give a day of the years 1970 to 2100.'), models.CheckConstraint(condition=models.Q(('expected_change__gte', Decimal('-999999999999999.999999')), ('expected_change__lte', Decimal('999999999999999.999999'))), name='alignment_link_expected_change_range'), models.CheckConstraint(condition=models.Q(('expected_change__isnull', True), ('measure__isnull', False), _connector='OR'), name='alignment_link_change_of_measure', violation_error_message='Say which measure this change is of.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='8522f42a3c30e9ebc0ce418f5e4924a49e09407a', operation='UPDATE', pgid='pgtrigger_version_484fb', table='alignment_link', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='shares_fit_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM teams_initiative\n        WHERE id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL) ORDER BY id FOR NO KEY UPDATE;\n    IF EXISTS (SELECT FROM alignment_link\n               WHERE initiative_id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL)\n               GROUP BY initiative_id HAVING sum(share) > 1) THEN\n        RAISE EXCEPTION 'the shares of one initiative add up to more than 1'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_shares_fit';\n    END IF;\n    RETURN NULL;\n", hash='edcfc39cb3eadc8d6d374bbb8212cf4a47db6988', level='STATEMENT', operation='INSERT', pgid='pgtrigger_shares_fit_insert_bc0ae', referencing='REFERENCING NEW TABLE AS changed ', table='alignment_link', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='shares_fit_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM teams_initiative\n        WHERE id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL) ORDER BY id FOR NO KEY UPDATE;\n    IF EXISTS (SELECT FROM alignment_link\n               WHERE initiative_id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL)\n               GROUP BY initiative_id HAVING sum(share) > 1) THEN\n        RAISE EXCEPTION 'the shares of one initiative add up to more than 1'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_shares_fit';\n    END IF;\n    RETURN NULL;\n", hash='e14561f018317843960f5ecbcf09dfb2b92603ac', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_shares_fit_update_ee1cb', referencing='REFERENCING NEW TABLE AS changed ', table='alignment_link', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='link',
            trigger=pgtrigger.compiler.Trigger(name='measure_below_goal', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.measure_id IS NOT NULL)', constraint='CONSTRAINT', func="\n                    IF EXISTS (SELECT FROM alignment_link l\n                               JOIN strategy_measure m ON m.id = l.measure_id\n                               JOIN strategy_goal g ON g.id = m.goal_id\n                               WHERE l.id = NEW.id AND NOT l.goal_id = ANY(g.path)) THEN\n                        RAISE EXCEPTION 'a link names a measure of its goal or of one below it'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_measure_below';\n                    END IF;\n                    RETURN NULL;\n                ", hash='71c67d9ecbad44a94f69dc8e13cc9c44802b4aa1', operation='INSERT OR UPDATE OF "goal_id", "measure_id"', pgid='pgtrigger_measure_below_goal_e2638', table='alignment_link', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.CreateModel(
            name='LinkFigures',
            fields=[
                ('link', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='alignment.link')),
                ('goal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='strategy.goal')),
                ('initiative', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='teams.initiative')),
                ('amount', models.FloatField()),
            ],
            options={
                'verbose_name_plural': 'link figures',
            },
        ),
        migrations.CreateModel(
            name='Recompute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('finished_at', models.DateTimeField()),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.logentry')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TeamFigures',
            fields=[
                ('effort', models.FloatField()),
                ('aligned', models.FloatField()),
                ('reasoned', models.FloatField()),
                ('endorsed', models.FloatField()),
                ('exploring', models.FloatField()),
                ('sustaining', models.FloatField()),
                ('orphaned', models.FloatField()),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='teams.team')),
                ('own_choice', models.FloatField()),
                ('own_choice_aligned', models.FloatField()),
                ('initiatives', models.PositiveIntegerField()),
                ('unsized', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'team figures',
            },
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
        pgtrigger.migrations.AddTrigger(
            model_name='teamweek',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='579b6bf0baf2d971ac144c0ce5609770f4d55eba', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b62bd', table='alignment_teamweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teamweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='fb0c3bdb751e3f72c5ce07d9a9cb51ea3b2021a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_4701a', table='alignment_teamweek', when='BEFORE')),
        ),
        migrations.RunSQL(MEASURES_STAY_BELOW, NO_LONGER_BELOW),
    ]
