
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0005_living_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='goalfigures',
            name='covered',
            field=models.BooleanField(db_default=False),
        ),
    ]
