"""A second connection, which holds what others wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from config.devserver.waiting import wait_until

MOMENT = "100ms"
LOCK_NOT_AVAILABLE = "55P03"


class Elsewhere:
    """A transaction of another connection."""

    def __init__(self) -> None:
        self._connection: Any = connection.copy()
        self._connection.set_autocommit(False)

    def ask(self, sql: str, *parameters: Any) -> Any:
        """The first value of the answer."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone()[0]

    def lock(self, row: Any) -> None:
        """The row, as services do that edit it."""
        table, key = row._meta.db_table, row._meta.pk.column
        self.ask(f"SELECT 1 FROM {table} WHERE {key} = %s FOR NO KEY UPDATE NOWAIT", row.pk)

    def let_go(self) -> None:
        self._connection.rollback()

    def close(self) -> None:
        self.let_go()
        self._connection.close()


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    other = Elsewhere()
    try:
        yield other
    finally:
        other.close()


def waits(work: Callable[[], object]) -> bool:
    """Whether `work` waits for a lock that somebody else holds. What it did is undone."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{MOMENT}'")
            work()
            transaction.set_rollback(True)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        return True
    return False


def in_another_connection(work: Callable[[], object]) -> None:
    """Does it, and comes back when it is done."""

    def run() -> None:
        with closing(connection):
            work()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result(20)


def run_together(*works: Callable[[], object]) -> list[BaseException | None]:
    """What each of `works` raised, each in a thread and a connection of its own."""

    def run(work: Callable[[], object]) -> None:
        with closing(connection):
            work()

    with ThreadPoolExecutor(len(works)) as threads:
        return [running.exception(20) for running in [threads.submit(run, work) for work in works]]


@contextmanager
def under_way(work: Callable[[], object], other: Elsewhere) -> Iterator[None]:
    """`work` in a thread and a connection of its own, which waits for `other` inside of the block and is through after
    it. What it did is undone."""

    def run() -> None:
        with closing(connection), transaction.atomic():
            work()
            transaction.set_rollback(True)

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(run)
        try:
            assert wait_until(lambda: other.ask("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0, 10)
            yield
        finally:
            other.let_go()
            running.result(20)
