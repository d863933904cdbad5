
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0005_written_in_the_browser'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='initiative',
            name='version',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0 AND OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version := OLD.version + 1; RETURN NEW;', hash='5e1b5c19d552f1f164e1768bed89788b4f120c64', operation='UPDATE OF "key", "team_id", "title", "problem", "kind", "origin", "effort", "status", "starts_on", "ends_on", "owner_id", "url", "declaration"', pgid='pgtrigger_version_91f76', table='teams_initiative', when='BEFORE')),
        ),
    ]
