import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0008_log_of_sight'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='logentry',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='13491fe5c4d8701e2ecf0621234bb5a1d5729dd2', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_b7f4b', table='teams_logentry', when='BEFORE')),
        ),
    ]
