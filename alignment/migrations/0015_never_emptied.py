import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0014_flags_name_their_cause'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='companyweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='59c4b80f66bcd8e395792625d8e4fdef363719d0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_feefb', table='alignment_companyweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goalweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='c1f77cad8b4281578deb61722e802532f76a52af', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_83583', table='alignment_goalweek', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiativehistory',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='6f3501815f915e2d48f83a661da5c36078c2c344', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_2e809', table='alignment_initiativehistory', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teamweek',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate the % table', TG_TABLE_NAME;", hash='fb0c3bdb751e3f72c5ce07d9a9cb51ea3b2021a7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_4701a', table='alignment_teamweek', when='BEFORE')),
        ),
    ]
