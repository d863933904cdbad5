
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_days_and_measures_in_range'),
    ]

    operations = [
        migrations.AddField(
            model_name='initiative',
            name='declaration',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='support',
            name='answer',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('declaration')), 2000), name='teams_initiative_declaration_limit', violation_error_message='Use at most 2,000 characters.'),
        ),
        migrations.AddConstraint(
            model_name='support',
            constraint=models.CheckConstraint(condition=models.Q(('answer__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_support_answer_one_line', violation_error_message='Keep this on one line, without control characters.'),
        ),
    ]
