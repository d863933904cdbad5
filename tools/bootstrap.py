"""Makes .venv with everything that requirements-dev.lock names, using nothing but Python's standard library.

Does nothing where that was done already. An old Python must be able to read this file too: whoever starts it with one
gets a sentence and not a syntax error.
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
    """Ready-made wheels only, each with its hash: nothing is compiled and nothing unexpected is run.

    uv takes a third of pip's time for it (measured on two cores: 27 s, and 77 s). Where uv cannot be had or cannot
    install (a mirror that only pip knows of, say), pip does it.
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
    """Compiled at once, as pip does: where Python may write no bytecode, every program would compile it all anew."""
    return UV.exists() and run(UV, "pip", "install", "--quiet", "--compile-bytecode", *EXACTLY, lock, quiet=True)


def run_pip(lock: str, *, quiet: bool = False) -> bool:
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return run(PYTHON, *pip, *EXACTLY, lock, quiet=quiet)


def run(program: Path, *arguments: str, quiet: bool) -> bool:
    """Whether it ended well; `quiet` keeps its complaints from the reader, because something else is tried next."""
    complaints = subprocess.DEVNULL if quiet else None
    done = subprocess.run([str(program), *arguments], env=environment(), stderr=complaints, check=False)
    return done.returncode == 0


def environment() -> dict[str, str]:
    """A virtual environment that happens to be active, or a PYTHONPATH, must not lead the packages elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return kept | {"VIRTUAL_ENV": str(VENV)}


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
