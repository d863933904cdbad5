"""The databases of the test run: one is migrated, and every worker gets a copy of it.

The migrated one stays for the next run, until a model, a migration, a routine or a dependency is another. What a test
that commits leaves behind is deleted after it, and what the migrations made is put back.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from lib.db import routines

AS_MIGRATED = "as_migrated"
"""The schema with a copy of each table in which the migrations left rows."""


def make_own_copy(worker: str) -> str:
    """The connection leads to a copy that is this worker's alone; returns where it led before. The first worker that
    finds no database migrated from what is here now migrates what all copy."""
    creation, given = connection.creation, str(connection.settings_dict["NAME"])
    migrated, wanted = f"test_{given}", migrated_from()
    with _one_at_a_time():
        if _migrated_from(migrated) != wanted:
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            _remember(migrated, wanted)
        connection.settings_dict["NAME"] = migrated
        creation.clone_test_db(worker, verbosity=0)
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker))
    return given


def drop_own_copy(given: str) -> None:
    """`given` is where the connection leads again. A thread of a web server that a test has stopped may still hold a
    session, which must not keep the database."""
    own = str(connection.settings_dict["NAME"])
    connection.close()
    connection.settings_dict["NAME"] = given
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


def empty(_case: TransactionTestCase | None = None) -> None:
    """Every table is again as the migrations left it. Deleting what is there takes a hundredth of what TRUNCATE takes
    for tables that are nearly all empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
        for table in _filled(cursor):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [AS_MIGRATED])
        for (table,) in cursor.fetchall():
            cursor.execute(f"INSERT INTO public.{table} SELECT * FROM {AS_MIGRATED}.{table}")
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrated_from() -> str:
    """A digest of all that makes a migrated database what it is: models and migrations, routines, and the versions of
    dependencies, which have migrations of their own."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256((root / "requirements-dev.lock").read_bytes())
    for file in sorted(root.glob("*/m[io]*/*.py")) + sorted(root.glob("*/models.py")):
        digest.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    for routine in routines._routines:
        digest.update(routine.name.encode())
    return digest.hexdigest()


def _migrated_from(name: str) -> str | None:
    """What the database of this name was migrated from."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        found = cursor.fetchone()
    return found[0] if found else None


def _remember(name: str, wanted: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {AS_MIGRATED}")
        for table in _filled(cursor):
            cursor.execute(f"CREATE TABLE {AS_MIGRATED}.{table} AS TABLE public.{table}")
        cursor.execute(f'COMMENT ON DATABASE "{name}" IS %s', [wanted])


def _filled(cursor: CursorWrapper) -> list[str]:
    """Tables with rows in them, but for the list of migrations."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'")
    tables = [table for (table,) in cursor.fetchall()]
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.{table})" for table in tables)
    )
    return [table for (table,) in cursor.fetchall()]
