"""Commands on the company's data do not run on a database that is behind."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

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
