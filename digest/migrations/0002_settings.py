"""Creates the one row of digest settings, switched off."""

from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("digest", "DigestSettings").objects.create(id=1)


class Migration(migrations.Migration):
    dependencies = [("digest", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
