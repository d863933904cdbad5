"""Commands that work on the company's data: they find the database as the code expects it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lib.db.locks import one_at_a_time
from lib.db.routines import are_missing

LOCK = "throughline.migrate"


class DataCommand(BaseCommand):
    """Brings an embedded database up to date before it runs; any other database is its keeper's to migrate.

    Raises CommandError, with what would help, where that one is behind or another version made the embedded one.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        refuse_other_version()
        if is_behind():
            if not settings.EMBEDDED_DATABASE:
                raise CommandError("the database is not up to date; run `manage.py migrate` first")
            bring_up_to_date()
        return super().execute(*args, **options)


def bring_up_to_date() -> None:
    """Applies what migrations are missing; whoever asks at the same time waits, and finds nothing left to do."""
    with one_at_a_time(LOCK):
        call_command("migrate", verbosity=0, interactive=False)


def refuse_other_version() -> None:
    """Raises CommandError where a version whose migrations are not here has written the embedded database."""
    if not settings.EMBEDDED_DATABASE:
        return
    known = _migrations()
    for app, name in sorted(MigrationRecorder(connection).applied_migrations().keys() - known.disk_migrations.keys()):
        if app in known.migrated_apps:
            raise CommandError(
                f"the data in {settings.DATA_DIR} are another version's: its migration {app}.{name} is not here. Export"
                " the company with that version, remove the folder, and import it here; a demo is built anew"
            )


def is_behind() -> bool:
    """Whether `migrate` has something to do. Three queries."""
    applied = MigrationRecorder(connection).applied_migrations()
    # Of each app the newest; none that they build on is applied after them.
    return not set(_migrations().graph.leaf_nodes()) <= applied.keys() or are_missing()


@cache
def _migrations() -> MigrationLoader:
    """What is in the code, which stays as it is while a process lives."""
    return MigrationLoader(None)
