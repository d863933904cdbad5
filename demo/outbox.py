"""The letters of the story among the mails that the demo keeps: they are drawn when they are sent, and lie in files of
their own, by whose names the outbox has them in their order.

Nothing of the story is handed to a mail server, whatever the settings name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from lib import outbox
from lib.mail import MailServer

OURS = re.compile(r"\d{8}-\d{6}-\d{1,4}\.log", re.ASCII)
"""Files of the story; those that the mail backend writes have longer numbers."""


class _Collected(BaseEmailBackend):
    def __init__(self, mails: list[bytes], **options: Any) -> None:
        super().__init__(**options)
        self._mails = mails

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        sent = [message.message().as_bytes() for message in email_messages]
        self._mails += sent
        return len(sent)


class Outbox:
    """Mails by the instant at which they were sent, until they are written."""

    def __init__(self) -> None:
        self._sent: dict[dt.datetime, list[bytes]] = {}

    @contextmanager
    def opened(self, at: dt.datetime) -> Iterator[MailServer]:
        """A server that takes whatever is sent at `at`."""
        mails = self._sent.setdefault(at, [])
        yield MailServer(_Collected(mails))

    def write(self) -> None:
        """In place of what there was of the story; nothing where mails are not kept."""
        if not outbox.keeps_mails():
            return
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        clear(folder)
        for number, (at, mails) in enumerate(sorted(self._sent.items()), start=1):
            if mails:
                local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
                (folder / outbox.file_name(local, number)).write_bytes(outbox.in_file(mails))


def clear(folder: Path) -> None:
    """Takes the story's mails away, also those of a build that did not come to its end."""
    for path in folder.iterdir():
        if OURS.fullmatch(path.name):
            path.unlink()
