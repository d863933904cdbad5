"""The file layout of the embedded servers.

It depends on DATA_DIR alone, so that all processes of a checkout use the same servers.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

ROLE = DATABASE = "throughline"
PORT = 5432
LONGEST_RUN_PATH = (
    80  # bytes: a socket's path is limited to 107 (103 on macOS), and the longest file name here is a lock's
)
SHORT_ROOT = Path("/tmp")  # noqa: S108  not $TMPDIR: two shells with different ones must find the same sockets


class Server(StrEnum):
    POSTGRES = "postgres"
    VALKEY = "valkey"


@dataclass(frozen=True)
class Layout:
    """The paths in one DATA_DIR. Computing them does not access the disk."""

    data_dir: Path

    @cached_property
    def run(self) -> Path:
        """The socket folder; under /tmp where DATA_DIR is too long for a socket path."""
        inside = self.data_dir / "run"
        if len(os.fsencode(inside)) <= LONGEST_RUN_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return SHORT_ROOT / f"throughline-{os.geteuid()}-{digest}"

    @property
    def postgres_socket(self) -> Path:
        return self.run / f".s.PGSQL.{PORT}"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def valkey_data(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def secret_key(self) -> Path:
        return self.data_dir / "secret_key"

    @property
    def users_lock(self) -> Path:
        """Locked, shared, by every process that uses the servers."""
        return self.data_dir / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Locked by the one process that is starting or stopping the servers."""
        return self.data_dir / "start.lock"

    def postgres_data(self, major: int) -> Path:
        """Each major version has its own folder: a new one starts empty and does not fail on the old one's files."""
        return self.data_dir / f"pg{major}"
