"""Sorts and finds goals by their folded titles (lib/db/folding.py)."""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('strategy', '0002_instants'),
        ('teams', '0003_folded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='goal',
            name='strategy_goal_by_title',
        ),
        migrations.RemoveIndex(
            model_name='goal',
            name='strategy_goal_title_trgm',
        ),
        migrations.AddIndex(
            model_name='goal',
            index=models.Index(django.db.models.functions.comparison.Collate(models.Func(models.F('title'), function='throughline_folded'), 'C'), models.F('id'), name='strategy_goal_by_title'),
        ),
        migrations.AddIndex(
            model_name='goal',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Collate(models.Func(models.F('title'), function='throughline_folded'), 'C'), name='gin_trgm_ops'), name='strategy_goal_title_trgm'),
        ),
    ]
