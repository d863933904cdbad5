"""The demo's web server while nobody has told it to serve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config import preloaded
from tests.config import servers
from tests.config.test_manage import own_environment


@pytest.mark.parametrize("wrong", [{}, {"DEBUG": "maybe"}], ids=["nothing", "the environment"])
def test_whoever_is_not_told_to_serve_ends_and_says_nothing(folder: Path, wrong: dict[str, str]) -> None:
    ended = subprocess.run(
        preloaded.COMMAND,
        cwd=servers.ROOT,
        env=own_environment(folder) | wrong,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_what_is_wrong_is_said_once(folder: Path) -> None:
    environment = own_environment(folder) | {"DEBUG": "maybe"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=servers.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "throughline: DEBUG is 'maybe'; expected 1 or 0\n"
