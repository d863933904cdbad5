"""Creates the company's row and its three stances (spec/alignment.md, Stance), with the specification's defaults."""

from decimal import Decimal

from django.conf import settings
from django.db import migrations

STANCES = {
    "spotlight": ("0.9", "0", "0.1", "0.2", "0.4"),
    "core": ("0.7", "0.05", "0.3", "0.4", "0.5"),
    "explore": ("0.3", "0.2", "0.7", "0.6", "0.6"),
}
COLUMNS = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")


def make(apps, schema_editor):
    apps.get_model("teams", "Company").objects.create(id=1, timezone=settings.TIME_ZONE)
    for stance, figures in STANCES.items():
        apps.get_model("teams", "StanceRange").objects.create(stance=stance, **dict(zip(COLUMNS, map(Decimal, figures), strict=True)))


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
