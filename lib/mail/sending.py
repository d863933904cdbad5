"""Sends mails. Each has three templates, `emails/<name>.subject.txt`, `.txt` and `.html`; both bodies say the same.

`send` sends one mail while somebody waits; `MailServer` sends many and reports the result of each.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, Engine
from django.template.loader import render_to_string

from lib.db.fields import CONTROL_CHARACTERS, SENTENCE_LIMIT
from lib.services.errors import NotSentError

logger = logging.getLogger("throughline.mail")

PERMANENT = range(500, 600)
SIGN_IN_FIRST = {530, 534, 535, 538}
CLOSING = 421
OF_ADDRESS = re.compile(r"5\.(1\.(0|1|2|3|6|10)|2\.1)\b")
"""Enhanced codes (RFC 3463) for an address that does not exist, or no longer does."""
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
BARE = {550, 551, 553}
ABOUT_US = re.compile(
    r"relay|sender|polic|spam|block|denied|quota|helo|ehlo|reput|listed|authent|rate|limit", re.IGNORECASE
)
"""Words in an answer without such a code that blame the sender instead of the address: servers often refuse the sender
only after the recipient.
"""


class NotTakenError(Exception):
    """The mail server did not accept a mail. The message is its answer on one line, `code` the SMTP code, 0 for
    none.
    """

    def __init__(self, said: str, code: int = 0) -> None:
        super().__init__(" ".join(re.sub(CONTROL_CHARACTERS, " ", said).split())[:SENTENCE_LIMIT])
        self.code = code


class AddressRefusedError(NotTakenError):
    """A permanent error of the address: no mail will reach it."""


class MailRefusedError(NotTakenError):
    """A permanent error of this mail only."""


class LaterError(NotTakenError):
    """A temporary error."""


class AwayError(LaterError):
    """The server accepts no mails at all."""


@dataclass(frozen=True)
class Words:
    """A mail's subject and its two bodies."""

    subject: str
    text: str
    html: str


def words(name: str, context: Mapping[str, Any]) -> Words:
    values = {**context, "site_url": settings.SITE_URL}
    subject = " ".join(_plain(f"emails/{name}.subject.txt", values).split())
    text = _plain(f"emails/{name}.txt", values).strip() + "\n"
    return Words(subject, text, render_to_string(f"emails/{name}.html", values))


def message(
    name: str, *, to: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    said = words(name, context)
    mail = EmailMultiAlternatives(said.subject, said.text, to=[to], headers=dict(headers or {}))
    mail.attach_alternative(said.html, "text/html")
    return mail


def send(name: str, *, to: str, context: Mapping[str, Any]) -> None:
    """Sends the mail now.

    Raises NotSentError, and logs the server's answer, where the server does not accept it.
    """
    mail = message(name, to=to, context=context)
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        logger.exception("the mail server did not take the mail %s", name)
        raise NotSentError("The mail server did not take the mail.") from error


class MailServer:
    """One connection for many mails, each to one address. A broken connection is reopened for the next mail; if that
    breaks it again, the server counts as away. `backend` None is the configured one.
    """

    def __init__(self, backend: BaseEmailBackend | None = None) -> None:
        self._backend: BaseEmailBackend = backend or get_connection()
        self._broke = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def connect(self) -> None:
        """Opens the connection if it is closed. Raises AwayError."""
        try:
            self._backend.open()
        except (SMTPException, OSError) as error:
            self._close()
            raise AwayError(_said(error)) from error

    def send(self, mail: EmailMessage) -> None:
        """Returns once the server has accepted the mail. Raises a subclass of NotTakenError."""
        self.connect()
        try:
            self._backend.send_messages([mail])
        except (SMTPException, OSError, ValueError) as error:
            problem = _judged(error)
            if not _breaks(problem):
                self._broke = False
                raise problem from error
            self._close()
            again, self._broke = self._broke, True
            raise (AwayError(str(problem), problem.code) if again else problem) from error
        self._broke = False

    def _close(self) -> None:
        with contextlib.suppress(SMTPException, OSError):
            self._backend.close()


def _breaks(problem: NotTakenError) -> bool:
    """Whether the connection is unusable."""
    return isinstance(problem, LaterError) and problem.code in {0, CLOSING}


def _judged(error: Exception) -> NotTakenError:
    """Converts an error to the kind of NotTakenError that it means for the mail."""
    about: type[NotTakenError] = MailRefusedError
    if isinstance(error, SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        answer, about = _text(said), AddressRefusedError
    elif isinstance(error, SMTPDataError | SMTPSenderRefused):
        code, answer = error.smtp_code, _text(error.smtp_error)
    elif isinstance(error, ValueError):  # such as an address that no mail can have
        return MailRefusedError(_said(error))
    else:
        return LaterError(_said(error))
    if code in SIGN_IN_FIRST:
        about = AwayError
    elif code not in PERMANENT:
        about = LaterError
    elif about is AddressRefusedError and not _is_of_address(code, answer):
        about = MailRefusedError
    return about(f"{code} {answer}", code)


def _is_of_address(code: int, answer: str) -> bool:
    """Whether a refused recipient means that no mail can ever reach the address."""
    if ENHANCED.match(answer):
        return OF_ADDRESS.match(answer) is not None
    return code in BARE and ABOUT_US.search(answer) is None


def _said(error: Exception) -> str:
    """The server's own answer where there is one."""
    code, answer = getattr(error, "smtp_code", None), getattr(error, "smtp_error", None)
    return f"{code} {_text(answer)}" if code else f"{type(error).__name__}: {error}"


def _text(answer: bytes | str | None) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer or ""


def _plain(template: str, values: Mapping[str, Any]) -> str:
    """Renders the template without HTML escaping."""
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False))
