"""What each kind of measure needs to be said, and what would be right where it is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from lib.text.numbers import exact
from strategy.enums import AT_A_LIMIT, MeasureKind
from strategy.models import Measure
from teams.enums import Role
from teams.models import Person

SAY_FROM = "Say where it stood when the goal began."
SAY_TO = "Say where it stands when the goal is reached."
SAY_LIMIT = "Say the limit at which it is to be kept."
SAY_NOW = "Say where it stands now: that tells whether it is kept."
NO_WAY = (
    "It would begin and end at {0}, so there is no way to go. Give another number, or choose to keep it at or above "
    "{0}, or at or below it."
)
NO_NUMBERS = "A milestone is reached or not, and has no numbers. Leave this empty, or choose another kind."
REACHED_OR_NOT = "A milestone is reached or not: give 1 or 0."
OF_NUMBERS = "It was checked in with numbers, which a milestone has not. Add a milestone beside it."
OF_A_MILESTONE = "It was checked in as reached or not, and not with numbers. Add another measure beside it."


def check_definition(
    kind: str, *, unit: str, baseline: Decimal | None, target: Decimal | None, current: Decimal | None
) -> dict[str, Any]:
    """The four values as they are stored; `current` is None where nobody said where it stands.

    Raises ValidationError by field.
    """
    if kind not in MeasureKind.values:
        raise ValidationError({"kind": "Choose one of the four kinds."})
    if kind == MeasureKind.MILESTONE:
        return _milestone(unit, baseline, target, current)
    missing = {}
    if target is None:
        missing["target"] = SAY_LIMIT if kind in AT_A_LIMIT else SAY_TO
    if baseline is None and kind not in AT_A_LIMIT:
        missing["baseline"] = SAY_FROM
    if baseline is None and current is None and kind in AT_A_LIMIT:
        missing["current"] = SAY_NOW
    if missing:
        raise ValidationError(missing)
    return {"unit": unit, "baseline": current if baseline is None else baseline, "target": target, "current": current}


def check_way(kind: str, baseline: Decimal, target: Decimal) -> None:
    """Raises ValidationError for a number to reach that is where it begins."""
    if kind == MeasureKind.TARGET and baseline == target:
        raise ValidationError({"target": NO_WAY.format(exact(target))})


def _milestone(unit: str, baseline: Decimal | None, target: Decimal | None, current: Decimal | None) -> dict[str, Any]:
    numbers = {"unit": unit.strip(), "baseline": baseline, "target": target}
    none = {"unit": (None, ""), "baseline": (None, 0), "target": (None, 1)}
    if wrong := {name: NO_NUMBERS for name, value in numbers.items() if value not in none[name]}:
        raise ValidationError(wrong)
    if current not in (None, 0, 1):
        raise ValidationError({"current": REACHED_OR_NOT})
    return {"unit": "", "baseline": Decimal(0), "target": Decimal(1), "current": current}


def check_kind_of(measure: Measure, kind: str) -> None:
    """Raises ValidationError where its check-ins are of another kind than `kind`."""
    milestone = MeasureKind.MILESTONE
    if (kind == milestone) != (measure.kind == milestone) and measure.check_ins.exists():
        raise ValidationError({"kind": OF_NUMBERS if kind == milestone else OF_A_MILESTONE})


def check_value(measure: Measure, value: Decimal) -> None:
    """Raises ValidationError for a value that a milestone cannot have."""
    if measure.kind == MeasureKind.MILESTONE and value not in (0, 1):
        raise ValidationError({"value": REACHED_OR_NOT})


def check_keeper(keeper: Person | None, before: int | None = None) -> None:
    """Raises ValidationError for a new keeper who has left, or may check nothing in; the one of `before` may stay."""
    if keeper is None or keeper.pk == before:
        return
    if not keeper.is_active:
        raise ValidationError({"keeper": f"{keeper} is no longer active here. Choose somebody else."})
    if keeper.role == Role.VIEWER:
        raise ValidationError({"keeper": f"{keeper} is a viewer, and viewers check nothing in. Choose somebody else."})
