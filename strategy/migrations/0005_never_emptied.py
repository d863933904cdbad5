import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0004_check_ins_and_closing'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='checkin',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='9149ee438104765db182c8d9315ce9039ae6e6d5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_a0dcb', table='strategy_checkin', when='BEFORE')),
        ),
    ]
