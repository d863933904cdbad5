"""Which commands start servers, and that they are gone when the command is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.devserver import needs_servers
from tests.config import servers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], False),
        (["--version"], False),
        (["help"], False),
        (["help", "migrate"], False),
        (["migrate", "--help"], False),
        (["check"], False),
        (["check", "--deploy"], False),
        (["check", "--database", "default"], True),
        (["makemigrations"], True),
        (["makemigrations", "--check", "--dry-run"], False),
        (["makemigrations", "--check"], False),
        (["makemigrations", "--dry-run"], False),
        (["collectstatic", "--noinput"], False),
        (["spectacular"], False),
        (["generate_company", "PATH", "--teams", "5"], False),
        (["demo"], False),
        (["migrate"], True),
        (["shell"], True),
        (["runserver"], True),
        (["import_company", "PATH"], True),
        (["a_command_of_tomorrow"], True),
    ],
)
def test_servers_are_started_for(arguments: list[str], needed: bool) -> None:
    assert needs_servers(arguments) is needed


def own_environment(folder: Path) -> dict[str, str]:
    dropped = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"DATA_DIR": str(folder)}


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=servers.ROOT, env=own_environment(folder), capture_output=True, text=True, timeout=60, check=False
    )


def test_command_without_database_leaves_no_server_files(folder: Path) -> None:
    assert manage(folder, "check").returncode == 0
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_command_with_database_starts_and_stops_servers(folder: Path) -> None:
    counting = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 40 + 2'); print(k.fetchone()[0])"
    )
    done = manage(folder, "shell", "--no-imports", "--command", counting)
    assert (done.stdout, done.returncode) == ("42\n", 0), done.stderr
    assert servers.stopped(folder)


def test_servers_that_cannot_start_give_one_line(folder: Path) -> None:
    (folder / "run").touch()
    done = manage(folder, "migrate")
    assert done.returncode == 1
    assert done.stderr.startswith(f"throughline: DATA_DIR {folder} cannot be used")
    assert done.stderr.count("\n") == 1


def test_demo_in_a_wrong_environment_gives_one_line(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=servers.ROOT,
        env=own_environment(folder) | {"DEBUG": "maybe"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "throughline: DEBUG is 'maybe'; expected 1 or 0\n"


def test_terminated_command_stops_servers(folder: Path) -> None:
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "print('up', flush=True); import time; time.sleep(60)",
    ]
    with subprocess.Popen(
        command, cwd=servers.ROOT, env=own_environment(folder), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM
    assert servers.stopped(folder)


def test_data_command_in_a_fresh_folder_makes_its_database(folder: Path) -> None:
    done = manage(folder, "alignment_report", "--as-of", "2026-03-16", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert '"initiatives": {}' in done.stdout
