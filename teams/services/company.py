"""Services for the company's settings, and for what it expects of each stance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from lib.services.changes import Changes, announce
from lib.services.dates import zones
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.models import Company, Person, StanceRange
from teams.services.log import record

COUNTED = frozenset({"timezone", "default_effort", "grace_days", "silent_days"})
"""The settings that figures and flags rest on."""
TURNED_ROUND = "The most is below the least, which is {}. Give that or more."


@writes(permission="teams.edit_company", alone=True)
def edit_company(company: Company, *, actor: Person, at: dt.datetime, version: int, **values: Any) -> Company:
    """`values` are any of name, purpose, timezone, default_effort (person-weeks, above 0), grace_days, silent_days and
    check_in_rhythm. Figures follow the zone too, as it decides what day it is.

    Raises StaleError, ValidationError by field.
    """
    row = opened(company, version)
    if values.get("timezone", row.timezone) not in zones():
        raise ValidationError({"timezone": "Choose a time zone from the list, such as Europe/Berlin."})
    if changes := revise(row, **values):
        entry = record("company.edited", actor=actor, at=at, subject=row, changes=changes)
        if changes.keys() & COUNTED:
            announce(Changes(company=True), cause=entry.pk, at=at)
    return row


@writes(permission="teams.edit_company", alone=True)
def edit_stance_range(
    stance: StanceRange, *, actor: Person, at: dt.datetime, version: int, **values: Decimal
) -> StanceRange:
    """`values` are any of its figures, shares from 0 to 1.

    Raises StaleError, ValidationError by field.
    """
    row = opened(stance, version)
    check_exploring({**{name: getattr(row, name) for name in ("exploring_floor", "exploring_ceiling")}, **values})
    if changes := revise(row, **values):
        note = {"stance": row.stance, "changes": changes}
        entry = record("company.stance_set", actor=actor, at=at, note=note)
        announce(Changes(company=True), cause=entry.pk, at=at)
    return row


def check_exploring(values: dict[str, Decimal]) -> None:
    """Raises ValidationError where the least share to explore is above the most."""
    least, most = values["exploring_floor"], values["exploring_ceiling"]
    if most < least:
        raise ValidationError({"exploring_ceiling": TURNED_ROUND.format(f"{(least * 100).normalize():f} %")})
