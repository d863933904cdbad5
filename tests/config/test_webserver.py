"""The web server with applications of a few lines: nothing that a client does or leaves undone holds a thread."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from config.devserver.waiting import wait_until
from config.headers import PRIVATE
from config.webserver import buffering, standin
from config.webserver.buffering import BODY_BYTES, Server, server

STALLED = b"POST /accounts/login/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nlogin="
LARGE = 8 * 1024 * 1024
Application = Callable[[dict[str, Any], Any], Any]


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The length of the body and what proxies said."""
    said = f"{len(environ['wsgi.input'].read())} {environ.get('HTTP_X_FORWARDED_FOR')} {environ['wsgi.url_scheme']}"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [said.encode()]


def large(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Length", str(LARGE))])
    return [b"x" * LARGE]


@contextlib.contextmanager
def serving(application: Application) -> Iterator[int]:
    """The port of a server with one thread."""
    with running(application) as found:
        yield int(found.effective_port)


@contextlib.contextmanager
def running(application: Application) -> Iterator[Server]:
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = server(application, listening, threads=1)
        thread = threading.Thread(target=found.serve, kwargs={"until": ended.is_set})
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            found.pull_trigger()
            thread.join(30)
            assert not thread.is_alive()


def ask(port: int, method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


def sent(port: int, data: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.sendall(data)
    return client


def everything(client: socket.socket) -> bytes:
    """All that comes until the server closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            found += part
    return found


def test_bodies_that_never_end_hold_no_thread():
    with serving(echo) as port, contextlib.ExitStack() as kept:
        for _ in range(5):
            kept.enter_context(sent(port, STALLED))
        assert ask(port).read() == b"0 None http"


def test_readers_that_do_not_read_hold_no_thread():
    with serving(large) as port, contextlib.ExitStack() as kept:
        for _ in range(5):
            kept.enter_context(sent(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        assert len(ask(port).read()) == LARGE


def test_upload_of_a_whole_company_arrives():
    body = b"x" * (BODY_BYTES - 1)
    with serving(echo) as port:
        assert ask(port, "POST", body=body).read().startswith(str(len(body)).encode())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {BODY_BYTES + 1}\r\n\r\n".encode(), 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost a\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a;charset=a\0b\r\nContent-Length: 1\r\n\r\na", 400),
    ],
)
def test_what_is_no_request_is_refused_with_our_headers(request_: bytes, status: int):
    with serving(echo) as port, sent(port, request_) as client:
        answer = HTTPResponse(client)
        answer.begin()
        assert answer.status == status
        assert {name: answer.headers[name] for name in PRIVATE} == PRIVATE
        assert answer.headers["Server"] is None
        assert b"waitress" not in answer.read()


def test_client_that_sends_too_much_reads_why():
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {2 * BODY_BYTES}\r\n\r\n".encode()
    with serving(echo) as port, sent(port, head + b"x" * (2 * BODY_BYTES)) as client:
        assert everything(client).startswith(b"HTTP/1.1 413 ")


def test_client_that_goes_on_sending_is_left(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffering, "LINGER_SECONDS", 0.2)
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {2 * BODY_BYTES}\r\n\r\n".encode()
    with running(echo) as found, sent(int(found.effective_port), head) as client:
        assert everything(client).startswith(b"HTTP/1.1 413 ")
        assert wait_until(lambda: not found.active_channels, 20)


def test_fault_of_the_application_itself_says_nothing():
    def breaks(_environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        raise ValueError("secret")

    with serving(breaks) as port:
        answer = ask(port)
        assert (answer.status, answer.read()) == (500, b"Internal Server Error.\n")
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_request_that_drips_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffering, "REQUEST_SECONDS", 0.2)
    with serving(echo) as port, sent(port, STALLED) as client:

        def refused() -> bool:
            try:
                client.sendall(b"x")
            except OSError:
                return True
            return False

        assert wait_until(refused, 20)
        assert ask(port).status == 200


def test_answer_that_nobody_takes_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffering, "ANSWER_SECONDS", 0.2)
    with running(large) as found, sent(int(found.effective_port), b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as client:
        assert wait_until(lambda: bool(found.active_channels), 20)
        assert wait_until(lambda: not found.active_channels, 20)
        assert 0 < len(everything(client)) < LARGE


def test_connection_that_says_nothing_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffering, "IDLE_SECONDS", 0.2)
    with serving(echo) as port, sent(port, b"") as client:
        assert everything(client) == b""


def test_requests_sent_ahead_are_not_worked_on():
    worked: list[str] = []

    def counting(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        worked.append(environ["PATH_INFO"])
        return echo(environ, start_response)

    ahead = b"".join(f"GET /{at} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for at in range(50))
    with serving(counting) as port, sent(port, ahead) as client:
        assert everything(client).count(b"200 OK") == 1
    assert worked == ["/0"]


def test_newcomer_finds_room_where_all_connections_are_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(buffering, "CONNECTIONS", 20)
    with serving(echo) as port, contextlib.ExitStack() as kept:
        clients = [kept.enter_context(sent(port, STALLED)) for _ in range(60)]
        assert ask(port).status == 200
        assert everything(clients[0]) == b""


def test_what_proxies_say_reaches_the_application():
    with serving(echo) as port:
        assert ask(port, X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https").read() == b"0 192.0.2.7 http"


def test_connection_is_kept_for_the_next_request():
    def sized(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    with serving(sized) as port, contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=20)) as kept:
        for _ in range(3):
            kept.request("GET", "/")
            assert kept.getresponse().read() == b"ok"
            assert kept.sock is not None


def test_stop_lets_what_was_begun_come_to_its_end():
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        begun.set()
        go_on.wait(20)
        return echo(environ, start_response)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = server(slow, listening, threads=1)
        thread = threading.Thread(target=found.serve, kwargs={"until": ended.is_set})
        thread.start()
        with sent(listening.getsockname()[1], b"GET / HTTP/1.0\r\nHost: a\r\n\r\n") as client:
            assert begun.wait(20)
            ended.set()
            found.pull_trigger()
            go_on.set()
            assert everything(client).endswith(b"0 None http")
        thread.join(20)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("method", "path", "kind", "refreshes"),
    [
        ("GET", "/teams/", "text/html; charset=utf-8", True),
        ("POST", "/teams/new/", "text/html; charset=utf-8", False),
        ("GET", "/api/v1/teams/", "application/problem+json; charset=utf-8", False),
        ("GET", "/healthz", "text/html; charset=utf-8", True),
    ],
)
def test_stand_in_asks_for_a_moment(method: str, path: str, kind: str, refreshes: bool):
    with serving(standin.application) as port:
        answer = ask(port, method, path)
        assert (answer.status, answer.headers["Retry-After"], answer.headers["Content-Type"]) == (503, "3", kind)
        assert {name: answer.headers[name] for name in PRIVATE} == PRIVATE
        page = answer.read().decode()
        assert ('<meta http-equiv="refresh" content="3">' in page) is refreshes
        assert ("Back in a moment" in page) is kind.startswith("text/html")


def test_stand_in_has_the_style_of_its_page():
    with serving(standin.application) as port:
        answer = ask(port, path="/static/css/plain.css")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
        assert b"max-width" in answer.read()
