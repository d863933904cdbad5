"""The set-up script, in a folder with an empty lock file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap

pytestmark = pytest.mark.slow


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


TWO = """\
uv==1.2.3 ; sys_platform != 'win32' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via throughline
uvloop==4.5 \\
    --hash=sha256:cc
"""


def test_one_package_of_a_lock_has_all_its_hashes_and_no_other_package() -> None:
    assert bootstrap.pinned("uv", TWO).splitlines() == [line.rstrip() for line in TWO.splitlines()[:3]]
    assert bootstrap.pinned("django", TWO) == ""


@pytest.mark.parametrize(("fails", "by"), [([], "uv"), (["uv"], "pip"), (["pip alone"], "pip")])
def test_packages_are_installed_by_pip_where_uv_cannot(
    fails: list[str], by: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """First uv alone by pip, then everything by uv; by pip where either fails."""
    done = []

    def run(program: Path, *arguments: str, quiet: bool) -> bool:
        who = "uv" if program == bootstrap.UV else "pip alone" if quiet else "pip"
        done.append((who, arguments[-1]))
        return who not in fails

    uv, lock = tmp_path / "uv", tmp_path / "requirements-dev.lock"
    uv.touch()
    lock.write_text(TWO)
    monkeypatch.setattr(bootstrap, "UV", uv)
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    monkeypatch.setattr(bootstrap, "run", run)
    bootstrap.install()
    assert done[-1] == (by, str(lock))
    assert done[0][0] == "pip alone"


def test_packages_that_cannot_be_installed_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "run", lambda *_given, **_named: False)
    with pytest.raises(SystemExit, match="could not be installed"):
        bootstrap.install()
