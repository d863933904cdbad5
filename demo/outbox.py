"""Writes the digests of the story among the demo's mails: they are rendered when they are sent, and stored in files
whose names sort by that time.

Nothing of the story is handed to a mail server, whatever the settings name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from digest.content import from_json
from digest.enums import DigestState
from digest.models import Digest
from digest.rendering import message
from lib.mail.outbox import file_name, in_file, keeps_mails, saved_files, saved_mails
from lib.mail.sending import MailServer

DIGEST = re.compile(r"<digest\.\d{4}-W\d{2}\.\d+@", re.ASCII)


class _Collected(BaseEmailBackend):
    def __init__(self, mails: list[bytes], **options: Any) -> None:
        super().__init__(**options)
        self._mails = mails

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        sent = [message.message().as_bytes() for message in email_messages]
        self._mails += sent
        return len(sent)


class Outbox:
    """Collects mails by the instant at which they were sent, until they are written."""

    def __init__(self) -> None:
        self._sent: dict[dt.datetime, list[bytes]] = {}

    @contextmanager
    def opened(self, at: dt.datetime) -> Iterator[MailServer]:
        """A mail server that collects what is sent at `at`."""
        yield MailServer(_Collected(self._sent.setdefault(at, [])))

    def keep(self, mail: bytes, at: dt.datetime) -> None:
        self._sent.setdefault(at, []).append(mail)

    def write(self) -> None:
        """Replaces all files in the folder, also those of an unfinished build; does nothing where mails are not
        stored."""
        if not keeps_mails():
            return
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in saved_files():
            path.unlink()
        sent = sorted((at, mails) for at, mails in self._sent.items() if mails)
        for number, (at, mails) in enumerate(sent, start=1):
            name = file_name(at.astimezone(ZoneInfo(settings.TIME_ZONE)), number)
            (folder / name).write_bytes(in_file(mails))


def move_mails(weeks: int, last: dt.datetime) -> None:
    """Runs after the database has moved: renders digests again, with their new days, and moves the date of any other
    mail that was sent until `last`."""
    if not keeps_mails():
        return
    outbox = Outbox()
    for digest in Digest.objects.filter(state=DigestState.SENT).select_related("person").order_by("sent_at", "pk"):
        if digest.sent_at is not None:
            mail = message(digest, digest.person, from_json(digest.content or {}), sent_at=digest.sent_at)
            outbox.keep(mail.message().as_bytes(), digest.sent_at)
    for kept in saved_mails():
        read, sent_at = kept.message, kept.sent_at
        if sent_at is None or DIGEST.match(str(read["message-id"])):
            continue
        if sent_at <= last:
            sent_at += dt.timedelta(weeks=weeks)
            read.replace_header("Date", format_datetime(sent_at))
        outbox.keep(read.as_bytes(), sent_at)
    outbox.write()
