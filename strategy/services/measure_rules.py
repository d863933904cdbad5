"""Removes a measure from the links that name it, when it is deleted or moved, and names it again when it is back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from lib.log.values import restored, values_of
from strategy.models import Measure

NAMED = ("measure", "expected_change")
Released = dict[int, dict[str, Any]]
"""By the id of a link that lost its measure, the stored values of the measure and of the change it expected."""


def release(measures: QuerySet[Measure], *, goals: Collection[int] | None = None) -> Released:
    """Clears the measure and its expected change from links (to `goals`, where given) that name one of `measures`: a
    link names a measure of its goal or of one below it (spec/bundle.md).
    """
    links = _links().filter(measure__in=measures)
    if goals is not None:
        links = links.filter(goal__in=goals)
    released: Released = {pk: values_of(link, NAMED) for pk, link in links.order_by("pk").in_bulk().items()}
    if released:
        _links().filter(pk__in=released).update(measure=None, expected_change=None)
    return released


def name_again(released: Mapping[str, Mapping[str, Any]], measures: QuerySet[Measure]) -> list[int]:
    """Restores what `released_links_note` noted, for the links that still name no measure and may name theirs, which is
    among `measures`. Returns the links' ids."""
    there = measures.in_bulk()
    again = []
    for link in _links().filter(pk__in=[int(pk) for pk in released], measure=None).select_related("goal"):
        named = released[str(link.pk)]
        measure = there.get(named["measure"])
        if measure is not None and link.goal_id in measure.goal.path:
            change = link._meta.get_field("expected_change")
            link.measure, link.expected_change = measure, restored(change, named["expected_change"])
            link.save(update_fields=NAMED)
            again.append(link.pk)
    return sorted(again)


def released_links_note(released: Released, **counts: int) -> dict[str, Any]:
    """The log's note and refs for links that lost their measure, with the `counts`."""
    note: dict[str, Any] = dict(counts)
    if released:
        note |= {"links": list(released), "measures": {str(pk): named for pk, named in released.items()}}
    return {"note": note, "refs": [("link", pk) for pk in released]}


def _links() -> QuerySet[Any]:
    relation: Any = Measure._meta.get_field("links")
    return QuerySet(relation.related_model)
