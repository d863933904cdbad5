"""Finds a bundle's files in a folder, in a zip that may be malicious, or in one CSV file (spec/bundle.md)."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception
from typing import IO, Any

from exchange.bundle.format.contents import FILES
from exchange.bundle.problems import SHOWN, BundleProblems, Problem, Problems, shown, words

UNPACKED_LIMIT = 1_000_000_000
DIRECTORY_LIMIT = 1_000_000
STRANGERS = 100
ITS_FILES = f"a bundle has {words(FILES)}"
PASSED_OVER = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
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
    elif path.suffix.lower() == ".csv":
        yield _one_file(path)
    else:
        with _archive(path) as archive:
            yield _zip(path, archive, problems)


def _no_bundle(path: Path, wrong: str, right: str = "give the folder or the zip of a bundle") -> BundleProblems:
    return BundleProblems([Problem(str(path), None, None, wrong, right)])


def passed_over(name: str) -> bool:
    """Whether `name`, or a folder it is in, is one that Macs, Windows or Office add."""
    parts = name.lower().split("/")
    return any(part in PASSED_OVER or part.startswith(("._", "~$")) for part in parts)


def _one_file(path: Path) -> Source:
    if path.name not in FILES:
        close = get_close_matches(path.name.lower(), FILES, 1)
        right = f"name it {close[0]}, if that is what it is" if close else ITS_FILES
        raise _no_bundle(path, "this is not the name of a file of a bundle", right)
    return Source((path.name,), frozenset(), lambda _name: path.open("rb"))


def _folder(path: Path, problems: Problems) -> Source:
    """Strangers are counted, and a few of them named."""
    ours: dict[str, bool] = {}
    strangers: list[str] = []
    try:
        for entry in os.scandir(path):
            if entry.name in FILES:
                ours[entry.name] = entry.is_file(follow_symlinks=False)
            elif not passed_over(entry.name) and len(strangers) < STRANGERS:
                strangers.append(entry.name)
    except OSError as error:
        raise _no_bundle(path, f"this cannot be read ({error.strerror})") from error
    if not ours and not strangers:
        raise _no_bundle(path, "this folder is empty")
    broken = frozenset(name for name, plain in ours.items() if not plain)
    for name in sorted(broken):
        problems.add(name, None, None, "this is a folder, a link or no plain file", "put the file itself here")
    _report_others(sorted(strangers), problems)
    files = tuple(name for name in FILES if ours.get(name))
    return Source(files, broken, lambda name: (path / name).open("rb"))


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises BundleProblems for what is no zip, or lists so many files that the list alone would fill the memory."""
    try:
        with path.open("rb") as stream:
            end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # noqa: SLF001 - read before the list is
        if end is not None and end[zipfile._ECD_SIZE] > DIRECTORY_LIMIT:  # type: ignore[attr-defined]  # noqa: SLF001
            raise _no_bundle(path, "this zip has many thousands of files", ITS_FILES)
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise _no_bundle(path, f"this is not a zip ({error})") from error
    with archive:
        yield archive


def _zip(path: Path, archive: zipfile.ZipFile, problems: Problems) -> Source:
    """Raises BundleProblems for a zip with anything but plain files in one place, without reading any of it."""
    members = [member for member in archive.infolist() if not passed_over(member.filename)]
    if any(member.filename == "[Content_Types].xml" for member in members):
        raise _no_bundle(path, "this is a document of Office", "save each sheet as a CSV file with a name of a bundle")
    if all(member.is_dir() for member in members):
        raise _no_bundle(path, "this zip is empty")
    folder = _folder_of(members)
    names: dict[str, str] = {}
    for member in members:
        if folder and member.orig_filename == folder:
            continue
        name = member.orig_filename.removeprefix(folder)
        wrong = _wrong_member(member, name) or (("this is in the zip twice", "keep one") if name in names else None)
        names[name] = member.filename
        if wrong is not None:
            problems.add(plain_name(member.orig_filename), None, None, *wrong)
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        too_much = UnpackedTooMuchError()
        problems.add(path.name, None, None, too_much.wrong, too_much.right)
    if problems:
        raise BundleProblems(problems.listed())
    _report_others(names, problems)
    counter = _Counter()
    files = tuple(name for name in FILES if name in names)
    return Source(files, frozenset(), lambda name: io.BufferedReader(_Measured(archive.open(names[name]), counter)))


def _folder_of(members: list[zipfile.ZipInfo]) -> str:
    """The one folder in which all files are, as in "company/"; '' where there is none."""
    folders = {"/".join(member.orig_filename.split("/")[:1]) for member in members}
    inside = all("/" in member.orig_filename for member in members)
    folder = folders.pop() if inside and len(folders) == 1 else ""
    return f"{folder}/" if folder not in {"", ".", ".."} else ""


def _report_others(names: Iterable[str], problems: Problems) -> None:
    for name in names:
        if name not in FILES:
            problems.add(plain_name(name), None, None, "this does not belong into a bundle", ITS_FILES)


def plain_name(name: str) -> str:
    """A file's name for messages: unchanged, if it is safe to print on a terminal."""
    return name if name.isprintable() and 0 < len(name) <= SHOWN else shown(name)


def _wrong_member(member: zipfile.ZipInfo, name: str) -> tuple[str, str] | None:
    """`name` is the member's in the folder of the bundle."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if member.is_dir() or "/" in name or "\\" in member.orig_filename or name in {"", ".", ".."}:
        return "this is a folder or has a path", "zip the files themselves, or the one folder that they are in"
    if kind not in {0, stat.S_IFREG}:
        return "this is a link or no plain file", "zip the file itself"
    if member.filename != member.orig_filename:
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
