"""Leases on the servers: each process has a shared lock, and the last one to release it stops them.

`kill -9` also releases a lock.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from config.devserver.errors import EmbeddedError
from config.devserver.layout import Layout, Server
from config.devserver.postgres import Postgres
from config.devserver.privileges import possible_owners
from config.devserver.valkey import Valkey
from config.devserver.waiting import is_listening

TRAVERSABLE, PRIVATE = 0o711, 0o700


def start(data_dir: Path, servers: Iterable[Server] = tuple(Server)) -> Lease:
    """Starts those of `servers` that are not running; they run until the lease is released or this process ends.

    Raises EmbeddedError with a line for the person at the terminal.
    """
    try:
        return Lease(data_dir.resolve(), frozenset(servers))
    except OSError as error:
        raise EmbeddedError(
            f"DATA_DIR {data_dir} cannot be used: {error}; choose another, or set DATABASE_URL and REDIS_URL"
        ) from error


class Lease:
    """One process's use of the servers.

    It has no effect in a forked child: only the parent can release it.
    """

    def __init__(self, data_dir: Path, servers: frozenset[Server]) -> None:
        self._layout = Layout(data_dir)
        self._owner = os.getpid()
        self._servers = servers
        self._users: int | None = None
        if servers:
            data_dir.mkdir(parents=True, exist_ok=True, mode=TRAVERSABLE)
            self._users = os.open(self._layout.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            atexit.register(self.release)
            self._take(self._users, servers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Releases the lease; the last one stops both servers. Safe to call twice."""
        users, here = self._users, os.getpid() == self._owner
        if users is None or not here:
            return
        self._users = None
        atexit.unregister(self.release)
        try:
            # If the data folder has been deleted there is no lock to take, and PostgreSQL notices and ends by itself.
            with contextlib.suppress(FileNotFoundError), _held(self._layout.start_lock):
                self._stop_unless_used(users)
        finally:
            os.close(users)

    def revive(self) -> list[Server]:
        """Starts again those servers of the lease that nobody listens for any more; returns which.

        Raises EmbeddedError where one does not start.
        """
        gone = [server for server in sorted(self._servers) if not self._is_listening(server)]
        if gone:
            with _held(self._layout.start_lock):
                for server in gone:
                    self._program(server).ensure()
        return gone

    def _is_listening(self, server: Server) -> bool:
        return is_listening(self._layout.postgres_socket if server == Server.POSTGRES else self._layout.valkey_socket)

    def _program(self, server: Server) -> Postgres | Valkey:
        return Postgres(self._layout) if server == Server.POSTGRES else Valkey(self._layout)

    def _take(self, users: int, servers: frozenset[Server]) -> None:
        """On any interruption, stops what it has started."""
        try:
            with _held(self._layout.start_lock):
                fcntl.flock(users, fcntl.LOCK_SH)
                _make_private(self._layout.run)
                if Server.POSTGRES in servers:
                    Postgres(self._layout).ensure()
                if Server.VALKEY in servers:
                    Valkey(self._layout).ensure()
        except BaseException:
            self.release()
            raise

    def _stop_unless_used(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for server in (Valkey, Postgres):
            with contextlib.suppress(EmbeddedError):  # a server that could not start cannot be stopped
                server(self._layout).stop()
        with contextlib.suppress(OSError):
            self._layout.run.rmdir()


@contextlib.contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Lets one process at a time start or stop servers."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_private(folder: Path) -> None:
    """Restricts the socket folder to this user.

    It may be in /tmp, so one that another user created under this name is refused.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in possible_owners():
        raise EmbeddedError(f"{folder} belongs to another user; remove it as that user, or choose another DATA_DIR")
    folder.chmod(PRIVATE)
