from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alignment', '0010_compute_anew'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dirty',
            name='what',
            field=models.CharField(choices=[('initiative', 'an initiative, and what its effort reaches'), ('goal', 'a goal and all below it, with the work linked to them'), ('team', 'a team'), ('company', 'everything'), ('counts', 'how many contribute to the goals of large trees'), ('fit', 'which top goals are starved or crowded')], max_length=10),
        ),
    ]
