"""The one company of this deployment, and the ranges it expects of each stance."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import CheckConstraint, Q

from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from teams.enums import Rhythm, Stance


class Company(Versioned):
    """The settings (spec/bundle.md, company.csv): one row, created by a migration. Day counts are calendar days,
    `default_effort` is in person-weeks, `purpose` is one sentence.
    """

    name = fields.LineField(default="Our company")
    purpose = fields.LineField(blank=True, default="", db_default="")
    timezone = models.CharField(max_length=64)
    grace_days = models.PositiveSmallIntegerField(default=14)
    silent_days = models.PositiveSmallIntegerField(default=28)
    default_effort = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(1))
    check_in_rhythm = models.CharField(
        max_length=10, choices=Rhythm, default=Rhythm.TWO_WEEKS, db_default=Rhythm.TWO_WEEKS
    )

    class Meta:
        verbose_name_plural = "company"
        constraints = [
            CheckConstraint(condition=Q(id=1), name="teams_company_only_one"),
            fields.filled("teams_company", "name"),
            *fields.one_line("teams_company", "name", "purpose"),
            fields.between("teams_company", "grace_days", 0, 3650),
            fields.between("teams_company", "silent_days", 0, 3650),
            fields.between("teams_company", "default_effort", 0, "99999.99", above=True),
            fields.one_of("teams_company", "check_in_rhythm", Rhythm.values),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.name


class StanceRange(Versioned):
    """The figures expected of a stance, as shares from 0 to 1 (spec/alignment.md, *Stance*): three rows, created by a
    migration.
    """

    stance = models.CharField(max_length=10, choices=Stance, primary_key=True)
    coverage_floor = fields.ShareField()
    exploring_floor = fields.ShareField()
    exploring_ceiling = fields.ShareField()
    autonomy_floor = fields.ShareField()
    sustaining_ceiling = fields.ShareField()

    class Meta:
        constraints = [
            fields.one_of("teams_stancerange", "stance", Stance.values),
            *(
                fields.between("teams_stancerange", field, 0, 1)
                for field in (
                    "coverage_floor",
                    "exploring_floor",
                    "exploring_ceiling",
                    "autonomy_floor",
                    "sustaining_ceiling",
                )
            ),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.stance
