"""Real servers in throwaway folders: who may run them, who shares them, what they keep."""

import os
import stat
from pathlib import Path

import pytest
import redis

from config import devserver as embedded
from config.devserver import privileges
from config.devserver.errors import EmbeddedError
from config.devserver.layout import LONGEST_RUN_PATH
from tests.config import servers

pytestmark = pytest.mark.slow

IDENTITIES = servers.identities()


def use_and_return(folder: Path) -> None:
    os.environ |= {"PGPORT": "1", "PGHOST": "/nowhere", "LC_ALL": "no_SUCH.locale"}
    with embedded.start(folder):
        run = servers.layout(folder).run
        assert stat.S_IMODE(run.stat().st_mode) == 0o700
        assert servers.ask(folder, "SHOW listen_addresses") == ""
        servers.ask(folder, "CREATE TABLE kept AS SELECT 42 AS answer")
        redis.from_url(embedded.redis_url(folder)).set("kept", 42)
    assert servers.stopped(folder)
    with embedded.start(folder):
        assert servers.ask(folder, "SELECT answer FROM kept") == 42
        assert redis.from_url(embedded.redis_url(folder)).get("kept") == b"42"
    assert servers.stopped(folder)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_servers_start_stop_and_keep_everything_as(identity: str, folder: Path) -> None:
    servers.run_as(IDENTITIES[identity], folder, use_and_return)


def test_root_without_any_other_identity_gets_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", "")
    folder.chmod(0o700)
    with pytest.raises(EmbeddedError, match=f"cannot enter {folder}; work as an ordinary user"):
        privileges.choose_runner(folder)


def test_what_was_acknowledged_is_on_disk(folder: Path) -> None:
    with embedded.start(folder):
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert servers.ask(folder, f"SHOW {setting}") == "on"
        settings = redis.from_url(embedded.redis_url(folder)).config_get("append*")
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"


def test_one_server_alone_is_started_when_the_other_is_given(folder: Path) -> None:
    with embedded.start(folder, embedded.needed(database_url="postgres://elsewhere/db", redis_url=None)):
        assert redis.from_url(embedded.redis_url(folder)).ping()
        assert not list(folder.glob("pg*"))
    assert servers.stopped(folder)


def test_nothing_needed_touches_nothing(folder: Path) -> None:
    with embedded.start(folder, frozenset()):
        assert not list(folder.iterdir())


def test_two_processes_share_and_the_last_one_out_stops(folder: Path) -> None:
    with servers.holder(folder) as first, servers.holder(folder) as second:
        servers.wait_for_holder(first)
        servers.wait_for_holder(second)
        postmaster = servers.postmaster_of(folder)
        servers.leave(first)
        assert servers.ask(folder, "SELECT 1") == 1
        assert servers.postmaster_of(folder) == postmaster
        servers.leave(second)
        assert servers.stopped(folder)


def test_a_killed_user_counts_no_more(folder: Path) -> None:
    with servers.holder(folder) as killed, servers.holder(folder) as last:
        servers.wait_for_holder(killed)
        servers.wait_for_holder(last)
        killed.kill()
        killed.wait()
        assert servers.ask(folder, "SELECT 1") == 1
        servers.leave(last)
        assert servers.stopped(folder)


def test_a_forked_child_cannot_stop_them(folder: Path) -> None:
    def child_leaves(folder: Path) -> None:
        lease = embedded.start(folder)
        if (child := os.fork()) == 0:
            lease.release()
            os._exit(0)
        os.waitpid(child, 0)
        assert servers.ask(folder, "SELECT 1") == 1
        lease.release()
        assert servers.stopped(folder)

    servers.run_as(lambda _folder: None, folder, child_leaves)


def test_a_long_path_has_its_sockets_elsewhere(folder: Path) -> None:
    deep = folder / ("long-" * 20) / "data"
    run = servers.layout(deep).run
    assert len(os.fsencode(deep / "run")) > LONGEST_RUN_PATH >= len(os.fsencode(run))
    with embedded.start(deep):
        assert stat.S_IMODE(run.stat().st_mode) == 0o700
        assert servers.ask(deep, "SELECT 1") == 1
        assert redis.from_url(embedded.redis_url(deep)).ping()
    assert not run.exists()


def test_a_socket_folder_made_by_somebody_else_is_refused(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "run").symlink_to(folder / "elsewhere")
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        embedded.start(folder)


def test_a_data_dir_that_cannot_be_used_gets_a_sentence(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(EmbeddedError, match="cannot be used"):
        embedded.start(folder / "file" / "below")


def test_a_start_that_fails_leaves_nothing_running(folder: Path) -> None:
    (folder / "valkey").touch()
    with pytest.raises(EmbeddedError, match=r"valkey.*choose another"):
        embedded.start(folder)
    assert servers.stopped(folder)
