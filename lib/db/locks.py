"""Every lock that the code takes in the database, in one order: the company, the rows that are edited (by table and by
id), then figures. Who keeps to the order waits for others and never in a circle
(docs/architecture/engine-and-refreshing.md, *Locks*).

All but `one_at_a_time` are kept to the end of the transaction.
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
    """Keys of advisory locks, in the order in which they are taken."""

    COMPANY = 7_203_901
    """Edits of a few rows share it; edits of what hangs where and of what counts take it alone."""
    WAITING = 7_203_902
    """One worker at a time works off what edits left."""
    COUNTS = 7_203_903
    """A worker that counts who contributes to which goal takes it alone, edits share it."""
    TREE = 7_203_904
    """With the id of a top goal: what is told of the goals above one that got its first effort or lost its last."""
    FIT = 7_203_905
    """How the effort of the top goals compares with their weights."""


class WidenedLockError(RuntimeError):
    """The company was asked for alone by what shares it already: two that did so would wait for each other."""


_alone: ContextVar[bool | None] = ContextVar("company_locked_alone", default=None)
"""Whether the company is locked alone (True) or shared (False) around what runs now; None where it is not locked."""


@contextmanager
def company_locked(*, alone: bool = False) -> Iterator[None]:
    """A transaction, or a savepoint of the one under way, that has the company, shared with others or alone.

    Raises WidenedLockError where `alone` is asked for inside of a block that shares it. Whoever calls several services
    in one transaction of their own uses a block around them: what one service locked is not known to the next.
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
    """In the same statement pgtrigger is told that no trigger is ignored, which spares each trigger a subtransaction of
    its own (measured: the import)."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    _ask(f"SELECT set_config('pgtrigger.ignore', '{{}}', true), {lock}(%s)", Lock.COMPANY)


def lock(key: Lock) -> None:
    """Waits for it, and has it alone."""
    _ask("SELECT pg_advisory_xact_lock(%s)", key)


def try_lock(key: Lock) -> bool:
    """False, without waiting, where somebody else has it."""
    return bool(_ask("SELECT pg_try_advisory_xact_lock(%s)", key))


def take_turns(*names: str) -> None:
    """Waits for others who named the same, one name or two."""
    _ask(f"SELECT pg_advisory_xact_lock({', '.join('hashtext(%s)' for _ in names)})", *names)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Whoever comes to a block of the same name meanwhile, in whatever process, waits until this one is through."""
    _ask("SELECT pg_advisory_lock(hashtext(%s))", name)
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(hashtext(%s))", name)


def lock_rows(rows: QuerySet[Row]) -> list[Row]:
    """Locks them by id, for edits that leave their keys alone: rows that refer to them can still come and go."""
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def share_sql(key: Lock) -> str:
    """An expression, for the functions of the database: shares it, or is false where somebody else has it alone."""
    return f"pg_try_advisory_xact_lock_shared({key.value})"


def lock_one_sql(key: Lock, of: str) -> str:
    """An expression that waits for `key` of one thing; `of` is an expression for its id."""
    return f"pg_advisory_xact_lock({key.value}, ({of} %% 2147483647)::integer)"


def lock_rows_sql(table: str, key: str, ids: str) -> str:
    """A statement that locks rows by `key` as `lock_rows` does; `ids` is an expression for an array."""
    rows = f"SELECT FROM {table} WHERE {key} = ANY({ids}) ORDER BY {key} FOR NO KEY UPDATE"
    return f"SELECT count(*) FROM ({rows}) locked"  # noqa: S608 -- our own names


def _ask(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]
