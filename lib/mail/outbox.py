"""The mails that Django's file backend keeps where no mail server is configured, as in the demo.

One file holds what went through one connection: mail after mail, each ended by a line of dashes. A mail is named by its
file and its place in it, counted from 1.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import dropwhile, islice
from pathlib import Path

from django.conf import settings

BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SIZE = 50
"""So many mails are read for a page of the list."""

_LINE = b"-" * 79 + b"\n"
_FILE = re.compile(r"\d{8}-\d{6}-\d+\.log", re.ASCII)
_END = re.compile(rb"^-{79}\n(?=\Z|[!-9;-~]+: )", re.MULTILINE)  # dashes of its text are followed by no header


@dataclass(frozen=True)
class KeptMail:
    """`sent_at` is None where its date cannot be read."""

    file: str
    number: int
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["to"] or "")

    @property
    def sent_at(self) -> dt.datetime | None:
        return getattr(self.message["date"], "datetime", None)

    @property
    def text(self) -> str:
        """Its plain text, '' where it has none."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""


@dataclass(frozen=True)
class KeptPage:
    """`last` names the mail after which the next page begins, None on the last page."""

    mails: list[KeptMail]
    last: tuple[str, int] | None


def keeps_mails() -> bool:
    """Only beside the embedded database, as in the demo: mails hold links that let people in, and those of a real
    company are for nobody else."""
    return bool(settings.EMBEDDED_DATABASE and settings.EMAIL_BACKEND == BACKEND)


def kept_page(after: tuple[str, int] | None = None) -> KeptPage:
    """Those that follow `after`, newest first."""
    found = list(islice(_newest_first(after), SIZE + 1))
    last = found[SIZE - 1] if len(found) > SIZE else None
    return KeptPage(found[:SIZE], (last.file, last.number) if last else None)


def kept_mail(file: str, number: int) -> KeptMail | None:
    """None where there is none of this name; only names that the folder lists are opened."""
    if file not in _files():
        return None
    return next((mail for mail in _mails(file) if mail.number == number), None)


def kept_files() -> list[Path]:
    """Oldest first."""
    return [Path(settings.EMAIL_FILE_PATH) / name for name in sorted(_files())]


def kept_mails() -> Iterator[KeptMail]:
    """All of them, newest first."""
    return _newest_first(None)


def file_name(at: dt.datetime, number: int) -> str:
    """Of what went through one connection that was opened at `at`; by their names the list has files in order."""
    return f"{at:%Y%m%d-%H%M%S}-{number}.log"


def in_file(mails: Iterable[bytes]) -> bytes:
    """As the backend writes them."""
    return b"".join(mail + b"\n" + _LINE for mail in mails)


def _newest_first(after: tuple[str, int] | None) -> Iterator[KeptMail]:
    for file in sorted(_files(), reverse=True):
        if after is None or file <= after[0]:
            mails = reversed(list(_mails(file)))
            yield from dropwhile(lambda mail: after is not None and (mail.file, mail.number) >= after, mails)


def _files() -> set[str]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return set()
    return {path.name for path in folder.iterdir() if _FILE.fullmatch(path.name) and path.is_file()}


def _mails(file: str) -> Iterator[KeptMail]:
    """In the order in which they were sent; one that is still being written is none yet."""
    content = (Path(settings.EMAIL_FILE_PATH) / file).read_bytes()
    start = 0
    for number, end in enumerate(_END.finditer(content), start=1):
        yield KeptMail(file, number, content[start : end.start()])
        start = end.end()
