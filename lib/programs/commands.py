"""Base class of management commands that need an up-to-date database."""

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
    """Migrates an embedded database before it runs; other databases are migrated by their administrator.

    Raises CommandError, with advice, where such a database is behind or another version created the embedded one.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        refuse_other_version()
        if is_behind():
            if not settings.EMBEDDED_DATABASE:
                raise CommandError("the database is not up to date; run `manage.py migrate` first")
            bring_up_to_date()
        return super().execute(*args, **options)


def bring_up_to_date() -> None:
    """Applies missing migrations; concurrent callers wait and then find none."""
    with one_at_a_time(LOCK):
        call_command("migrate", verbosity=0, interactive=False)


def refuse_other_version() -> None:
    """Raises CommandError where the embedded database has migrations that this version does not contain."""
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
    """Whether `migrate` has anything to do. Three queries."""
    applied = MigrationRecorder(connection).applied_migrations()
    # Checking each app's newest is enough: its dependencies are applied before it.
    return not set(_migrations().graph.leaf_nodes()) <= applied.keys() or are_missing()


@cache
def _migrations() -> MigrationLoader:
    """The migrations in the code; cached, because they do not change while a process runs."""
    return MigrationLoader(None)
