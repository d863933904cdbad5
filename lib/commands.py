"""Commands that work on the company's data: they find the database as the code expects it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lib.routines import are_missing

LOCK = "throughline.migrate"


class DataCommand(BaseCommand):
    """Brings an embedded database up to date before it runs; any other database is its keeper's to migrate.

    Raises CommandError, with the command that would help, where that one is behind.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        if is_behind():
            if not settings.EMBEDDED_DATABASE:
                raise CommandError("the database is not up to date; run `manage.py migrate` first")
            bring_up_to_date()
        return super().execute(*args, **options)


def bring_up_to_date() -> None:
    """Applies what migrations are missing; whoever asks at the same time waits, and finds nothing left to do."""
    with one_at_a_time(LOCK):
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Whoever comes to a block of the same name meanwhile, in whatever process, waits until this one is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def is_behind() -> bool:
    """Whether `migrate` has something to do. Three queries."""
    applied = MigrationRecorder(connection).applied_migrations()
    return not _newest_migrations() <= applied.keys() or are_missing()


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """Of each app; none that they build on is applied after them. They stay as they are while a process lives."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
