"""The company itself."""

from __future__ import annotations

from teams.models import Company


def company() -> Company:
    """The one row of settings; a query each time, so a view asks once and hands it on."""
    return Company.objects.get(pk=1)
