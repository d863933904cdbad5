"""Makes .venv with everything that requirements-dev.lock names, using nothing but Python's standard library.

Does nothing where that was done already. An old Python must be able to read this file too: whoever starts it with one
gets a sentence and not a syntax error.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed"
LOCK = ROOT / "requirements-dev.lock"
OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")


def main() -> None:
    with one_at_a_time():
        wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted and works("-c", ""):
            return
        if not works("-m", "pip", "--version"):
            make_environment()
        install()
        STAMP.write_text(wanted, encoding="ascii")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` at once: the second waits and then finds nothing left to do."""
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(*arguments: str) -> bool:
    """Whether the environment's Python can be used: an interrupted set-up or an upgraded system leaves a broken one."""
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), *arguments], capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    python = new_enough_python()
    if subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode != 0:
        sys.exit(f"throughline: {python} lacks its venv module; on Debian and Ubuntu: apt-get install python3-venv")
    say(f"Making {VENV} …")
    if subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=False).returncode != 0:
        sys.exit(f"throughline: {python} could not make {VENV}")


def new_enough_python() -> str:
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in NEWER_NAMES:
        if found := shutil.which(name):
            return found
    oldest = ".".join(str(part) for part in OLDEST)
    sys.exit(
        f"throughline: Python {oldest} or newer is needed, this is {sys.version.split()[0]}; see https://www.python.org/downloads/"
    )


def install() -> None:
    """Ready-made wheels only, each with its hash: nothing is compiled and nothing unexpected is run."""
    say("Installing the packages (once) …")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    found = subprocess.run(
        [*pip, "--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK)],
        env=pip_environment(),
        check=False,
    )
    if found.returncode != 0:
        sys.exit("throughline: the packages could not be installed (pip's own message is above)")


def pip_environment() -> dict[str, str]:
    """A virtual environment that happens to be active, or a PYTHONPATH, must not lead pip elsewhere."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER"}
    }


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
