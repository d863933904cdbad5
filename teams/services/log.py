"""The only module that writes the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models, transaction

from lib.log.actions import action as registered
from lib.log.kinds import Ref, kind
from lib.log.values import Pairs
from lib.services import finishing
from lib.services.permissions import System
from lib.services.trials import stop_a_trial
from teams.models import LogEntry, LogRef, Person

_AT_ONCE = 10_000


def record(
    action: str,
    *,
    actor: Person | System | None,
    at: dt.datetime,
    subject: models.Model | None = None,
    changes: Pairs | None = None,
    note: Mapping[str, Any] | None = None,
    refs: Iterable[Ref] = (),
) -> LogEntry:
    """Logs that `actor` (None: the system) did `action` ("person.invited") to `subject` (None: the company).

    `changes` are of fields of the subject; private ones are omitted. `note` contains plain JSON values, without names
    or addresses of people, because the log is permanent. `refs` are further objects that neither the subject nor its
    changes refer to. Two statements.

    Raises TransactionManagementError outside a transaction, because an edit and its entry must be committed together;
    LookupError for an action that is not registered, or not for this kind of subject; FieldDoesNotExist for a change of
    a field that the subject does not have.
    """
    _check(action, [subject])
    entry, named = _entry(action, actor, at, subject, changes or {}, note)
    entry.save(force_insert=True)
    _refer([(entry, {*named, *refs})])
    return entry


def record_all(
    action: str,
    *,
    actor: Person | System | None,
    at: dt.datetime,
    done: Sequence[tuple[models.Model, Pairs]],
    refs: Callable[[models.Model], Iterable[Ref]] = lambda _subject: (),
) -> None:
    """Logs the same action on many subjects, an entry with its changes for each; `refs` are further objects that the
    entry about a subject refers to. Two statements for ten thousand.
    """
    _check(action, [subject for subject, _changes in done])
    made = [_entry(action, actor, at, subject, changes, None) for subject, changes in done]
    LogEntry.objects.bulk_create([entry for entry, _named in made], batch_size=_AT_ONCE)
    _refer((entry, {*named, *refs(subject)}) for (entry, named), (subject, _changes) in zip(made, done, strict=True))


def _check(action: str, subjects: Iterable[models.Model | None]) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{action} is logged inside the transaction that does it")
    for of in {_kind_of(subject) for subject in subjects}:
        if registered(action).kind != of:
            raise LookupError(f"{action} is not done to {of or 'the company'}")
    stop_a_trial()


def _kind_of(subject: models.Model | None) -> str:
    return str(subject._meta.model_name) if subject else ""


def _entry(
    action: str,
    actor: Person | System | None,
    at: dt.datetime,
    subject: models.Model | None,
    changes: Pairs,
    note: Mapping[str, Any] | None,
) -> tuple[LogEntry, set[Ref]]:
    """The unsaved entry, and the objects that it refers to."""
    told, named = _told(subject, changes)
    entry = LogEntry(
        at=at,
        actor=actor if isinstance(actor, Person) else None,
        action=action,
        subject_kind=_kind_of(subject),
        subject_id=subject.pk if subject else None,
        row_version=getattr(subject, "version", None),
        changes=told,
        note=dict(note or {}),
    )
    return entry, set(named)


def _refer(made: Iterable[tuple[LogEntry, set[Ref]]]) -> None:
    made = list(made)
    LogRef.objects.bulk_create(
        [LogRef(kind=name, object_id=pk, entry=entry) for entry, refs in made for name, pk in sorted(refs)],
        batch_size=_AT_ONCE,
    )
    for entry, refs in made:
        finishing.note(entry, refs)


def _told(subject: models.Model | None, changes: Pairs) -> tuple[Pairs, list[Ref]]:
    """The `changes` to store, and the objects that they and the subject refer to."""
    if subject is None:
        if changes:
            raise LookupError("the company as a whole has no fields that change")
        return {}, []
    of = kind(str(subject._meta.model_name))
    for name in changes:
        of.model._meta.get_field(name)
    told = {name: pair for name, pair in changes.items() if name not in of.private}
    return told, list(of.refs_of(subject, told))
