"""The set-up script, in a folder with an empty lock file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    shutil.copy(bootstrap.__file__, tmp_path / "tools")
    (tmp_path / "requirements-dev.lock").touch()
    return tmp_path


def set_up(checkout: Path) -> str:
    command = [sys.executable, str(checkout / "tools" / "bootstrap.py")]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def test_environment_is_made_once_and_again_when_it_is_broken(checkout: Path) -> None:
    assert "Making" in set_up(checkout)
    python = checkout / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True).returncode == 0
    assert set_up(checkout) == ""
    python.unlink()
    assert "Making" in set_up(checkout)


def test_missing_venv_module_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = tmp_path / "python3"
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    monkeypatch.setattr(bootstrap, "new_enough_python", lambda: str(bare))
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        bootstrap.make_environment()


def test_old_python_without_a_newer_one_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"Python 99.0 or newer is needed"):
        bootstrap.new_enough_python()
