"""Answers in place of web processes that are starting: 503 with a page that loads itself again."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from threading import Event, Thread
from typing import Any

from config.headers import PRIVATE
from config.pages import RETRY_SECONDS, STYLE, away_page
from config.webserver.buffering import server

Start = Callable[[str, list[tuple[str, str]]], Any]
STATUS = HTTPStatus.SERVICE_UNAVAILABLE
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
_STYLE_SHEET = Path(__file__).resolve().parents[2] / STYLE.removeprefix("/")


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The page; for the API a problem; and the page's style sheet, which no other process serves now."""
    if environ["PATH_INFO"] == STYLE and _STYLE_SHEET.exists():
        start_response("200 OK", [("Content-Type", "text/css; charset=utf-8"), ("Cache-Control", "no-store")])
        return [_STYLE_SHEET.read_bytes()]
    kind, body = "text/html", away_page(environ["REQUEST_METHOD"])
    if environ["PATH_INFO"].startswith("/api/"):
        kind = "application/problem+json"
        problem = {"type": "about:blank", "title": STATUS.phrase, "status": STATUS.value}
        body = json.dumps(problem | {"detail": "Throughline is starting. Try again in a moment."})
    headers = [
        *PRIVATE.items(),
        ("Content-Type", f"{kind}; charset=utf-8"),
        ("Content-Security-Policy", POLICY),
        ("Retry-After", str(RETRY_SECONDS)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(f"{STATUS.value} {STATUS.phrase}", headers)
    return [body.encode()]


class StandIn:
    """Both methods may be called again without harm."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._ended = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._ended = Event()
            self._server = server(application, self._listening, threads=1)
            self._thread = Thread(
                target=self._server.serve, kwargs={"until": self._ended.is_set}, name="stand-in", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Takes no further connection; those it has are answered meanwhile."""
        if self._thread is not None:
            self._ended.set()
            self._server.pull_trigger()
            self._thread = None
