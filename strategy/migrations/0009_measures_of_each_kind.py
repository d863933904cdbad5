from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("strategy", "0008_editions"),
    ]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="kind",
            field=models.CharField(
                choices=[
                    ("target", "A number to reach"),
                    ("at_least", "Keep at or above"),
                    ("at_most", "Keep at or below"),
                    ("milestone", "A milestone"),
                ],
                db_default="target",
                default="target",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="measures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="confidence",
            field=models.CharField(
                blank=True,
                choices=[("on_track", "On track"), ("at_risk", "At risk"), ("off_track", "Off track")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="corrects",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["target", "at_least", "at_most", "milestone"])),
                name="strategy_measure_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "milestone"), _negated=True),
                    models.Q(("baseline", 0), ("current__in", [0, 1]), ("target", 1)),
                    _connector="OR",
                ),
                name="strategy_measure_milestone",
                violation_error_message="A milestone is 0, and 1 once it is reached.",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__in", ["", "on_track", "at_risk", "off_track"])),
                name="strategy_checkin_confidence_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects__isnull", True), ("corrects__lte", models.F("at")), _connector="OR"),
                name="strategy_checkin_corrects_earlier",
            ),
        ),
    ]
