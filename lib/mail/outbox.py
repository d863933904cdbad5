"""Reads the mails that Django's file backend stores where no mail server is configured, as in the demo.

Each connection writes one file of mails, each ended by a line of dashes. A mail is identified by its file and its
position there, counted from 1.
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
"""Mails per page of the list."""

_LINE = b"-" * 79 + b"\n"
_FILE = re.compile(r"\d{8}-\d{6}-\d+\.log", re.ASCII)
_END = re.compile(rb"^-{79}\n(?=\Z|[!-9;-~]+: )", re.MULTILINE)  # dashes in a mail's text are not followed by a header


@dataclass(frozen=True)
class SavedMail:
    """`sent_at` is None where the date cannot be parsed."""

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
        """The plain text part, or ''."""
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""


@dataclass(frozen=True)
class KeptPage:
    """`last` is the mail after which the next page begins, None on the last page."""

    mails: list[SavedMail]
    last: tuple[str, int] | None


def keeps_mails() -> bool:
    """True only with the embedded database, as in the demo: mails contain sign-in addresses, and those of a real
    company must stay private.
    """
    return bool(settings.EMBEDDED_DATABASE and settings.EMAIL_BACKEND == BACKEND)


def kept_page(after: tuple[str, int] | None = None) -> KeptPage:
    """The mails after `after`, newest first."""
    found = list(islice(_newest_first(after), SIZE + 1))
    last = found[SIZE - 1] if len(found) > SIZE else None
    return KeptPage(found[:SIZE], (last.file, last.number) if last else None)


def kept_mail(file: str, number: int) -> SavedMail | None:
    """None where it does not exist; only files in the folder's listing are opened."""
    if file not in _files():
        return None
    return next((mail for mail in _mails(file) if mail.number == number), None)


def saved_files() -> list[Path]:
    """Oldest first."""
    return [Path(settings.EMAIL_FILE_PATH) / name for name in sorted(_files())]


def saved_mails() -> Iterator[SavedMail]:
    """All mails, newest first."""
    return _newest_first(None)


def file_name(at: dt.datetime, number: int) -> str:
    """The name of the file for a connection opened at `at`; sorting by name sorts by time."""
    return f"{at:%Y%m%d-%H%M%S}-{number}.log"


def in_file(mails: Iterable[bytes]) -> bytes:
    """The content of a file, as the backend writes it."""
    return b"".join(mail + b"\n" + _LINE for mail in mails)


def _newest_first(after: tuple[str, int] | None) -> Iterator[SavedMail]:
    for file in sorted(_files(), reverse=True):
        if after is None or file <= after[0]:
            mails = reversed(list(_mails(file)))
            yield from dropwhile(lambda mail: after is not None and (mail.file, mail.number) >= after, mails)


def _files() -> set[str]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return set()
    return {path.name for path in folder.iterdir() if _FILE.fullmatch(path.name) and path.is_file()}


def _mails(file: str) -> Iterator[SavedMail]:
    """The mails in the order they were sent, without one that is still being written."""
    content = (Path(settings.EMAIL_FILE_PATH) / file).read_bytes()
    start = 0
    for number, end in enumerate(_END.finditer(content), start=1):
        yield SavedMail(file, number, content[start : end.start()])
        start = end.end()
