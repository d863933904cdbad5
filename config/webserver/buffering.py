"""Waitress, which reads a request whole before a thread sees it, and keeps an answer until its reader took it.

What it lacks is added here: deadlines for a whole request and a whole answer, room for new connections when all are
taken, answers of its own with our headers, and a stop that lets what was begun come to its end.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from config.headers import PRIVATE

REQUEST_SECONDS = 30.0
"""From the first byte of a request to its last."""
ANSWER_SECONDS = 60.0
"""From the end of a page's work to the last byte that its reader takes."""
IDLE_SECONDS = 60.0
"""Between requests, and before the first."""
LINGER_SECONDS = 30.0
"""From an answer that ends its connection to the last byte that is read of what its client still sends."""
BODY_BYTES = 16 * 1024 * 1024
"""The largest body. Forms are held to less by Django (DATA_UPLOAD_MAX_MEMORY_SIZE)."""
HEADER_BYTES = 32 * 1024
IN_MEMORY_BYTES = 64 * 1024
"""A body or an answer that is larger waits in a temporary file."""
NEVER_BYTES = 2**40
"""At so much a thread would wait for its reader."""
CONNECTIONS = 1000
FILES_OF_A_CONNECTION = 3
SPARE = 50
STOP_SECONDS = 20.0


class Refusal(ErrorTask):
    """An answer without the application: a malformed or too large request, or a fault outside of Django."""

    def execute(self) -> None:
        error = self.request.error
        body = f"{error.reason}.\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(
            [*PRIVATE.items(), ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        )
        self.set_close_on_finish()
        self.content_length = len(body)  # type: ignore[assignment]  # waitress starts it as None
        self.write(body)


class Channel(HTTPChannel):
    """A connection that ends when its client is too slow, however steadily it drips."""

    error_task_class = Refusal
    _began = _answered = 0.0
    _pipelined = _lingers = False

    def received(self, data: bytes) -> bool:
        """Of requests sent before the first was answered only that is taken, and the connection ends with its answer:
        others would be worked on for a reader that does not read, and hold a thread once they fill its buffer.
        """
        if self._lingers:
            return False
        if self.request is None:
            self._began = time.time()
        taken = bool(super().received(data))
        with self.requests_lock:
            if len(self.requests) > 1:
                self._pipelined = True
                for request in self.requests[1:]:
                    request.close()
                del self.requests[1:]
        return taken

    def service(self) -> None:
        self._answered = time.time()  # for the instant in which the request has gone and the last line has not run
        super().service()
        if self._pipelined:
            self.close_when_flushed = True
        self._answered = time.time()

    def handle_close(self) -> None:
        """After an answer that ends the connection, first reads what its client still sends, and forgets it: to close
        before would reset the connection, and the client could lose the answer (RFC 9112, section 9.6).
        """
        if self.will_close and self.socket is not None:
            self.will_close = False
            with contextlib.suppress(OSError):  # the client has gone
                self.socket.shutdown(socket.SHUT_WR)
                self._lingers = True
                return
        super().handle_close()

    def waits_until(self) -> float:
        """The instant of its deadline. Not for one whose request is being worked on."""
        if self._lingers:
            return self._answered + LINGER_SECONDS
        if self.total_outbufs_len:
            return self._answered + ANSWER_SECONDS
        if self.request is not None:
            return self._began + REQUEST_SECONDS
        return float(self.last_activity) + IDLE_SECONDS


class Server(TcpWSGIServer):
    channel_class = Channel

    def maintenance(self, now: float) -> None:
        """Closes at once: a channel that is only told to close would wait until its reader reads."""
        for channel in self._waiting():
            if channel.waits_until() < now:
                channel.handle_close()

    def handle_accept(self) -> None:
        """Where all connections are taken, the one nearest to its deadline makes room for a new one."""
        if len(self.active_channels) >= self.adj.connection_limit - SPARE and (waiting := self._waiting()):
            min(waiting, key=Channel.waits_until).handle_close()
        super().handle_accept()

    def _waiting(self) -> list[Channel]:
        return [channel for channel in self.active_channels.values() if not channel.requests]

    def serve(self, *, until: Callable[[], bool]) -> None:
        """Serves until `until` is true, which is asked after each event and at least each second; then takes no further
        connection, and ends when everything begun is answered, at most STOP_SECONDS later.
        """
        while not until():
            self._turn()
        self.accepting = False
        end = time.monotonic() + STOP_SECONDS
        while self._is_busy() and time.monotonic() < end:
            self._turn()
        self.task_dispatcher.shutdown()
        self.asyncore.close_all(self._map)

    def _turn(self) -> None:
        self.asyncore.loop(timeout=self.adj.asyncore_loop_timeout, map=self._map, use_poll=True, count=1)

    def _is_busy(self) -> bool:
        return any(
            channel.requests or channel.request is not None or channel.total_outbufs_len
            for channel in self.active_channels.values()
        )


def server(application: Any, listening: socket.socket, *, threads: int) -> Server:
    """The server of `application` on a bound socket, of which it keeps a copy."""
    adjustments = Adjustments(
        sockets=[listening],
        connection_limit=_connections() + SPARE,
        cleanup_interval=1,
        inbuf_overflow=IN_MEMORY_BYTES,
        outbuf_overflow=IN_MEMORY_BYTES,
        outbuf_high_watermark=NEVER_BYTES,
        max_request_body_size=BODY_BYTES + 1,
        max_request_header_size=HEADER_BYTES,
        asyncore_use_poll=True,
        log_socket_errors=False,
        ident=None,
        # Django and allauth read what proxies add, each by its own setting (docs/operations.md, *TLS in front*).
        clear_untrusted_proxy_headers=False,
    )
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    own = listening.dup()
    own.setblocking(False)
    described = (own.family, own.type, own.proto, own.getsockname())
    return Server(
        application, {}, True, own, dispatcher=dispatcher, adj=adjustments, bind_socket=False, sockinfo=described
    )


def stop_on_signals(running: Server) -> Callable[[], bool]:
    """A function that tells whether SIGTERM or SIGINT came since."""
    stopping: list[int] = []

    def note(number: int, _frame: object) -> None:
        stopping.append(number)
        running.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return lambda: bool(stopping)


def _connections() -> int:
    """As many as there can be open files for, at most CONNECTIONS. Raises this process's own limit first."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = CONNECTIONS * FILES_OF_A_CONNECTION + 2 * SPARE
    files = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files // FILES_OF_A_CONNECTION - SPARE, SPARE)
