"""The kinds of objects that log entries refer to, by their names in the log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model, QuerySet

from lib.log.values import Pairs

Ref = tuple[str, int]
"""A kind and an id: one object that an entry refers to."""


@dataclass(frozen=True)
class Kind:
    """`visible_to` returns the rows that a person may see. `parents` are the foreign keys that give a row its context:
    entries about it refer to those rows too. Values of `private` fields are never logged.
    """

    name: str
    model: type[Model]
    visible_to: Callable[[Any], QuerySet[Any]]
    parents: tuple[str, ...] = ()
    private: frozenset[str] = frozenset()

    def seen_by(self, person: Any, ids: Collection[int]) -> set[int]:
        """Those of `ids` that exist and that `person` may see. One query."""
        return set(self.visible_to(person).filter(pk__in=ids).order_by().values_list("pk", flat=True))

    def refs_of(self, row: Model, changes: Pairs) -> Iterator[Ref]:
        """The row itself, its parents, and the rows that its changed relations referred to before and after."""
        yield self.name, row.pk
        for name in self.parents:
            field: Any = self.model._meta.get_field(name)
            if (parent := field.value_from_object(row)) is not None:
                yield kind_for(field.related_model).name, parent
        for name, pair in changes.items():
            field = self.model._meta.get_field(name)
            if field.is_relation:
                kind = kind_for(field.related_model)
                yield from ((kind.name, pk) for pk in _ids(field, pair))


_kinds: dict[str, Kind] = {}


def register_kind(
    name: str,
    model: type[Model],
    *,
    visible_to: Callable[[Any], QuerySet[Any]],
    parents: tuple[str, ...] = (),
    private: Collection[str] = (),
) -> None:
    _kinds[name] = Kind(name, model, visible_to, parents, frozenset(private))


def kind(name: str) -> Kind:
    """Raises LookupError for an unregistered kind."""
    if name not in _kinds:
        raise LookupError(f"the log has no kind of things called {name!r}")
    return _kinds[name]


def kind_for(model: type[Model]) -> Kind:
    """The kind whose rows are of `model`. Raises LookupError."""
    return kind(str(model._meta.model_name))


def kinds() -> list[Kind]:
    return list(_kinds.values())


def _ids(field: Any, pair: list[Any]) -> Iterator[int]:
    for value in pair:
        if value is not None:
            yield from [value] if isinstance(field, ForeignKey) else value
