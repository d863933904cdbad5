"""Who uses the servers: each process holds a shared lock, the last one out stops them.

`kill -9` drops a lock by itself.
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

TRAVERSABLE, PRIVATE = 0o711, 0o700


def start(data_dir: Path, servers: Iterable[Server] = tuple(Server)) -> Lease:
    """Starts what does not run yet of `servers` and keeps it until the lease is released, or this process ends.

    Raises EmbeddedError with a line for the person at the terminal.
    """
    try:
        return Lease(data_dir.resolve(), frozenset(servers))
    except OSError as error:
        raise EmbeddedError(
            f"DATA_DIR {data_dir} cannot be used: {error}; choose another, or set DATABASE_URL and REDIS_URL"
        ) from error


class Lease:
    """One use of the servers by one process.

    It has no effect in a child that was forked from it: the parent holds and releases.
    """

    def __init__(self, data_dir: Path, servers: frozenset[Server]) -> None:
        self._layout = Layout(data_dir)
        self._owner = os.getpid()
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
        """Leaves; whoever leaves last stops both servers. Safe to call twice."""
        users, here = self._users, os.getpid() == self._owner
        if users is None or not here:
            return
        self._users = None
        atexit.unregister(self.release)
        try:
            # A data folder that was deleted under us leaves nothing to agree on: PostgreSQL notices and ends by itself.
            with contextlib.suppress(FileNotFoundError), _held(self._layout.start_lock):
                self._stop_unless_used(users)
        finally:
            os.close(users)

    def _take(self, users: int, servers: frozenset[Server]) -> None:
        """Whatever interrupts it, what was started so far is stopped again."""
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
            with contextlib.suppress(EmbeddedError):  # one that could not be started cannot be stopped either
                server(self._layout).stop()
        with contextlib.suppress(OSError):
            self._layout.run.rmdir()


@contextlib.contextmanager
def _held(lock: Path) -> Iterator[None]:
    """One process at a time starts or stops servers."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_private(folder: Path) -> None:
    """Where the sockets are nobody else may enter.

    The folder may be in /tmp: one that a stranger made under our name is refused.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in possible_owners():
        raise EmbeddedError(f"{folder} belongs to another user; remove it as that user, or choose another DATA_DIR")
    folder.chmod(PRIVATE)
