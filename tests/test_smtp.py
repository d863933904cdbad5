"""The SMTP server of the tests does what the tests of mails rely on."""

from __future__ import annotations

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from tests import smtp
from tests.config.servers import ROOT
from tests.config.test_demo import free_port
from tests.smtp import CLOSE, Sink, Step


def mail(to: str) -> EmailMessage:
    return EmailMessage("Hello", "A line.", "us@example.com", [to], headers={"Message-ID": f"<{to}>"})


@pytest.fixture
def connection(smtp_sink: Sink) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(smtp.HOST, smtp_sink.port, timeout=10) as client:
        yield client


def send(client: smtplib.SMTP, to: str) -> None:
    client.sendmail("us@example.com", [to], mail(to).message().as_bytes())


def test_sink_takes_what_django_sends(smtp_sink: Sink) -> None:
    with get_connection() as mails:
        assert mails.send_messages([mail("a@example.com"), mail("b@example.com")]) == 2
    assert [each.recipients for each in smtp_sink.received] == [("a@example.com",), ("b@example.com",)]
    assert [each.id for each in smtp_sink.to("b@example.com")] == ["<b@example.com>"]
    assert smtp_sink.received[0].message["Subject"] == "Hello"
    assert smtp_sink.received[0].sender == "us@example.com"
    assert smtp_sink.connections == 1


def test_sink_refuses_a_recipient_and_goes_on(smtp_sink: Sink, connection: smtplib.SMTP) -> None:
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="a@example.com")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(connection, "a@example.com")
    send(connection, "b@example.com")
    assert refused.value.recipients == {"a@example.com": (550, b"5.1.1 Nobody here")}
    assert [each.recipients for each in smtp_sink.received] == [("b@example.com",)]


def test_sink_refuses_a_message_as_often_as_it_is_told(smtp_sink: Sink, connection: smtplib.SMTP) -> None:
    smtp_sink.answer(Step.DATA, "451 4.3.0 Later", times=1)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(connection, "a@example.com")
    assert refused.value.smtp_code == 451
    assert smtp_sink.received == []
    send(connection, "a@example.com")
    assert len(smtp_sink.received) == 1


@pytest.mark.parametrize(("step", "taken"), [(Step.MAIL, 0), (Step.RCPT, 0), (Step.DATA, 0), (Step.TAKEN, 1)])
def test_sink_closes_a_connection_without_an_answer(
    smtp_sink: Sink, connection: smtplib.SMTP, step: Step, taken: int
) -> None:
    smtp_sink.answer(step, CLOSE, times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(connection, "a@example.com")
    assert len(smtp_sink.received) == taken
    with smtplib.SMTP(smtp.HOST, smtp_sink.port, timeout=10) as another:
        send(another, "a@example.com")
    assert len(smtp_sink.received) == taken + 1


def test_process_journals_before_it_acknowledges(tmp_path: Path) -> None:
    port, journal = free_port(), tmp_path / "journal"
    command = [sys.executable, "-m", "tests.smtp", str(port), str(journal)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n"
            with smtplib.SMTP(smtp.HOST, port, timeout=10) as client:
                send(client, "a@example.com")
                (line,) = smtp.read_journal(journal)
        finally:
            process.kill()
    assert (line["id"], line["to"]) == ("<a@example.com>", "a@example.com")
