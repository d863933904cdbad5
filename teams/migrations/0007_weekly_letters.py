from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0006_links_are_no_edits'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='letter_hour',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='letter_weekday',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='letters',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='person',
            name='letters_always',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='person',
            name='letters_since',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='person',
            name='refusal',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=1000),
        ),
        migrations.AddField(
            model_name='person',
            name='refused_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('letter_weekday__gte', Decimal('1')), ('letter_weekday__lte', Decimal('7'))), name='teams_person_letter_weekday_range'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('letter_hour__gte', Decimal('0')), ('letter_hour__lte', Decimal('23'))), name='teams_person_letter_hour_range'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('refusal__regex', '[\\x01-\\x1f\\x7f-\\x9f]'), _negated=True), name='teams_person_refusal_one_line', violation_error_message='Keep this on one line, without control characters.'),
        ),
    ]
