"""Clients that stall, by the hundred, against the web server as the image starts it."""

from __future__ import annotations

import contextlib
import re
import shlex
import socket
import time
from collections.abc import Iterator

import pytest

from config import devserver as embedded
from tests.config import servers
from tests.config.test_living_faults import Browser, Living
from tests.config.test_packaging import commands

pytestmark = pytest.mark.faults

MANY = 100
ANSWERED_WITHIN = 1.0
"""Seconds. The bound is the requirement."""
BODY = (
    "POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 100\r\n\r\nlogin="
)
READERS = "GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n"


class AsImage(Living):
    def programs(self) -> dict[str, list[str]]:
        _python, *rest = commands()["web"]
        line = re.sub(r"--host \S+ --port \d+", f"--host 127.0.0.1 --port {self.port}", shlex.join(rest))
        ours = super().programs()
        return ours | {"web server": [ours["web server"][0], *shlex.split(line)]}


@pytest.fixture(scope="module")
def served() -> Iterator[Living]:
    with servers.throwaway_folder() as folder, embedded.start(folder):
        product = AsImage(folder)
        try:
            product.start_programs()
            yield product
        finally:
            product.stop_programs()


def test_clients_that_stall_hold_no_page(served: Living) -> None:
    """A hundred bodies that never end and a hundred readers that do not read, half of a page and half of a file."""
    style = re.search(r'href="(/static/css/tokens[^"]+)"', Browser(served).get("/accounts/login/")[1])
    assert style
    reader = Browser(served, signed_in=True)
    with contextlib.ExitStack() as kept:
        for at in range(MANY):
            asked = READERS.format("/accounts/login/" if at % 2 else style[1])
            for text in (BODY, asked):
                client = kept.enter_context(socket.socket())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                client.connect(("127.0.0.1", served.port))
                client.sendall(text.encode())
        assert reader.get("/")[0] == 200  # behind the readers' pages, which are made once
        for path in ("/", "/healthz", "/teams/", "/initiatives/", style[1]):
            assert min(seconds_to_get(reader, path) for _ in range(5)) < ANSWERED_WITHIN, path


def seconds_to_get(reader: Browser, path: str) -> float:
    """Of several the shortest counts: other work on the machine can only slow it down."""
    began = time.monotonic()
    assert reader.get(path)[0] == 200
    return time.monotonic() - began
