"""Shared steps of services that edit a row: read it again under a lock, and save only what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lib.db.triggers import Versioned
from lib.log.values import Pairs, changed, values_of
from lib.services.errors import RefusedError, StaleError
from lib.services.trials import is_trial
from lib.text.clean import tidy

Row = TypeVar("Row", bound=Versioned)
GONE = "Somebody else removed this while you had it open, so nothing was changed."
STALE = "Somebody else changed this while you had it open, so nothing was saved."


def opened(row: Row, version: int, *, told: Callable[[Row], Mapping[str, Any]] | None = None) -> Row:
    """The current row, locked until the end of the transaction.

    Raises StaleError where it is no longer at `version`. The error carries the row or, where the form's fields are not
    the row's, the form values that `told` returns. Raises RefusedError where the row is gone.
    """
    now = locked(row)
    if now.version != version:
        current = {"version": now.version, **told(now)} if told else now
        raise StaleError(STALE, current=current, row=now, version=version)
    return now


def locked(row: Row) -> Row:
    """As `opened`, without checking the version."""
    now: Row | None = QuerySet(type(row)).select_for_update(no_key=True).filter(pk=row.pk).first()
    if now is None:
        raise RefusedError(GONE)
    return now


def at_version(row: Row, version: int) -> Row:
    """As `opened`, without the lock, for callers that leave the edit to a service."""
    now: Row | None = QuerySet(type(row)).filter(pk=row.pk).first()
    if now is None:
        raise RefusedError(GONE)
    if now.version != version:
        raise StaleError(STALE, current=now, version=version)
    return now


def revise(row: Model, **values: Any) -> Pairs:
    """Saves the `values` that differ from the row's, texts tidied, and returns the changes for the log. A trial sets
    and checks them only.

    Raises ValidationError by field.
    """
    before = values_of(row, values)
    for name, value in values.items():
        setattr(row, name, tidy(value) if isinstance(value, str) else value)
    if names := list(changed(row, before)):
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(names))
        if not is_trial():
            _save(row, names)
    return changed(row, {name: before[name] for name in names})


def _save(row: Model, names: list[str]) -> None:
    row.save(update_fields=names)
    counted: QuerySet[Any, Any] = QuerySet(type(row)).filter(pk=row.pk).values_list("version", flat=True)
    vars(row)["version"] = counted.get()
