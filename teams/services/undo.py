"""Undoes edits and removals from the log, while nothing has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lib.db.triggers import Versioned
from lib.log.actions import Undo, actions
from lib.log.kinds import kind, kind_for
from lib.log.values import restored, stored
from lib.services.edits import at_version
from lib.services.errors import RefusedError
from teams.models import LogEntry, Person

Row = TypeVar("Row", bound=Versioned)
GONE = "This can no longer be undone."


def undo(row: Row, *, actor: Person, at: dt.datetime, version: int) -> Row:
    """Undoes the edit that led to `version`, through the service registered for its action, which locks the row and
    checks all its rules.

    Raises StaleError; RefusedError where there was no such edit, `actor` may not undo it, or an earlier value's row is
    gone; and whatever the service raises.
    """
    now = at_version(row, version)
    entry = LogEntry.objects.done_to(now).filter(row_version=version).order_by("id").first()
    undoing = _undoing(entry, actor)
    if entry is None or undoing is None:
        raise RefusedError(GONE)
    if undoing.permission and not actor.has_perm(undoing.permission, now):
        raise RefusedError(undoing.refusal)
    before = _values(now, entry, actor) | noted(now, entry, undoing.noted)
    undone: Row = undoing.service(now, actor=actor, at=at, version=version, **before)
    return undone


def noted(row: Model, entry: LogEntry, names: Iterable[str]) -> dict[str, Any]:
    """The values that these fields had before `entry`, for those that it noted and that are as it left them."""
    before = {}
    for name in names:
        field: Any = row._meta.get_field(name)
        pair = entry.note.get(name)
        if pair and stored(field, field.value_from_object(row)) == pair[1]:
            before[name] = restored(field, pair[0])
    return before


def as_it_was(entry: LogEntry) -> Any:
    """Builds the unsaved row that `entry` says was removed, with its id and all values. A related row that is gone
    becomes None where the field allows it. At most one query for each relation.
    """
    model, values = kind(entry.subject_kind).model, entry.before()
    for field in model._meta.concrete_fields:
        named = values.get(field.attname)
        if field.is_relation and field.null and named is not None and _row(field, named) is None:
            values[field.attname] = None
    return model(pk=entry.subject_id, version=(entry.row_version or 0) + 1, **values)


def _undoing(entry: LogEntry | None, actor: Person) -> Undo | None:
    found = actions().get(entry.action) if entry else None
    undoing = found.undo if found else None
    if entry is None or undoing is None or (undoing.own and entry.actor_id != actor.pk):
        return None
    return undoing


def _values(row: Versioned, entry: LogEntry, actor: Person) -> dict[str, Any]:
    """The earlier values by field name, with related rows as objects. Raises RefusedError where one is gone."""
    values: dict[str, Any] = {}
    before = entry.before()
    for name, pair in entry.changes.items():
        field: Any = row._meta.get_field(name)
        if field.many_to_many:
            values[name] = _set_before(row, field, pair, actor)
            continue
        values[name] = before.get(field.attname)
        if field.is_relation and values[name] is not None:
            values[name] = _row(field, values[name])
            if values[name] is None:
                raise RefusedError(GONE)
    return values


def _set_before(row: Versioned, field: Any, pair: list[list[int]], actor: Person) -> list[Any]:
    """The rows that `actor` may see, minus what the edit added, plus what it removed. Rows that became visible since
    stay, because the edit did not concern them.
    """
    before, after = pair
    now = set(getattr(row, field.name).values_list("pk", flat=True))
    wanted = kind_for(field.related_model).seen_by(actor, now) - {*after} | {*before}
    rows: QuerySet[Any] = QuerySet(field.related_model)
    return list(rows.filter(pk__in=wanted))


def _row(field: Any, pk: int) -> Model | None:
    rows: QuerySet[Any] = QuerySet(field.related_model)
    found: Model | None = rows.filter(pk=pk).first()
    return found
