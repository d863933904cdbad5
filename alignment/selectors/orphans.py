"""Work that reaches nothing."""

from __future__ import annotations

from alignment.models import InitiativeFigures


def largest_orphans(*, limit: int) -> list[InitiativeFigures]:
    """The initiatives with the largest orphaned effort, by the index of it."""
    rows = InitiativeFigures.objects.filter(orphaned__gt=0).select_related("initiative__team")
    return list(rows.order_by("-orphaned", "-initiative_id")[:limit])
