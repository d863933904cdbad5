"""The socket that web processes share, and who answers on it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Set as AbstractSet

from config.supervisor import Supervisor
from config.webserver.standin import StandIn

BACKLOG = 1024


class WebServer:
    """Holds the listening socket, so that no connection is refused while a process is started again. While there is no
    process that serves pages, it says so itself.
    """

    def __init__(self, host: str, port: int, *, processes: int, threads: int) -> None:
        """Raises OSError where the address cannot be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._stand_in = StandIn(self._socket)
        self._stand_in.start()
        self._threads = threads
        self.names = ["web server"] if processes == 1 else [f"web server {at}" for at in range(1, processes + 1)]

    def start(self, supervisor: Supervisor) -> None:
        for name in self.names:
            command = [sys.executable, "-m", "config.webserver.process", str(self._threads)]
            supervisor.run(name, command, listening=self._socket)

    def changed(self, ready: AbstractSet[str]) -> None:
        """Called by the supervisor with the programs that are ready, whenever these change."""
        if ready.isdisjoint(self.names):
            self._stand_in.start()
        else:
            self._stand_in.stop()

    def close(self) -> None:
        self._stand_in.stop()
        self._socket.close()
