"""Programs that live and die together."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import supervisor
from config.devserver.waiting import wait_until
from config.supervisor import Ended, Supervisor
from tests.config.servers import ROOT, state_of

SLEEP = ["/bin/sleep", "60"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = subprocess.Popen(['/bin/sleep', '60'])\n"
    "open(sys.argv[1], 'w').write(str(child.pid))\n"
    "child.wait()",
]
KILLED = """
import os, signal, sys
from pathlib import Path
from config.supervisor import Supervisor
supervised = Supervisor(Path.cwd())
supervised.run("sleeper", ["/bin/sleep", "60"])
print(supervised._programs["sleeper"].process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervisor]:
    handlers = {number: signal.getsignal(number) for number in supervisor.STOP_SIGNALS}
    found = Supervisor(tmp_path)
    yield found
    found.stop()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists() or state_of(process) == "Z"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PAUSES", (0.0,) * 4)


def test_program_that_ends_again_and_again_is_given_up(at_once: None, tmp_path: Path) -> None:
    told: list[str] = []
    supervised = Supervisor(tmp_path, told=told.append)
    supervised.run("quitter", ["/bin/sh", "-c", "exit 3"])
    reason = "the quitter ended by itself (exit code 3), 5 times in a row within 10 seconds of its start"
    assert supervised.wait() == reason
    assert told == ["The quitter ended by itself (exit code 3), and is started again."] * 4


def test_program_that_worked_a_while_is_started_again_each_time(
    at_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its children gone, however often it ends."""
    monkeypatch.setattr(supervisor, "SHORT", 0.0)
    told: list[str] = []
    supervised = Supervisor(tmp_path, told=told.append)
    supervised.run("stubborn", [*STUBBORN, str(tmp_path / "child")])
    children: list[int] = []

    def killed() -> None:
        note = tmp_path / "child"
        for _ in range(8):
            assert wait_until(lambda: note.exists() and bool(note.read_text()), 10)
            children.append(int(note.read_text()))
            note.unlink()
            os.kill(supervised._programs["stubborn"].process.pid, signal.SIGKILL)
        assert wait_until(lambda: len(told) == 8, 10)
        supervised.fail("enough")

    killer = threading.Thread(target=killed)
    killer.start()
    try:
        assert supervised.wait() == "enough"
    finally:
        killer.join()
        supervised.stop()
    assert len(set(children)) == len(told) == 8
    assert wait_until(lambda: all(map(gone, children)), 5)


def test_program_is_ready_when_it_says_so_and_not_any_more_when_it_ended(tmp_path: Path) -> None:
    changes: list[set[str]] = []
    supervised = Supervisor(tmp_path, changed=lambda ready: changes.append(set(ready)))
    says = "import os, sys, time; os.fstat(int(sys.argv[1])); os.write(int(sys.argv[2]), b'.'); time.sleep(60)"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        supervised.run("server", [sys.executable, "-c", says], listening=listening)
        assert supervised.wait_until(lambda: supervised.is_ready(["server"]), every=0.1, seconds=20) is None
        assert changes == [{"server"}]
        os.kill(supervised._programs["server"].process.pid, signal.SIGKILL)
        assert supervised.wait_until(lambda: False, every=0.1, seconds=20) == Ended("server", -9)
    assert changes == [{"server"}, set()]


def test_program_that_ends_before_all_are_ready_is_told(supervised: Supervisor) -> None:
    supervised.run("quitter", ["/bin/sh", "-c", "exit 3"])
    assert supervised.wait_until(lambda: False, every=1, seconds=10) == Ended("quitter", 3)


@pytest.mark.parametrize("number", supervisor.STOP_SIGNALS)
def test_signal_asks_to_stop(supervised: Supervisor, number: signal.Signals) -> None:
    supervised.listen()
    supervised.run("sleeper", SLEEP)
    threading.Timer(0.05, os.kill, [os.getpid(), number]).start()
    assert supervised.wait() is None


def test_signal_before_all_are_ready_interrupts(supervised: Supervisor) -> None:
    supervised.listen()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        supervised.wait_until(lambda: False, every=1, seconds=10)


def test_stop_kills_who_does_not_listen_and_its_children(
    supervised: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.1)
    note = tmp_path / "child"
    supervised.run("stubborn", [*STUBBORN, str(note)])
    assert wait_until(lambda: note.exists() and bool(note.read_text()), 10)
    supervised.stop()
    assert wait_until(lambda: gone(int(note.read_text())), 5)


def test_killed_supervisor_takes_its_programs_along() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=30
    )
    assert done.returncode == -signal.SIGKILL
    assert wait_until(lambda: gone(int(done.stdout)), 5)
