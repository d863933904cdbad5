"""Throwaway servers for tests that kill them, and processes to use them from."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2

from config import devserver as embedded
from config.devserver import privileges
from config.devserver.binaries import postgres_programs
from config.devserver.layout import Layout
from config.devserver.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
PR_SET_CHILD_SUBREAPER = 36
NAMELESS = 54321
HOLD = """
import sys
from pathlib import Path
from config import devserver as embedded
with embedded.start(Path(sys.argv[1])):
    print("holding", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Short, and open to other accounts as pytest's own are not; whatever still runs in it at the end is killed."""
    folder = Path(tempfile.mkdtemp(prefix="tl-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for process in servers_of(folder):
            with contextlib.suppress(ProcessLookupError):  # it ended since
                os.kill(process, signal.SIGKILL)
        wait_until(lambda: not servers_of(folder), 5)
        shutil.rmtree(folder, ignore_errors=True)


def servers_of(folder: Path) -> list[int]:
    """Processes that work somewhere below it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(folder) and state_of(int(entry.name)) != "Z":
                found.append(int(entry.name))
    return found


def state_of(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def stopped(folder: Path) -> bool:
    return wait_until(lambda: not servers_of(folder), 5)


@contextlib.contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the servers, until its standard input is closed."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for_holder(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"


def leave(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0


def connect(folder: Path) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(embedded.database_url(folder))
    connection.autocommit = True
    return connection


def ask(folder: Path, query: str) -> Any:
    """The one value that a query answers with."""
    connection = connect(folder)
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster_of(folder: Path) -> int:
    return int((postgres_data(folder) / "postmaster.pid").read_text().split("\n")[0])


def postgres_data(folder: Path) -> Path:
    return next(path for path in folder.glob("pg*") if path.name[2:].isdigit())


def adopt_orphans() -> None:
    """From here on the servers become children of this process, and zombies when they are killed."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def identities() -> dict[str, Callable[[Path], None]]:
    """As whom the servers can be tried from here: each prepares a forked process that is given the data folder. Another
    account cannot reach the programs of a checkout that only its owner may enter."""
    if os.geteuid() != 0:
        return {"ordinary user": lambda _folder: None}
    found: dict[str, Callable[[Path], None]] = {}
    if privileges._has_user_namespaces(pwd.getpwnam("nobody")):
        found["root by a user namespace"] = lambda _folder: None
    if privileges._open_to_others(postgres_programs() or Path("/root")):
        found["root by another account"] = _hide_unshare
        found["ordinary user"] = _become_nobody
        if (
            subprocess.run(["unshare", "--user", "true"], user=NAMELESS, check=False, capture_output=True).returncode
            == 0
        ):
            found["user without a name"] = _become_nameless
    return found


def run_as(prepare: Callable[[Path], None], folder: Path, scenario: Callable[[Path], None]) -> None:
    """Forks, because an interpreter in root's home could not be started by anybody else.

    Fails with the scenario's traceback.
    """
    context = multiprocessing.get_context("fork")
    result, answer = context.Pipe(duplex=False)

    def child() -> None:
        try:
            prepare(folder)
            scenario(folder)
            answer.send("")
        except BaseException:  # noqa: BLE001
            answer.send(traceback.format_exc())

    process = context.Process(target=child)
    process.start()
    process.join(60)
    failure = result.recv() if result.poll() else "it ended without an answer"
    assert not failure, failure


def _hide_unshare(_folder: Path) -> None:
    os.environ["PATH"] = ""


def _become_nobody(folder: Path) -> None:
    account = pwd.getpwnam("nobody")
    _become(account.pw_uid, account.pw_gid, folder)


def _become_nameless(folder: Path) -> None:
    _become(NAMELESS, NAMELESS, folder)


def _become(uid: int, gid: int, folder: Path) -> None:
    os.chown(folder, uid, gid)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def layout(folder: Path) -> Layout:
    return Layout(folder.resolve())
