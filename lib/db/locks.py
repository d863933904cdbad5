"""All database locks, in one order: the company, then edited rows (by table and id), then figures. Code that keeps to
this order cannot deadlock (docs/architecture/engine-and-refreshing.md, *Locks*).

All locks except `one_at_a_time` last until the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Lock(IntEnum):
    """Advisory lock keys, in the order in which they are taken."""

    COMPANY = 7_203_901
    """Shared by edits of a few rows; exclusive for edits of trees, goals, strategies or settings."""
    WAITING = 7_203_902
    """One worker at a time processes the work that edits left."""
    COUNTS = 7_203_903
    """Exclusive for a worker that counts the contributors to each goal, shared by edits."""
    TREE = 7_203_904
    """Combined with a root goal's id: protects the goals above one that got its first effort or lost its last."""
    FIT = 7_203_905
    """Protects the comparison of the root goals' effort with their weights."""
    EDITIONS = 7_203_906
    """One write at a time gives strategies their next edition; nothing is locked after it."""


class WidenedLockError(RuntimeError):
    """A block that shares the company lock asked for it exclusively: two such blocks would deadlock."""


_alone: ContextVar[bool | None] = ContextVar("company_locked_alone", default=None)
"""The current lock on the company: True for exclusive, False for shared, None for none."""


@contextmanager
def company_locked(*, alone: bool = False) -> Iterator[None]:
    """Runs a block in a transaction or savepoint with the company locked, shared or, with `alone`, exclusively.

    Raises WidenedLockError where `alone` is requested inside a block that shares the lock. Code that calls several
    services in one transaction wraps them in this block, because a service does not know what an earlier one locked.
    """
    around = _alone.get()
    if alone and around is False:
        raise WidenedLockError("the company is shared here and cannot be locked alone; lock it alone from the start")
    with transaction.atomic():
        if around is None:
            _lock_company(alone=alone)
        before = _alone.set(alone or bool(around))
        try:
            yield
        finally:
            _alone.reset(before)


def company_is_locked_alone() -> bool:
    return _alone.get() is True


def _lock_company(*, alone: bool) -> None:
    """Also sets `pgtrigger.ignore` to empty in the same statement, which saves each trigger a subtransaction (measured:
    the import).
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    _ask(f"SELECT set_config('pgtrigger.ignore', '{{}}', true), {lock}(%s)", Lock.COMPANY)


def lock(key: Lock) -> None:
    """Waits for an exclusive lock."""
    _ask("SELECT pg_advisory_xact_lock(%s)", key)


def try_lock(key: Lock) -> bool:
    """Returns False, without waiting, where another transaction has the lock."""
    return bool(_ask("SELECT pg_try_advisory_xact_lock(%s)", key))


def take_turns(*names: str) -> None:
    """Waits for other transactions that passed the same one or two names."""
    _ask(f"SELECT pg_advisory_xact_lock({', '.join('hashtext(%s)' for _ in names)})", *names)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Makes other blocks of the same name, in any process, wait until this one ends."""
    _ask("SELECT pg_advisory_lock(hashtext(%s))", name)
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(hashtext(%s))", name)


def lock_rows(rows: QuerySet[Row]) -> list[Row]:
    """Locks rows in order of id for edits that do not change keys; rows that refer to them can still be inserted and
    deleted.
    """
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def share_sql(key: Lock) -> str:
    """An expression for database functions: takes a shared lock, or is false where another has it exclusively."""
    return f"pg_try_advisory_xact_lock_shared({key.value})"


def lock_one_sql(key: Lock, of: str) -> str:
    """An expression that waits for the lock `key` on one object; `of` is an expression for its id."""
    return f"pg_advisory_xact_lock({key.value}, ({of} %% 2147483647)::integer)"


def lock_rows_sql(table: str, key: str, ids: str) -> str:
    """A statement that locks rows by `key` as `lock_rows` does; `ids` is an array expression."""
    rows = f"SELECT FROM {table} WHERE {key} = ANY({ids}) ORDER BY {key} FOR NO KEY UPDATE"
    return f"SELECT count(*) FROM ({rows}) locked"  # noqa: S608 -- our own names


def _ask(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
