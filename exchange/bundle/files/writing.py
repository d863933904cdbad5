"""Writes a bundle's files to a folder or a zip: in the end it has a whole bundle, or what was there before."""

from __future__ import annotations

import csv
import io
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from exchange.bundle.format.contents import FILES

OLDEST = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16
UNIX = 3


class BundleTargetError(Exception):
    """The bundle cannot be written to its target; the message is one line."""


class Writer(Protocol):
    """Opens the bundle's files, one after the other."""

    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("wb")


class _Zip:
    """The same files give the same bytes: no times, no owner."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        member = zipfile.ZipInfo(name, OLDEST)
        member.compress_type, member.external_attr, member.create_system = zipfile.ZIP_DEFLATED, PLAIN_FILE, UNIX
        return self._archive.open(member, "w")


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A writer for a zip where `path` ends in .zip, else for a folder; the target appears when the block ends without
    error.

    Replaces an existing bundle and nothing else. Raises BundleTargetError.
    """
    path = path.resolve()
    try:
        _refuse_other_things(path)
        yield from _writing_zip(path) if path.suffix == ".zip" else _writing_folder(path)
    except OSError as error:
        raise BundleTargetError(f"{path} cannot be written ({error.strerror or error})") from error


def _writing_zip(path: Path) -> Iterator[Writer]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            yield _Zip(archive)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _writing_folder(path: Path) -> Iterator[Writer]:
    """An existing folder keeps its place and its permissions (it may be a mount): the finished files go into it one
    after the other."""
    part = (path if path.exists() else path.parent) / f".{path.name}.{os.getpid()}.part"
    part.mkdir()
    try:
        yield _Folder(part)
        if path.exists():
            for file in part.iterdir():
                file.replace(path / file.name)
        else:
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_rows(writer: Writer, name: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with writer.open(name) as stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        table = csv.writer(text, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def _refuse_other_things(path: Path) -> None:
    if not path.parent.is_dir():
        raise BundleTargetError(f"there is no folder {path.parent}; make it first")
    if not path.exists():
        return
    if path.suffix == ".zip":
        if not path.is_file() or not _only_ours(_members(path)):
            raise BundleTargetError(f"{path} is there and is no bundle; choose another name")
    elif not path.is_dir() or not _only_ours(entry.name for entry in path.iterdir()):
        raise BundleTargetError(f"{path} is there and is no bundle; choose another name")


def _only_ours(names: Iterable[str]) -> bool:
    return set(names) <= set(FILES)


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return ["no zip"]
