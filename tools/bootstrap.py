"""Creates .venv with the packages in requirements-dev.lock, using only Python's standard library.

Does nothing where this is done. Older Pythons must be able to parse this file, so that they print a sentence and not a
syntax error.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / ".installed"
LOCK = ROOT / "requirements-dev.lock"
OLDEST = (3, 11)
EXACTLY = ("--only-binary", ":all:", "--require-hashes", "--requirement")
ELSEWHERE = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER", "UV_SYSTEM_PYTHON", "UV_PROJECT_ENVIRONMENT"}
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
    """A concurrent `make` waits and then finds nothing left to do."""
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(*arguments: str) -> bool:
    """Whether the environment's Python runs: an interrupted set-up or a system upgrade breaks it."""
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
    """Installs only wheels, each with its hash: nothing is compiled and no unexpected code runs.

    uv takes a third of pip's time (measured on two cores: 27 s, and 77 s). Where uv is missing or fails (for example
    with a mirror that only pip is configured for), pip does it.
    """
    say("Installing the packages (once) …")
    with tempfile.NamedTemporaryFile("w", suffix=".lock", encoding="utf-8") as only_uv:
        only_uv.write(pinned("uv", LOCK.read_text(encoding="utf-8")))
        only_uv.flush()
        installed = run_pip(only_uv.name, quiet=True) and run_uv(str(LOCK))
    if not installed and not run_pip(str(LOCK)):
        sys.exit("throughline: the packages could not be installed (pip's own message is above)")


def pinned(name: str, lock: str) -> str:
    """The lines of one package in a lock file."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return found[0] if found else ""


def run_uv(lock: str) -> bool:
    """Compiles bytecode at once, as pip does: where Python cannot write bytecode later, every program would compile it
    again.
    """
    return UV.exists() and run(UV, "pip", "install", "--quiet", "--compile-bytecode", *EXACTLY, lock, quiet=True)


def run_pip(lock: str, *, quiet: bool = False) -> bool:
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return run(PYTHON, *pip, *EXACTLY, lock, quiet=quiet)


def run(program: Path, *arguments: str, quiet: bool) -> bool:
    """Whether it succeeded; `quiet` hides its errors, because something else is tried next."""
    complaints = subprocess.DEVNULL if quiet else None
    done = subprocess.run([str(program), *arguments], env=environment(), stderr=complaints, check=False)
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Removes variables that would install the packages elsewhere, such as PYTHONPATH or those of an active
    environment.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return kept | {"VIRTUAL_ENV": str(VENV)}


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
