"""Files that others read while they are written, and how tasks wait for a database that is away."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError

from lib.programs.files import write_whole
from lib.programs.retrying import AGAIN


def test_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_whole(path, "old")
    before = path.stat().st_ino
    write_whole(path, "é\r\nnew\n")
    assert path.read_bytes() == "é\r\nnew\n".encode()
    assert path.stat().st_ino != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_file_stays_as_it_was_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    write_whole(path, "old")

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_link_leads_to_the_file_that_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "report.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "far" / "report.json")
    write_whole(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "far" / "report.json").read_text() == "new"


def test_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()), daemon=True)
    reader.start()
    write_whole(tmp_path / "pipe", "whole")
    reader.join(10)
    assert read == ["whole"]
    assert (tmp_path / "pipe").is_fifo()


def test_name_as_long_as_a_name_may_be_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("n" * 255), "text")
    assert (tmp_path / ("n" * 255)).read_text() == "text"


def test_tasks_wait_some_minutes_for_a_database_that_is_away() -> None:
    assert AGAIN["autoretry_for"] == (OperationalError, InterfaceError)
    pauses = [
        min(AGAIN["retry_backoff"] * 2**number, AGAIN["retry_backoff_max"]) for number in range(AGAIN["max_retries"])
    ]
    assert 240 <= sum(pauses) <= 360
