"""What becomes of a mail, told by a backend that answers as a mail server does."""

from __future__ import annotations

from contextlib import suppress
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from lib.mail.sending import (
    AddressRefusedError,
    AwayError,
    LaterError,
    MailRefusedError,
    MailServer,
    NotTakenError,
    send,
)
from lib.services.errors import NotSentError

MAIL = EmailMessage("Subject", "Text", "us@example.com", ["ann@example.com"])


class Backend(BaseEmailBackend):
    """Raises `answers`, one a mail (None: taken), then takes all; `door` is raised when it is opened."""

    def __init__(self, *answers: Exception | None, door: Exception | None = None) -> None:
        super().__init__()
        self.answers, self.door = list(answers), door
        self.did: list[str] = []

    def open(self) -> bool:
        self.did.append("open")
        if self.door:
            raise self.door
        return True

    def close(self) -> None:
        self.did.append("close")

    def send_messages(self, messages) -> int:
        self.did.append("send")
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        return len(messages)


def refused(code: int, text: str) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({"ann@example.com": (code, text.encode())})


ANSWERS = [
    *((refused(550, text), AddressRefusedError) for text in (
        "5.1.1 No such user", "5.1.0 Bad", "5.1.2 Bad host", "5.1.3 Bad", "5.1.6 Moved", "5.1.10 Null MX",
        "5.2.1 Disabled", "No such user here",
    )),
    (refused(551, "User not local"), AddressRefusedError),
    (refused(553, "Mailbox name not allowed"), AddressRefusedError),
    *((refused(550, text), MailRefusedError) for text in (
        "5.1.8 Bad sender", "5.1.100 Unknown", "5.2.2 Full", "5.2.10 Unknown", "5.7.1 No", "Relay denied", "SPAM",
        "Your reputation", "Rate exceeded", "Over QUOTA", "Blocked", "Policy",
    )),
    (refused(552, "Too much"), MailRefusedError),
    (refused(554, "No such user here"), MailRefusedError),
    (refused(599, "5.1.1 No such user"), AddressRefusedError),
    (refused(450, "4.2.1 Busy"), LaterError),
    (refused(499, "5.1.1 No such user"), LaterError),
    *((refused(code, "5.1.1 Sign in"), AwayError) for code in (530, 534, 535, 538)),
    (SMTPSenderRefused(530, b"Sign in", "us@example.com"), AwayError),
    (SMTPSenderRefused(553, b"5.1.1 Who", "us@example.com"), MailRefusedError),
    (SMTPDataError(554, b"5.6.0 Not this"), MailRefusedError),
    (SMTPDataError(500, "What"), MailRefusedError),
    (SMTPDataError(451, b"4.3.0 Later"), LaterError),
    (ValueError("no address"), MailRefusedError),
    (SMTPAuthenticationError(454, b"Later"), LaterError),
    (SMTPServerDisconnected("gone"), LaterError),
    (TimeoutError("slow"), LaterError),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "said"), ANSWERS, ids=[str(answer)[:60] for answer, _ in ANSWERS])
def test_answer_says_whether_address_or_mail_is_refused_and_for_how_long(
    answer: Exception, said: type[NotTakenError]
) -> None:
    with MailServer(Backend(answer)) as server, pytest.raises(NotTakenError) as caught:
        server.send(MAIL)
    assert type(caught.value) is said


def test_answer_is_told_on_one_line_with_its_code() -> None:
    backend = Backend(refused(550, "5.1.1 No\r\n such\tuser " + "x" * 1_000))
    with MailServer(backend) as server, pytest.raises(AddressRefusedError) as caught:
        server.send(MAIL)
    assert caught.value.code == 550
    assert str(caught.value).startswith("550 5.1.1 No such user xxx")
    assert len(str(caught.value)) == 1_000


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (None, ["open", "send", "open", "send"]),
        (refused(550, "5.1.1 No"), ["open", "send", "open", "send"]),
        (SMTPDataError(451, b"Later"), ["open", "send", "open", "send"]),
        (SMTPDataError(421, b"Closing"), ["open", "send", "close", "open", "send"]),
        (SMTPServerDisconnected("gone"), ["open", "send", "close", "open", "send"]),
    ],
)
def test_connection_is_closed_where_it_is_of_no_more_use(answer: Exception | None, ends: list[str]) -> None:
    backend = Backend(answer)
    with MailServer(backend) as server:
        for _ in range(2):
            with suppress(NotTakenError):
                server.send(MAIL)
        assert backend.did == ends
    assert backend.did == [*ends, "close"]


def test_second_break_in_a_row_is_a_server_that_is_away() -> None:
    gone = SMTPServerDisconnected
    server = MailServer(Backend(gone(), gone(), None, gone(), refused(550, "5.1.1 No"), gone(), gone()))
    said: list[type[NotTakenError] | None] = []
    for _ in range(7):
        try:
            server.send(MAIL)
        except NotTakenError as error:
            said.append(type(error))
        else:
            said.append(None)
    assert said == [LaterError, AwayError, None, LaterError, AddressRefusedError, LaterError, AwayError]


@pytest.mark.parametrize(
    "door", [OSError("nobody"), SMTPServerDisconnected("gone"), SMTPAuthenticationError(535, b"No")]
)
def test_server_that_cannot_be_opened_is_away(door: Exception) -> None:
    backend = Backend(door=door)
    with pytest.raises(AwayError):
        MailServer(backend).connect()
    assert backend.did == ["open", "close"]
    with pytest.raises(AwayError):
        MailServer(backend).send(MAIL)
    assert "send" not in backend.did


CONTEXT = {"person": {"name": "Ann & Bo <x>", "email": "ann@example.com"}, "link": "https://x.example/", "days": 7}


def test_mail_is_text_and_html_that_say_the_same(settings) -> None:
    settings.SITE_URL = "https://tl.example.com"
    send("password_reset", to="ann@example.com", context=CONTEXT)
    (sent,) = mail.outbox
    ((html, kind),) = sent.alternatives
    assert (sent.to, sent.subject) == (["ann@example.com"], "Choose a new password for Throughline")
    assert sent.body.startswith("Hello Ann & Bo <x>,\n")
    assert sent.body.endswith("stays as it is.\n")
    assert "on https://tl.example.com.\n" in sent.body
    assert kind == "text/html"
    assert "Ann &amp; Bo &lt;x&gt;" in str(html)


def test_subject_is_one_line_of_plain_text() -> None:
    company = {"company": {"name": "Rock\n & Roll"}, "actor": {"name": "Ann <x>", "email": "a@example.com"}}
    send("invitation", to="ann@example.com", context=CONTEXT | company)
    assert mail.outbox[0].subject == "Ann <x> invites you to Throughline at Rock & Roll"


def test_mail_that_is_not_taken_is_raised_and_logged(monkeypatch, caplog) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise SMTPDataError(554, b"No")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    with pytest.raises(NotSentError, match="did not take the mail"):
        send("password_reset", to="ann@example.com", context=CONTEXT)
    assert "the mail server did not take the mail password_reset" in caplog.text
