"""Worker, scheduler, Valkey and PostgreSQL die by `kill -9` in the middle of edits, and Valkey freezes: nothing that
was acknowledged is lost or half there, no request waits, and soon afterwards the figures are right.

`FAULT_ROUNDS` says how often: once in every test run, more often by `make faults`. The servers come back as the product
brings them back, by whichever process asks for them next (config.devserver); the programs as their supervisor starts
them.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest
import redis
from django.conf import settings
from django.test import override_settings

from config import devserver as embedded
from config.devserver.waiting import wait_until
from config.management.commands.demo import others
from tests.config import servers
from tests.config.test_demo import free_port
from tests.config.test_manage import own_environment
from tests.factories import PASSWORD
from tests.html import parsed, text_of

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
VICTIMS = ("worker", "scheduler", "postgres", "valkey")
SETTLED_WITHIN = 30
"""Seconds from the last restart to right figures."""
HELD_AT_MOST = 2
"""Seconds by which a frozen Redis may hold a request."""
COMMAND_SECONDS = 60
HELPER = "import django; django.setup(); from tests.config import {0}; {0}.main()"


class Living:
    """The product with all its programs, in a folder that does not live long. `helper`, a module of this package, does
    what `filling` says, in a process of its own."""

    helper = "living"
    filling: tuple[str, ...] = ("fill",)

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self._environment = own_environment(folder) | {
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        }
        self._helper = [sys.executable, "-c", HELPER.format(self.helper)]
        with override_settings(PORT=self.port, DATA_DIR=folder):
            self._commands = self.programs()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.session = self.run(*self.filling).strip()

    def programs(self) -> dict[str, list[str]]:
        """The command of each, as the demo runs it."""
        web = [sys.executable, "-m", "config.webserver", "--port", str(self.port)]
        return {"web server": web, **others()}

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            [*self._helper, *arguments],
            cwd=servers.ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=COMMAND_SECONDS,
            check=True,
        ).stdout

    def start(self, name: str) -> None:
        if name in VICTIMS[2:]:
            embedded.start(self.folder).release()
            return
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name],
                cwd=servers.ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_programs(self) -> None:
        for name in self._commands:
            self.start(name)
        assert wait_until(self._answers, 30), self.said()

    def kill(self, name: str) -> None:
        """With all that it started; of PostgreSQL the postmaster, whose processes then end by themselves."""
        if name == "postgres":
            os.kill(servers.postmaster_of(self.folder), signal.SIGKILL)
        elif name == "valkey":
            os.kill(self.valkey(), signal.SIGKILL)
        else:
            os.killpg(self._running[name].pid, signal.SIGKILL)
            self._running[name].wait()

    def stop_programs(self) -> None:
        for name in self._running:
            with contextlib.suppress(ProcessLookupError):
                self.kill(name)

    def ended(self) -> list[str]:
        """Programs that gave up by themselves."""
        return [name for name, program in self._running.items() if program.poll() is not None]

    def valkey(self) -> int:
        process: int = redis.from_url(embedded.redis_url(self.folder)).info("server")["process_id"]
        return process

    @contextlib.contextmanager
    def edits(self, journal: Path) -> Iterator[None]:
        """While others write; every edit that was begun has ended one way or the other at the end."""
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [*self._helper, "edit", str(journal)],
            cwd=servers.ROOT,
            env=self._environment,
            stdin=pipe,
            stdout=pipe,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "editing\n"
                yield
                servers.leave(process)
            finally:
                if process.poll() is None:
                    process.kill()

    def waiting(self) -> int:
        """How many rows wait for a worker; -1 while the database does not say."""
        try:
            return int(servers.ask(self.folder, "SELECT count(*) FROM alignment_dirty"))
        except psycopg2.OperationalError:
            return -1

    def said(self) -> str:
        """What the programs had to say in the end."""
        return "\n".join(f"{path.name}:\n{path.read_text()[-20_000:]}" for path in sorted(self.folder.glob("*.log")))

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return Browser(self).get("/accounts/login/")[0] == 200
        return False


class Browser:
    """Keeps cookies, and the connection as little as possible. Answers are (status, page); `slowest` is in seconds."""

    def __init__(self, living: Living, *, signed_in: bool = False) -> None:
        self._port = living.port
        self._cookies = {settings.SESSION_COOKIE_NAME: living.session} if signed_in else {}
        self.slowest = 0.0

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def post(self, path: str, *, form: str = "", **typed: str) -> tuple[int, str]:
        """As from the form on the page `form`, or at `path` itself, with what it holds already."""
        _status, page = self.get(form or path)
        hidden = {str(field["name"]): str(field["value"]) for field in parsed(page).select("input[type=hidden][name]")}
        return self._ask("POST", path, urlencode(hidden | typed))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        with contextlib.closing(HTTPConnection("127.0.0.1", self._port, timeout=10)) as request:
            request.request(method, path, body, headers)
            answer = request.getresponse()
            page = answer.read().decode()
        self.slowest = max(self.slowest, time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, page


@pytest.fixture(scope="module")
def living() -> Iterator[Living]:
    with servers.throwaway_folder() as folder, embedded.start(folder):
        product = Living(folder)
        try:
            product.start_programs()
            yield product
        finally:
            product.stop_programs()


def grown(journal: Path, before: int) -> bool:
    """Whether people could write since."""
    return journal.stat().st_size > before + 2_000


def kill_in_the_middle(living: Living, names: tuple[str, ...], journal: Path) -> None:
    """While edits are made, and some wait for a worker; nobody comes back before the others have felt it."""
    assert wait_until(lambda: living.waiting() > 0, 20), living.said()
    for name in names:
        living.kill(name)
    felt = journal.stat().st_size
    wait_until(lambda: grown(journal, felt), 1)
    for name in sorted(names, key=VICTIMS.index, reverse=True):
        living.start(name)
    back = journal.stat().st_size
    assert wait_until(lambda: grown(journal, back), 20), living.said()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_nothing_acknowledged_is_lost_by_any_kill(living: Living, turn: int) -> None:
    """Whoever is killed last, which is another one in each turn: nobody else comes back after that."""
    journal = living.folder / f"journal-{turn}"
    order = [*VICTIMS[turn % 4 :], *VICTIMS[: turn % 4]]
    with living.edits(journal):
        kill_in_the_middle(living, VICTIMS, journal)
        for name in order:
            kill_in_the_middle(living, (name,), journal)
        last_restart = time.monotonic()
    assert settled(living, last_restart), living.said()
    assert living.ended() == [], living.said()
    judgement = json.loads(living.run("judge", str(journal)))
    assert judgement == {"waiting": 0, "drift": 0, "lost": [], "half": [], "unexplained": []}
    status, page = Browser(living, signed_in=True).get("/")
    assert status == 200
    assert "being updated" not in text_of(page)


def settled(living: Living, since: float) -> bool:
    return wait_until(lambda: living.waiting() == 0, since + SETTLED_WITHIN - time.monotonic())


def test_frozen_redis_holds_no_request(living: Living) -> None:
    """It looks at the clock, as the bound is the requirement."""
    reader, guest, other = Browser(living, signed_in=True), Browser(living), Browser(living)
    reader.post("/goals/wide/reopening/", because="It goes on.")  # where the test before left it closed
    assert settled(living, time.monotonic()), living.said()
    assert sign_in(other) == 302  # a password takes its time
    reader.slowest = 0
    frozen = living.valkey()
    os.kill(frozen, signal.SIGSTOP)
    try:
        answers = walk(reader, guest)
        waits = living.waiting()
    finally:
        os.kill(frozen, signal.SIGCONT)
    back = time.monotonic()
    assert answers == {"edit": 302, "closing": 302, "page": 200, "reset": 302, "sign-in": 302}
    assert reader.slowest < HELD_AT_MOST
    assert guest.slowest - other.slowest < HELD_AT_MOST
    assert waits > 0
    assert settled(living, back), living.said()
    assert "being updated" not in reader.get("/")[1]


def walk(reader: Browser, guest: Browser) -> dict[str, int]:
    """Status by what was asked for: an edit of a little, one that is left to a worker, a page, and the first page of
    all, which counts attempts in Redis."""
    found = {
        "edit": reader.post("/initiatives/own-0-0/status/", status="done", reason="")[0],
        "closing": reader.post("/goals/wide/closure/", ending="achieved", reason="It is reached.")[0],
    }
    found["page"], page = reader.get("/")
    assert "being updated" in text_of(page)
    found["reset"] = guest.post("/accounts/password/reset/", email="leader@example.com")[0]
    found["sign-in"] = sign_in(guest)
    return found


def sign_in(guest: Browser) -> int:
    return guest.post("/accounts/login/", login="leader@example.com", password=PASSWORD)[0]
