"""Commands that work on the company's data: they find the database as the code expects it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lib.routines import are_missing

LOCK = "throughline.migrate"


class DataCommand(BaseCommand):
    """Brings an embedded database up to date before it runs; any other database is its keeper's to migrate.

    Raises CommandError, with the command that would help, where that one is behind.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        if _is_behind():
            if not settings.EMBEDDED_DATABASE:
                raise CommandError("the database is not up to date; run `manage.py migrate` first")
            bring_up_to_date()
        return super().execute(*args, **options)


def bring_up_to_date() -> None:
    """Applies what migrations are missing; whoever asks at the same time waits, and finds nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes())) or are_missing()
