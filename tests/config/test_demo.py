"""`manage.py demo` from nothing to an answering page, and back to nothing."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery

from config import devserver as embedded
from config.devserver.waiting import wait_until
from demo.cast import CAST
from tests.config import servers
from tests.config.test_manage import own_environment
from tools.bench import first
from tools.browser import chromium

pytestmark = pytest.mark.slow

PROGRAMS = ("config.webserver.process", "celery --quiet --app config worker", "celery --quiet --app config beat")


@contextlib.contextmanager
def demo(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = own_environment(folder) | {"PORT": str(port)}
    command = [sys.executable, "manage.py", "demo"]
    with subprocess.Popen(
        command, cwd=servers.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def read_until(process: subprocess.Popen[str], end: str) -> str:
    """What the demo says up to and including the line with `end`."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if end in line:
            break
    assert end in said, process.stderr.read() if process.stderr else ""
    return said


def programs_of(process: subprocess.Popen[str]) -> dict[str, int]:
    """The demo's own children by command line."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    lines = {Path(f"/proc/{child}/cmdline").read_text().replace("\0", " "): int(child) for child in children}
    return {name: next(child for line, child in lines.items() if name in line) for name in PROGRAMS}


def worker_answers(folder: Path) -> bool:
    with Celery(broker=embedded.broker_url(embedded.redis_url(folder))) as client:
        client.conf.broker_transport_options = {"global_keyprefix": "throughline."}
        return bool(client.control.ping(timeout=1, limit=1))


def get(port: int, path: str) -> tuple[int, str]:
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as request:
        request.request("GET", path)
        answer = request.getresponse()
        return answer.status, answer.headers["Content-Type"]


@pytest.fixture(scope="module")
def with_somebody() -> Iterator[Path]:
    """Where the demo's company is not built, as somebody is there already. Each test leaves it as it was, stopped."""
    with servers.throwaway_folder() as folder:
        command = [sys.executable, "manage.py", "create_admin", "ada@example.org"]
        subprocess.run(command, cwd=servers.ROOT, env=own_environment(folder), check=True, capture_output=True)
        yield folder


def test_demo_serves_until_it_is_told_to_stop(with_somebody: Path) -> None:
    folder, port = with_somebody, free_port()
    with demo(folder, port) as process:
        said = read_until(process, "Ctrl-C")
        assert f"Throughline is at http://localhost:{port}" in said
        assert f"DATA_DIR={folder} PORT={port} " in said
        assert "manage.py import_company PATH" in said
        assert "manage.py create_admin EMAIL" in said
        assert "Building" not in said
        assert not [part.email for part in CAST if part.email in said]
        assert get(port, "/accounts/login/") == (200, "text/html; charset=utf-8")
        assert get(port, "/static/css/tokens.css") == (200, 'text/css; charset="utf-8"')
        assert wait_until(lambda: worker_answers(folder), 60)
        children = programs_of(process).values()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert servers.stopped(folder)


def test_company_is_built_once_and_whole(folder: Path) -> None:
    """A build that was killed leaves nothing, the next start builds, and the one after that finds it there. The bench
    measures the pages of both."""
    of_bench = folder / "first"
    of_bench.mkdir(mode=0o711)
    with demo(of_bench / "data", free_port()) as process:
        read_until(process, "week  2")
        process.kill()
        process.wait(timeout=30)
    rows = first_pages(folder)
    said = (of_bench / "log").read_text(encoding="utf-8")
    assert "Building" not in said
    assert all(f"{part.email:{35}}" in said and part.name in said for part in CAST)
    assert len(list((of_bench / "data" / "mail").iterdir())) == 4
    assert rows["second start to the first page"]["figures"]["seconds"] > 0
    assert rows["second start to the first page"]["limits"] == {"seconds": 4}
    if not chromium():
        assert "no chromium" in rows["first pages"]["note"]
        return
    for name in ("sign-in", *first.DOORS):
        row = rows[f"first page: {name}"]
        assert row["figures"].keys() == {"kb", "shift", "paint_ms", "beside_static"}
        assert row["limits"] == first.LIMITS
        assert row["figures"]["kb"] <= first.LIMITS["kb"]


def first_pages(folder: Path) -> dict[str, Any]:
    """What the bench says of a demo in `folder`, which it starts twice."""
    output = folder / "figures.json"
    bench = {"BENCH_SIZE": "XS", "BENCH_ONLY": "first", "BENCH_DIR": str(folder), "BENCH_JSON": str(output)}
    command = [sys.executable, "-m", "tools.bench"]
    done = subprocess.run(
        command, cwd=servers.ROOT, env=os.environ | bench, capture_output=True, text=True, check=False
    )
    assert output.exists(), done.stderr
    return {row["what"]: row for row in json.loads(output.read_text(encoding="utf-8"))["rows"]}


def test_browsers_that_keep_their_connections_leave_room_for_others(with_somebody: Path) -> None:
    port = free_port()
    with demo(with_somebody, port) as process, contextlib.ExitStack() as kept:
        read_until(process, "Ctrl-C")
        for _ in range(40):
            browser = kept.enter_context(contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)))
            browser.request("GET", "/accounts/login/")
            answer = browser.getresponse()
            answer.read()
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_what_is_killed_is_started_again(with_somebody: Path) -> None:
    """Pages say so meanwhile, or go on."""
    port = free_port()
    with demo(with_somebody, port) as process:
        read_until(process, "Ctrl-C")
        before = programs_of(process)
        for name, program in before.items():
            os.kill(program, signal.SIGKILL)
            read_until(process, "ended by itself (signal 9), and is started again.")
            if name == PROGRAMS[0]:
                assert asked(port, "/accounts/login/")[0] == 503
        os.kill(servers.postmaster_of(with_somebody), signal.SIGKILL)
        read_until(process, "The embedded PostgreSQL had ended, and was started again.")
        os.kill(valkey_of(with_somebody), signal.SIGKILL)
        read_until(process, "The embedded Valkey had ended, and was started again.")
        assert wait_until(lambda: asked(port, "/accounts/login/")[0] == 200, 60)
        assert wait_until(lambda: asked(port, "/readyz")[0] == 200, 60)
        assert not set(programs_of(process).values()) & set(before.values())
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
    assert servers.stopped(with_somebody)


def test_page_asks_for_a_moment_while_the_database_is_away(with_somebody: Path) -> None:
    port = free_port()
    with demo(with_somebody, port) as process:
        read_until(process, "Ctrl-C")
        os.kill(process.pid, signal.SIGSTOP)  # so that nobody starts it again
        postmaster = servers.postmaster_of(with_somebody)
        os.kill(postmaster, signal.SIGKILL)
        assert wait_until(lambda: asked(port, "/there/is/nothing/")[0] == 404, 10)
        status, headers, page = asked(port, "/accounts/password/link/1-a-b/")
        assert (status, headers["Retry-After"], "Back in a moment" in page) == (503, "3", True)
        assert headers["Cache-Control"] == "private, no-store"
        os.kill(process.pid, signal.SIGCONT)
        read_until(process, "The embedded PostgreSQL had ended, and was started again.")
        assert wait_until(lambda: asked(port, "/accounts/password/link/1-a-b/")[0] == 200, 30)


def asked(port: int, path: str) -> tuple[int, Message, str]:
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=30)) as request:
        request.request("GET", path)
        answer = request.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def valkey_of(folder: Path) -> int:
    found: int = redis.from_url(embedded.redis_url(folder)).info("server")["process_id"]
    return found


def test_taken_port_is_one_line_and_starts_nothing(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with demo(folder, port) as process:
            said, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == ""
    assert errors == f"CommandError: port {port} on 127.0.0.1 is taken; choose another: PORT={port + 1} make demo\n"
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_interrupted_start_leaves_nothing(folder: Path) -> None:
    with demo(folder, free_port()) as process:
        read_until(process, "Preparing")
        assert wait_until(lambda: bool(servers.servers_of(folder)), 10)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
    assert servers.stopped(folder)
