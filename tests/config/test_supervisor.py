"""Programs that live and die together."""

import os
import signal
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
print(supervised._programs["sleeper"].pid, flush=True)
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


def test_program_that_ends_is_told_with_its_code(supervised: Supervisor) -> None:
    supervised.run("sleeper", SLEEP)
    supervised.run("quitter", ["/bin/sh", "-c", "exit 3"])
    assert supervised.wait() == Ended("quitter", 3)


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
