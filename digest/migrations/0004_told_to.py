from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('digest', '0003_standing'),
    ]

    operations = [
        migrations.AddField(
            model_name='digest',
            name='told_to',
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
