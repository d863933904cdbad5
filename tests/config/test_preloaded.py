"""The demo's web server while nobody has told it to serve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config import preloaded
from tests.config import servers
from tests.config.test_manage import own_environment


def run(command: list[str], environment: dict[str, str]) -> tuple[int, str, str]:
    """Its exit code, and what it said on both streams."""
    ended = subprocess.run(
        command,
        cwd=servers.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("wrong", [{}, {"DEBUG": "maybe"}], ids=["nothing", "the environment"])
def test_whoever_is_not_told_to_serve_ends_and_says_nothing(folder: Path, wrong: dict[str, str]) -> None:
    assert run(preloaded.COMMAND, own_environment(folder) | wrong) == (0, "", "")


def test_what_is_wrong_is_said_once(folder: Path) -> None:
    environment = own_environment(folder) | {"DEBUG": "maybe"}
    said = "throughline: DEBUG is 'maybe'; expected 1 or 0\n"
    assert run([sys.executable, "manage.py", "demo"], environment) == (1, "", said)
