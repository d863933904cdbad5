"""Removes a measure from the links that name it, when it is deleted or moved."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from strategy.models import Measure


def release(measures: QuerySet[Measure], *, goals: Collection[int] | None = None) -> list[int]:
    """Clears the measure and its expected change from links (to `goals`, where given) that name one of `measures`: a
    link names a measure of its goal or of one below it (spec/bundle.md). Returns the links' ids.
    """
    relation: Any = Measure._meta.get_field("links")
    links: QuerySet[Any] = QuerySet(relation.related_model).filter(measure__in=measures)
    if goals is not None:
        links = links.filter(goal__in=goals)
    ids = list(links.order_by("pk").values_list("pk", flat=True))
    if ids:
        QuerySet(relation.related_model).filter(pk__in=ids).update(measure=None, expected_change=None)
    return ids


def released_links_note(links: list[int], **counts: int) -> dict[str, Any]:
    """The log's note and refs for links that lost their measure, with the `counts`."""
    note: dict[str, Any] = dict(counts) | ({"links": links} if links else {})
    return {"note": note, "refs": [("link", pk) for pk in links]}
