"""What a kill leaves behind, and that the next start gets over it without losing a committed row."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from config import devserver as embedded
from config.devserver.waiting import wait_until
from tests.config import servers

pytestmark = pytest.mark.faults


@pytest.fixture
def killed(folder: Path) -> Iterator[Path]:
    """A data folder whose postmaster died by `kill -9` while a process used it and had written a row."""
    with servers.holder(folder) as user:
        servers.wait_for_holder(user)
        servers.ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(servers.postmaster_of(folder), signal.SIGKILL)
        yield folder


def assert_recovers(folder: Path) -> None:
    with embedded.start(folder):
        assert servers.ask(folder, "SELECT answer FROM kept") == 42


def test_next_start_after_kill_has_every_committed_row(killed: Path) -> None:
    assert_recovers(killed)


def test_next_start_ends_a_backend_that_computes_on(folder: Path) -> None:
    def compute() -> None:
        with contextlib.suppress(psycopg2.OperationalError):
            servers.ask(folder, "DO $$ BEGIN LOOP END LOOP; END $$")

    with servers.holder(folder) as user:
        servers.wait_for_holder(user)
        servers.ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        computing = threading.Thread(target=compute)
        computing.start()
        orphan = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
        assert wait_until(lambda: servers.ask(folder, f"SELECT EXISTS ({orphan})"), 10)
        process = servers.ask(folder, orphan)
        os.kill(servers.postmaster_of(folder), signal.SIGKILL)
        assert_recovers(folder)
        assert process not in servers.servers_of(folder)
        computing.join(10)


def test_next_start_leaves_strangers_in_the_folder_alone(killed: Path) -> None:
    """Somebody's shell stands in the data folder, and the pid file names a process that has nothing to do with us."""
    data = servers.postgres_data(killed)
    with subprocess.Popen(["/bin/sleep", "60"], cwd=data) as stranger:
        pid_file = data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split("\n")[0], str(stranger.pid), 1))
        assert_recovers(killed)
        assert stranger.poll() is None
        stranger.kill()


def test_next_start_gets_over_a_zombie(folder: Path) -> None:
    """Where nobody reaps (PID 1 of many containers) the killed postmaster keeps its number."""

    def leave_a_zombie(folder: Path) -> None:
        servers.adopt_orphans()
        lease = embedded.start(folder)
        servers.ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        postmaster = servers.postmaster_of(folder)
        os.kill(postmaster, signal.SIGKILL)
        assert wait_until(lambda: servers.state_of(postmaster) == "Z", 5)
        assert_recovers(folder)
        lease.release()

    servers.run_as(lambda _folder: None, folder, leave_a_zombie)


def test_interrupted_initdb_starts_over(folder: Path) -> None:
    with servers.holder(folder) as interrupted:
        assert wait_until(lambda: bool(list(folder.glob("pg*.partial-*/base"))), 10)
        interrupted.kill()
    with embedded.start(folder):
        assert servers.ask(folder, "SELECT 1") == 1
    assert not list(folder.glob("pg*.partial-*"))


def test_killed_valkey_has_every_acknowledged_write(folder: Path) -> None:
    """All that are written to the system; during a slow fsync that may be a moment after the reply."""
    with servers.holder(folder) as user:
        servers.wait_for_holder(user)
        client = redis.from_url(embedded.redis_url(folder))
        for number in range(1000):
            client.rpush("queue", number)
        assert wait_until(lambda: client.info("persistence")["aof_buffer_length"] == 0, 5)
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
        with embedded.start(folder):
            assert redis.from_url(embedded.redis_url(folder)).llen("queue") == 1000


def test_frozen_valkey_gets_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.devserver.valkey.START_SECONDS", 0.1)
    with embedded.start(folder, [embedded.Server.VALKEY]):
        process = redis.from_url(embedded.redis_url(folder)).info("server")["process_id"]
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(embedded.EmbeddedError, match="Valkey does not answer"):
                embedded.start(folder, [embedded.Server.VALKEY])
        finally:
            os.kill(process, signal.SIGCONT)


def test_deleted_data_folder_does_not_stop_the_user_from_leaving(folder: Path) -> None:
    with servers.holder(folder) as user:
        servers.wait_for_holder(user)
        shutil.rmtree(folder, ignore_errors=True)
        servers.leave(user)
