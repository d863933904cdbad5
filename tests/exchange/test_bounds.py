"""Memory, time and words of an import are bounded, whatever comes (measured by what Python allocates)."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from exchange.bundle.files import reading, sources
from exchange.bundle.files.reading import Records
from exchange.bundle.files.sources import ReadError, opened
from exchange.bundle.format.contents import BY_NAME, FILES
from exchange.bundle.problems import BundleProblems, CellError, Problems, TooManyProblemsError
from exchange.bundle.staging import GHOSTS, Stage, read_header
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from tests.exchange.bundles import AT

MEMORY = 60_000_000
WORDS = 20_000
TEAMS = tuple(BY_NAME["teams"].by_name)


class Endless(io.RawIOBase):
    """The same bytes over and over, after a beginning. It counts what was read of it."""

    def __init__(self, first: bytes, part: bytes) -> None:
        self.first, self.part, self.taken = first, part * (1_000_000 // len(part)), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.first[: len(view)] or self.part[: len(view)]
        self.first = self.first[len(data) :]
        view[: len(data)] = data
        self.taken += len(data)
        return len(data)


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def read(stream: Endless) -> str:
    """Reads all of it, as the import does; what ended it."""
    problems = Problems(FILES)
    try:
        records = Records(io.BufferedReader(stream))
        read_header("teams.csv", records, TEAMS, problems)
        for _batch in records.batches():
            pass
    except ReadError as error:
        return error.wrong
    except TooManyProblemsError:
        return "too many"
    raise AssertionError("it ended")


ENDLESS = {
    "blank lines": (b"key,name\n", b"\n", "more than 2,000,000 blank rows"),
    "rows of nothing": (b"key,name\n", b",\n", "more than 2,000,000 blank rows"),
    "blank lines before the header": (b"", b"\r\n", "more than 2,000,000 blank rows"),
    "a line": (b"key,name\n", b"a", "a row of more than 2,000,000 characters"),
    "a header": (b"", b"a", "a row of more than 2,000,000 characters"),
    "a header of columns": (b"", b"abc,", "a row of more than 2,000,000 characters"),
    "a quoted cell": (b'key,name\na,"', b"b\n", "a cell of more than 1,000,000 characters"),
    "cells": (b"key,name\n", b"ab,", "a row of more than 2,000,000 characters"),
    "wide letters": (b"key,name\n", "\U0001f600,".encode(), "a row of more than 2,000,000 characters"),
    "quotes": (b'key,name\n"', b'""', "a row of more than 2,000,000 characters"),
    "zeros": (b"key,name\n", b"\0", "a row of more than 2,000,000 characters"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_is_left_where_it_is_too_much(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, part, said = ENDLESS[what]
    if "blank" in said:
        monkeypatch.setattr(reading, "BLANK_LIMIT", 20_000)  # a hundredth, as all of them are slow to trace
        said = "more than 20,000 blank rows"
    stream = Endless(first, part)
    assert peak(lambda: assert_ends(stream, said)) < MEMORY
    assert stream.taken < 20_000_000


def assert_ends(stream: Endless, said: str) -> None:
    assert read(stream) == said


def test_limits_are_those_that_are_documented() -> None:
    assert (reading.BLANK_LIMIT, reading.RECORD_LIMIT, sources.UNPACKED_LIMIT) == (2_000_000, 2_000_000, 10**9)


def refusal(path: Path) -> tuple[int, str]:
    """The memory that an import takes, and what it says."""
    said: list[str] = []

    def work() -> None:
        try:
            import_bundle(path, actor=SYSTEM, at=AT)
        except BundleProblems as error:
            said.extend(str(problem) for problem in error.problems)

    return peak(work), "\n".join(said)


def zipped(path: Path, parts: Iterator[bytes], name: str = "teams.csv") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for part in parts:
            member.write(part)
    return path


def repeated(first: str, part: str, times: int) -> Iterator[bytes]:
    yield first.encode()
    yield from ((part * 1_000).encode() for _ in range(times // 1_000))


WRONG = {
    "days": repeated("key,name,stance_until\n", f"t,T,{'no day ' * 30}\n", 15_000),
    "keys": repeated("key,name\n", f"{'K' * 250},T\n", 15_000),
    "widths": repeated("key,name\n", "a,b,c,d,e,f,g,h\n", 15_000),
    "texts": repeated("key,name,mission\n", "t,T," + "\u202e" * 60 + "\n", 15_000),
    "flags": repeated("code,about,snoozed_until\n", f"orphan,{'k' * 250},2099-01-01\n", 15_000),
    "numbers": repeated("key,name,parent\n", f"t,T,{'p' * 250}\n", 15_000),
}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("what", WRONG)
def test_many_problems_take_little_memory_and_few_words(what: str, tmp_path: Path) -> None:
    memory, said = refusal(zipped(tmp_path / "b.zip", WRONG[what]))
    assert memory < MEMORY / 4  # 6 to 11 MB; it would be 20 if each row left something behind
    assert 0 < len(said) < WORDS


@pytest.mark.slow
@pytest.mark.django_db
def test_zip_of_few_bytes_with_many_blank_lines_takes_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLANK_LIMIT", 200_000)
    path = zipped(tmp_path / "b.zip", repeated("key,name\na,A\n", "\n", 210_000))
    assert path.stat().st_size < 2_500
    memory, said = refusal(path)
    assert memory < MEMORY
    assert said.startswith("teams.csv line 200003: more than 200,000 blank rows; remove them")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "said"), [(900, "895 more columns are not columns of it"), (50_000, "more than 1,000 columns")]
)
def test_unknown_columns_are_few_words(columns: int, said: str, tmp_path: Path) -> None:
    header = ",".join(f"column_{number}" for number in range(columns))
    path = zipped(tmp_path / "b.zip", iter([f"key,name,{header}\n".encode()]))
    memory, found = refusal(path)
    assert memory < MEMORY
    assert said in found
    assert len(found) < WORDS


def test_names_of_files_and_cells_are_cut() -> None:
    stage = Problems(FILES)
    records = Records(io.BytesIO(f"key,{'x' * 900_000}\n".encode()))
    read_header("teams.csv", records, TEAMS, stage)
    assert len(str(stage.listed()[0])) < 500
    for kind in {type(column.kind): column.kind for table in BY_NAME.values() for column in table.columns}.values():
        for cell in ("x" * 500_000, "9" * 500_000, "a;" * 200_000, "=" * 500_000):
            with pytest.raises(CellError) as wrong:
                kind.clean(cell)
            assert len(wrong.value.wrong + wrong.value.right) < 1_500


def test_zip_with_many_files_is_refused_before_they_are_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.csv", "")

    def work() -> None:
        with (
            pytest.raises(BundleProblems, match="this zip has many thousands of files"),
            opened(tmp_path / "b.zip", Problems(FILES)),
        ):
            raise AssertionError("it was opened")

    assert peak(work) < 5_000_000


def test_folder_with_many_files_names_a_few(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number}.txt").touch()
    problems = Problems(FILES)
    with opened(tmp_path, problems):
        assert len(problems.listed()) == sources.STRANGERS


def test_possible_keys_are_so_many_and_no_more() -> None:
    stage = Stage(Problems(FILES), at=AT, today=AT.date(), timezone="UTC")
    for number in range(0, 3 * GHOSTS, 2):
        stage.haunt("teams", f"a{number}", f"b{number}")
    assert len(stage.ghosts["teams"]) <= GHOSTS + 4
    assert stage.may_exist("teams", "anything")
