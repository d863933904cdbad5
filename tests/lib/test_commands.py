"""Commands on the company's data do not run on a database that is behind."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.management.commands import demo
from lib.db.locks import one_at_a_time
from lib.programs import commands

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind() -> None:
    """As if no migration of alignment had ever been applied."""
    MigrationRecorder(connection).migration_qs.filter(app="alignment").delete()


@pytest.mark.usefixtures("behind")
def test_another_database_that_is_behind_stops_with_the_command_that_helps(settings):
    settings.EMBEDDED_DATABASE = False
    with pytest.raises(CommandError, match=r"run `manage\.py migrate` first"):
        call_command("alignment_report")


def test_a_database_that_is_up_to_date_is_left_alone(settings, capsys):
    settings.EMBEDDED_DATABASE = False
    call_command("alignment_report", "--format", "json")
    assert '"flags": []' in capsys.readouterr().out


@pytest.mark.usefixtures("behind")
def test_embedded_database_that_is_behind_is_migrated_first(settings, monkeypatch, capsys):
    settings.EMBEDDED_DATABASE = True
    asked = []
    monkeypatch.setattr(commands, "call_command", lambda *given, **options: asked.append((*given, options)))
    call_command("alignment_report", "--format", "json")

    assert asked == [("migrate", {"verbosity": 0, "interactive": False})]
    assert '"flags": []' in capsys.readouterr().out


@pytest.mark.parametrize("prepare", [lambda: call_command("alignment_report"), lambda: demo.Command()._prepare()])
def test_embedded_database_of_another_version_is_refused(settings, tmp_path, prepare):
    settings.EMBEDDED_DATABASE, settings.EMAIL_FILE_PATH = True, tmp_path
    MigrationRecorder(connection).record_applied("alignment", "0099_of_tomorrow")
    with pytest.raises(CommandError, match=r"its migration alignment\.0099_of_tomorrow is not here\. Export"):
        prepare()


def test_another_database_of_another_version_is_its_keepers(settings):
    """While a release goes out, web servers of both answer."""
    settings.EMBEDDED_DATABASE = False
    MigrationRecorder(connection).record_applied("alignment", "0099_of_tomorrow")
    call_command("alignment_report", "--format", "json")


def test_whoever_works_on_the_same_thing_waits(settings):
    """A lock of the session, and let go of after an error as well."""

    def holds() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                " AND mode = 'ExclusiveLock'"
                " AND ((classid::bigint << 32) | objid::bigint) = hashtext('a thing')::bigint"
            )
            return bool(cursor.fetchone()[0])

    with one_at_a_time("a thing"):
        assert holds()
    assert not holds()
    with pytest.raises(ZeroDivisionError), one_at_a_time("a thing"):
        raise ZeroDivisionError
    assert not holds()


def test_database_is_behind_while_a_migration_or_a_routine_is_missing(monkeypatch):
    assert not commands.is_behind()
    monkeypatch.setattr(commands, "are_missing", lambda: True)
    assert commands.is_behind()
