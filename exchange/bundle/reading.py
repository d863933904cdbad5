"""Reads a bundle's files as streams from a folder, or a zip that may be malicious (spec/bundle.md, *Rejected*)."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception
from typing import IO, Any

from exchange.bundle.columns import FILES
from exchange.bundle.problems import SHOWN, BundleProblems, Problem, Problems, shown, words

UNPACKED_LIMIT = 1_000_000_000
RECORD_LIMIT = 4_000_000
CELL_LIMIT = 1_000_000
BATCH_ROWS, BATCH_CHARACTERS = 2_000, 4_000_000
ITS_FILES = f"a bundle has {words(FILES)}"
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    StructError,
)

csv.field_size_limit(CELL_LIMIT)


class ReadError(Exception):
    """The rest of the file cannot be read. `line` is where, 0 where that is not known."""

    def __init__(self, line: int, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.line, self.wrong, self.right = line, wrong, right


class UnpackedTooMuchError(ReadError):
    """The zip unpacks to more than UNPACKED_LIMIT bytes: reading stops."""

    def __init__(self) -> None:
        super().__init__(0, "it unpacks to more than 1 GB", "make several smaller bundles of it")


@dataclass(frozen=True)
class Source:
    """The bundle's existing files, in the order of spec/bundle.md, and how to open one of them for reading bytes.
    `broken` are entries with such a name that are not plain files."""

    files: tuple[str, ...]
    broken: frozenset[str]
    open: Callable[[str], AbstractContextManager[IO[bytes]]]


@contextmanager
def opened(path: Path, problems: Problems) -> Iterator[Source]:
    """The bundle at `path`; adds unexpected files to `problems`. Raises BundleProblems where there is no bundle."""
    if path.is_dir():
        yield _folder(path, problems)
    elif not path.exists():
        raise _no_bundle(path, "there is nothing here")
    elif not path.is_file():
        raise _no_bundle(path, "this is neither a folder nor a file")
    else:
        try:
            archive = zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise _no_bundle(path, f"this is not a zip ({error})") from error
        with archive:
            yield _zip(path, archive, problems)


def _no_bundle(path: Path, wrong: str) -> BundleProblems:
    return BundleProblems([Problem(str(path), None, None, wrong, "give the folder or the zip of a bundle")])


def _folder(path: Path, problems: Problems) -> Source:
    try:
        entries = {entry.name: not entry.is_symlink() and entry.is_file() for entry in sorted(path.iterdir())}
    except OSError as error:
        raise _no_bundle(path, f"this cannot be read ({error.strerror})") from error
    if not entries:
        raise _no_bundle(path, "this folder is empty")
    broken = frozenset(name for name in FILES if entries.get(name) is False)
    for name in sorted(broken):
        problems.add(name, None, None, "this is a folder, a link or no plain file", "put the file itself here")
    _report_others(entries, problems)
    files = tuple(name for name in FILES if entries.get(name))
    return Source(files, broken, lambda name: (path / name).open("rb"))


def _zip(path: Path, archive: zipfile.ZipFile, problems: Problems) -> Source:
    """Raises BundleProblems for a zip with anything but plain files, without reading any of it."""
    members = archive.infolist()
    if not members:
        raise _no_bundle(path, "this zip is empty")
    seen: set[str] = set()
    for member in members:
        wrong = _wrong_member(member) or (("this is in the zip twice", "keep one") if member.filename in seen else None)
        seen.add(member.filename)
        if wrong is not None:
            problems.add(plain_name(member.orig_filename), None, None, *wrong)
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        too_much = UnpackedTooMuchError()
        problems.add(path.name, None, None, too_much.wrong, too_much.right)
    if problems:
        raise BundleProblems(problems.listed())
    _report_others(seen, problems)
    counter = _Counter()
    files = tuple(name for name in FILES if name in seen)
    return Source(files, frozenset(), lambda name: io.BufferedReader(_Measured(archive.open(name), counter)))


def _report_others(names: Iterable[str], problems: Problems) -> None:
    for name in names:
        if name not in FILES:
            problems.add(plain_name(name), None, None, "this does not belong into a bundle", ITS_FILES)


def plain_name(name: str) -> str:
    """A file's name for messages: unchanged, if it is safe to print on a terminal."""
    return name if name.isprintable() and 0 < len(name) <= SHOWN else shown(name)


def _wrong_member(member: zipfile.ZipInfo) -> tuple[str, str] | None:
    name, kind = member.orig_filename, stat.S_IFMT(member.external_attr >> 16)
    if member.is_dir() or "/" in name or "\\" in name or name in {".", ".."}:
        return "this is a folder or has a path", "zip the files themselves, without their folder"
    if kind not in {0, stat.S_IFREG}:
        return "this is a link or no plain file", "zip the file itself"
    if member.filename != name:
        return "its name has a NUL byte", "name it as a file of a bundle"
    if member.flag_bits & 1:
        return "this is encrypted", "zip it without a password"
    return None


class _Counter:
    bytes = 0


class _Measured(io.RawIOBase):
    """Counts the bytes that come out of the zip, because its headers cannot be trusted."""

    def __init__(self, member: IO[bytes], counter: _Counter) -> None:
        self._member, self._counter = member, counter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._member.read(len(buffer))
        self._counter.bytes += len(data)
        if self._counter.bytes > UNPACKED_LIMIT:
            raise UnpackedTooMuchError
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._member.close()
        super().close()


@dataclass(frozen=True)
class Batch:
    """Some records, and the line where each starts."""

    lines: list[int]
    rows: list[list[str]]


class Records:
    """The records of one CSV file, RFC 4180, UTF-8 with or without a BOM. Bytes that are not UTF-8 become surrogates,
    so that their cell can be reported.

    Every step raises ReadError where the rest of the file cannot be read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._text = _Lines(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=""))
        self._reader = csv.reader(self._text, strict=True)
        self._line = 1

    def header(self) -> list[str]:
        row = self._next()
        if not row:
            raise ReadError(
                1,
                "there is no header row" if row is None else "the header row is empty",
                "name the columns in the first line",
            )
        return row

    def batches(self) -> Iterator[Batch]:
        """Blank lines become rows without cells, except at the end of the file, where they are ignored."""
        batch, pending, characters = Batch([], []), [], 0
        while True:
            start = self._line
            row = self._next()
            if row is None:
                break
            if not row:
                pending.append(start)
                continue
            for blank_line in pending:
                batch.lines.append(blank_line)
                batch.rows.append([])
            pending.clear()
            batch.lines.append(start)
            batch.rows.append(row)
            characters += self._text.characters
            if len(batch.rows) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = Batch([], []), 0
        if batch.rows:
            yield batch

    def _next(self) -> list[str] | None:
        """The next record, None at the end."""
        self._text.characters = 0
        start = self._line
        try:
            row = next(self._reader, None)
        except _TooLongError as error:
            raise ReadError(start, error.wrong, error.right) from error
        except csv.Error as error:
            raise ReadError(
                start,
                _plain(str(error)),
                "see RFC 4180: a cell with a comma, quote or line break stands in quotes, its quotes doubled",
            ) from error
        except UNREADABLE as error:
            raise ReadError(start, f"the file cannot be read on ({error})", "make the bundle anew") from error
        self._line = self._reader.line_num + 1
        return row


def _plain(error: str) -> str:
    if "field larger" in error:
        return f"a cell of more than {CELL_LIMIT:,} characters"
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    return "a closing quote is followed by something else than a comma or the end of the line"


class _TooLongError(Exception):
    """A record that does not fit into memory."""

    wrong = f"a row of more than {RECORD_LIMIT:,} characters"
    right = "see that every quote is closed, and keep within the limits"


class _Lines:
    """Lines for the CSV reader, with the number of characters of the current record, which has to fit into memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.characters = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(RECORD_LIMIT)
        if not line:
            raise StopIteration
        self.characters += len(line)
        if self.characters >= RECORD_LIMIT:
            raise _TooLongError
        return line
