"""Handing digests to a real mail server: what it says to each, a server that is not there, and a database that is not.

NOW is Monday, 16 March 2026, 9:00 UTC; the digests are due at 8:00.
"""

from __future__ import annotations

import datetime as dt
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models.functions import Now

from digest import tasks
from digest.content import Content, Part, Section
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.selectors.standing import standings
from digest.services import building as digests
from digest.services import claims as digestclaims
from digest.services import sending as digestsending
from digest.services.sending import send_digests
from lib.mail import sending as mail
from lib.text.spans import Line, Span
from teams.models import LogEntry, Person
from tests import factories as make
from tests.config.test_demo import free_port
from tests.factories import DAY, NOW
from tests.html import links_of, parsed, texts_of
from tests.smtp import CLOSE, Sink, Step

pytestmark = pytest.mark.django_db

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
NOBODY = "550 5.1.1 <gone@example.com> is nobody here"


@pytest.fixture(autouse=True)
def running() -> None:
    DigestSettings.objects.update(previewed_at=NOW - HOUR, started_at=NOW - 2 * HOUR)


def ready(email: str = "", **values: Any) -> Digest:
    """A built digest to `email`."""
    person = make.PersonFactory(**({"email": email} if email else {}))
    hello = Section("note", "News", (Line((Span("Hello."),)),), news="Hello")
    content = Content(person.name, "Firm", "2026-W12", (Part("own", "For you", "/", (hello,)),))
    built = {"state": DigestState.BUILT, "content": content.to_json(), "built_at": NOW - HOUR}
    digest = make.DigestFactory(person=person, **(built | values))
    Digest.objects.filter(pk=digest.pk).update(standing=standings([digest])[digest.pk])
    return digest


def states() -> dict[str, str]:
    return dict(Digest.objects.values_list("person__email", "state"))


def now(digest: Digest) -> Digest:
    return Digest.objects.select_related("person").get(pk=digest.pk)


def waits_again(digest: Digest, attempts: int, after: dt.timedelta, problem: str) -> None:
    row = now(digest)
    assert (row.state, row.attempts, row.not_before) == ("built", attempts, NOW + after)
    assert (row.claim, row.claimed_at, row.sent_at) == (None, None, None)
    assert problem in row.problem


def test_digests_leave_by_one_connection_and_are_recorded(smtp_sink: Sink):
    first, second = ready("a@example.com", problem="451 Later", attempts=1), ready("b@example.com")
    assert send_digests(at=NOW) == 2
    assert smtp_sink.connections == 1
    assert [each.recipients for each in smtp_sink.received] == [("a@example.com",), ("b@example.com",)]
    assert smtp_sink.received[0].id == f"<digest.2026-W12.{first.person_id}@localhost>"
    row = now(second)
    assert (row.state, row.sent_at, row.attempts, row.claim, row.claimed_at) == ("sent", NOW, 1, None, None)
    assert now(first).problem == ""
    assert send_digests(at=NOW) == 0
    assert smtp_sink.connections == 1


@pytest.mark.parametrize(
    "values",
    [
        {"due_at": NOW + MINUTE, "not_before": NOW},
        {"not_before": NOW + MINUTE},
        {"due_at": NOW - 9 * 24 * HOUR, "ends_at": NOW},
        {"state": DigestState.SENT, "sent_at": NOW},
        {"state": DigestState.DUE},
    ],
)
def test_digest_that_is_not_to_leave_now_stays(smtp_sink: Sink, values):
    ready(**values)
    assert send_digests(at=NOW) == 0
    assert smtp_sink.received == []


def test_digest_that_another_worker_sends_is_left_to_it(smtp_sink: Sink):
    digest = ready()
    lease = settings.DIGEST_LEASE_SECONDS
    held = Digest.objects.filter(pk=digest.pk)
    held.update(claim=uuid.uuid4(), claimed_at=Now() - dt.timedelta(seconds=lease - 30))
    assert send_digests(at=NOW + HOUR) == 0
    held.update(claim=uuid.uuid4(), claimed_at=Now() - dt.timedelta(seconds=lease + 1))
    assert send_digests(at=NOW) == 1


def test_digests_of_one_person_and_no_more_than_asked_for(smtp_sink: Sink):
    ready()
    wanted = ready("a@example.com")
    assert send_digests(at=NOW, person=wanted.person) == 1
    assert [each.recipients for each in smtp_sink.received] == [("a@example.com",)]
    ready()
    assert send_digests(at=NOW, limit=1) == 1


# What the server says


def test_address_refused_for_good_gets_no_more(smtp_sink: Sink):
    digest = ready("gone@example.com")
    other = make.DigestFactory(person=digest.person, week=DAY + dt.timedelta(weeks=1))
    fine = ready("b@example.com")
    smtp_sink.answer(Step.RCPT, NOBODY, to="gone@example.com")
    assert send_digests(at=NOW) == 2
    row = now(digest)
    assert (row.state, row.problem) == ("failed", NOBODY)
    assert (row.person.refused_at, row.person.refusal) == (NOW, NOBODY)
    assert not Digest.objects.filter(pk=other.pk).exists()
    assert now(fine).state == "sent"
    entry = LogEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_kind, entry.subject_id) == (
        "person.mail_refused",
        None,
        "person",
        digest.person_id,
    )
    assert entry.note == {"code": 550}


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Step.DATA, "554 5.6.0 Not this one"),
        (Step.MAIL, "553 5.1.8 Who are you"),
        (Step.RCPT, "554 5.7.1 Relay access denied"),
        (Step.RCPT, "550 5.7.26 Not authenticated"),
        (Step.RCPT, "504 5.5.2 Helo command rejected"),
        (Step.RCPT, "550 5.1.8 Sender address rejected"),
        (Step.RCPT, "550 5.4.5 Daily quota exceeded"),
        (Step.RCPT, "552 5.2.2 Mailbox full"),
        (Step.RCPT, "550 Relaying denied"),
        (Step.RCPT, "554 Listed at a block list"),
    ],
)
def test_digest_refused_for_good_says_nothing_of_the_address(smtp_sink: Sink, step: Step, answer: str):
    digest = ready()
    smtp_sink.answer(step, answer)
    assert send_digests(at=NOW) == 1
    row = now(digest)
    assert (row.state, row.problem, row.person.refused_at) == ("failed", answer, None)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DATA, Step.TAKEN])
def test_what_is_refused_for_now_is_tried_again(smtp_sink: Sink, step: Step):
    digest, fine = ready("a@example.com"), ready("b@example.com")
    smtp_sink.answer(step, "451 4.3.0 Come back later", times=1)
    assert send_digests(at=NOW) == 1
    waits_again(digest, 1, MINUTE, "451 4.3.0 Come back later")
    assert now(fine).state == "sent"
    assert smtp_sink.connections == 1
    assert send_digests(at=NOW) == 0
    assert send_digests(at=NOW + MINUTE) == 1
    row = now(digest)
    assert (row.state, row.attempts, row.problem) == ("sent", 2, "")


@pytest.mark.parametrize(("before", "minutes"), [(0, 1), (1, 2), (2, 4), (5, 32), (6, 60), (40, 60)])
def test_each_pause_is_twice_the_one_before_up_to_an_hour(smtp_sink: Sink, before: int, minutes: int):
    digest = ready(attempts=before)
    smtp_sink.answer(Step.RCPT, "450 4.2.1 Busy")
    send_digests(at=NOW)
    waits_again(digest, before + 1, minutes * MINUTE, "450 4.2.1 Busy")


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DATA])
def test_connection_that_broke_is_opened_again_for_the_next_digest(smtp_sink: Sink, step: Step):
    digest, fine = ready("a@example.com"), ready("b@example.com")
    smtp_sink.answer(step, CLOSE, times=1)
    assert send_digests(at=NOW) == 1
    waits_again(digest, 1, MINUTE, "SMTPServerDisconnected")
    assert now(fine).state == "sent"
    assert smtp_sink.connections == 2


def test_lost_acknowledgement_repeats_the_same_message(smtp_sink: Sink):
    digest = ready("a@example.com")
    smtp_sink.answer(Step.TAKEN, CLOSE, times=1)
    assert send_digests(at=NOW) == 0
    waits_again(digest, 1, MINUTE, "SMTPServerDisconnected")
    assert send_digests(at=NOW + MINUTE) == 1
    assert len(smtp_sink.received) == 2
    assert len({each.id for each in smtp_sink.received}) == 1


@pytest.mark.parametrize(("answer", "taken"), [(CLOSE, 0), ("421 4.3.2 Shutting down", 0)])
def test_server_that_breaks_off_twice_in_a_row_is_away_for_all(smtp_sink: Sink, answer: str, taken: int):
    batch = [ready() for _ in range(5)]
    smtp_sink.answer(Step.MAIL, answer)
    assert send_digests(at=NOW) == 0
    assert smtp_sink.connections == 2
    for digest in batch:
        waits_again(digest, 1, MINUTE, "421" if answer else "SMTPServerDisconnected")


def test_server_that_wants_somebody_to_sign_in_is_away(smtp_sink: Sink):
    """The settings are to be put right: no digest is given up for it."""
    batch = [ready() for _ in range(3)]
    smtp_sink.answer(Step.MAIL, "530 5.7.0 Sign in first")
    assert send_digests(at=NOW) == 0
    for digest in batch:
        waits_again(digest, 1, MINUTE, "530 5.7.0 Sign in first")


def test_sign_in_that_fails_is_tried_again(smtp_sink: Sink, settings):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "wrong"
    digest = ready()
    assert send_digests(at=NOW) == 0
    waits_again(digest, 1, MINUTE, "")
    assert now(digest).problem


def test_server_that_is_not_there_is_asked_once_for_a_batch(settings, monkeypatch: pytest.MonkeyPatch, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    batch = [ready(attempts=number) for number in range(3)]
    asked: list[object] = []
    connect = mail.MailServer.connect

    def counted(server: mail.MailServer) -> None:
        asked.append(server)
        connect(server)

    monkeypatch.setattr(mail.MailServer, "connect", counted)
    assert send_digests(at=NOW) == 0
    assert len(asked) == 1
    for number, digest in enumerate(batch):
        waits_again(digest, number + 1, 2**number * MINUTE, "ConnectionRefusedError")
    assert caplog.text.count("takes no digests") == 1


@pytest.mark.parametrize("answer", ["421 4.3.2 Too many connections", "554 5.7.1 Not from here"])
def test_server_that_turns_us_away_at_the_door_is_away(smtp_sink: Sink, answer: str):
    """For good or for now: it says nothing of a digest, and nothing of an address."""
    batch = [ready() for _ in range(3)]
    smtp_sink.answer(Step.GREETING, answer)
    assert send_digests(at=NOW) == 0
    assert smtp_sink.connections == 1
    for digest in batch:
        waits_again(digest, 1, MINUTE, answer)
        assert now(digest).person.refused_at is None


def test_server_that_hangs_after_it_was_given_a_digest_is_left_after_two(smtp_sink: Sink, settings):
    """It may have taken them, so they are the same when they come again."""
    settings.EMAIL_TIMEOUT, smtp_sink.pause = 0.3, 3
    batch = [ready() for _ in range(4)]
    assert send_digests(at=NOW) == 0
    assert smtp_sink.connections == 2
    for digest in batch:
        waits_again(digest, 1, MINUTE, "timed out")


def test_server_that_says_nothing_at_all_is_left_after_one_wait(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.3
    digest, began = ready(), time.monotonic()
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert send_digests(at=NOW) == 0
    assert time.monotonic() - began < 10
    waits_again(digest, 1, MINUTE, "timed out")


ODD_TITLES = {
    "script": '<script>alert(1)</script> & "quoted"',
    "markdown": "**Bold** [here](https://evil.example) `code` # 1",
    "right to left": "تقرير الأسبوع للفريق",
    "emoji": "Ship it \N{ROCKET} \N{FAMILY}",
    "long": "Überlänge " * 40,
    "one word": "x" * 400,
}


@pytest.mark.parametrize("title", ODD_TITLES.values(), ids=ODD_TITLES)
@pytest.mark.parametrize("address", ["Mia.Member+Throughline@Example.com"])
def test_whatever_a_title_is_arrives_as_it_was_written(smtp_sink: Sink, title: str, address: str):
    title = title.strip()
    line = Line((Span(title, "/initiatives/odd/"), Span(" goes on.")))
    content = Content(
        title, title, "2026-W12", (Part("own", title, "/", (Section("note", title, (line,), news=title),)),)
    )
    ready(address, content=content.to_json())
    assert send_digests(at=NOW) == 1

    [received] = smtp_sink.to(address)
    said, page = (part.get_content() for part in received.message.iter_parts())
    assert f"Hello {title}," in " ".join(said.split())
    assert " ".join(title.split()) in texts_of(page, "a")
    assert parsed(page).select("script") == []
    assert not any("evil.example" in address for address in links_of(page))
    subject = str(received.message["Subject"]).strip()
    assert len(subject) <= 90
    assert subject.endswith(" · week 12")
    assert str(received.message["To"]).strip() == address


def test_address_that_no_mail_can_have_fails_alone(smtp_sink: Sink):
    odd, fine = ready(), ready()
    Person.objects.filter(pk=odd.person_id).update(email="two@at@example.com\nBcc: x@example.com")
    assert send_digests(at=NOW) == 2
    assert (now(odd).state, now(fine).state) == ("failed", "sent")


def test_what_the_server_says_is_kept_on_one_line(smtp_sink: Sink):
    digest = ready()
    smtp_sink.answer(Step.RCPT, "550-5.1.1 First\r\n550 5.1.1 second \x07 line")
    send_digests(at=NOW)
    assert now(digest).person.refusal == "550 5.1.1 First 5.1.1 second line"


# The lease


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Once the first digest was taken."""
    send = mail.MailServer.send
    sent: list[Any] = []

    def taken(self: mail.MailServer, digest: Any) -> None:
        send(self, digest)
        if not sent:
            do()
        sent.append(digest)

    monkeypatch.setattr(mail.MailServer, "send", taken)


def test_one_digest_fits_into_what_is_left_of_a_lease_that_is_not_renewed():
    """The server answers to the sender, the recipient, the beginning and the end of the message, which is written."""
    left = settings.DIGEST_LEASE_SECONDS * (1 - digestclaims.RENEWED_AFTER)
    assert left > 5 * settings.EMAIL_TIMEOUT


def test_lease_is_renewed_while_a_batch_goes_on(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch):
    """The last one's lease is over when the first was taken, and begun anew when it is sent itself."""
    monkeypatch.setattr(digestclaims, "RENEWED_AFTER", -1)
    ready("a@example.com")
    last = ready("b@example.com")
    long_ago = Now() - dt.timedelta(seconds=settings.DIGEST_LEASE_SECONDS * 2)
    meanwhile(monkeypatch, lambda: Digest.objects.filter(pk=last.pk).update(claimed_at=long_ago))
    record, free = digestsending._record_sent, []

    def look(digest: Digest, at: dt.datetime) -> None:
        free.append(Digest.objects.filter(digestclaims.free(), pk=last.pk).exists())
        record(digest, at)

    monkeypatch.setattr(digestsending, "_record_sent", look)
    assert send_digests(at=NOW) == 2
    assert free == [True, False]


def test_digest_put_off_by_who_no_longer_holds_it_stays_with_who_does(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch):
    digest, other = ready(), uuid.uuid4()

    def taken(_self: mail.MailServer, _digest: Any) -> None:
        Digest.objects.update(claim=other, claimed_at=Now())
        raise mail.LaterError("451 Later", 451)

    monkeypatch.setattr(mail.MailServer, "send", taken)
    assert send_digests(at=NOW) == 0
    assert (now(digest).claim, now(digest).problem) == (other, "")


def test_digest_that_is_no_longer_held_is_not_sent(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(digestclaims, "RENEWED_AFTER", -1)
    ready("a@example.com")
    last = ready("b@example.com")
    meanwhile(monkeypatch, lambda: Digest.objects.filter(pk=last.pk).update(claim=uuid.uuid4(), claimed_at=Now()))
    assert send_digests(at=NOW) == 1
    assert [each.recipients for each in smtp_sink.received] == [("a@example.com",)]
    assert (now(last).state, now(last).attempts) == ("built", 1)


def test_batch_that_takes_too_long_leaves_the_rest_as_it_was(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch):
    batch = [ready() for _ in range(3)]
    monkeypatch.setattr(digestsending, "BATCH_SECONDS", 0.2)
    smtp_sink.pause = 0.15
    assert send_digests(at=NOW) == 1
    assert len(smtp_sink.received) == 1
    for digest in batch[1:]:
        row = now(digest)
        assert (row.state, row.attempts, row.claim, row.claimed_at) == ("built", 0, None, None)


@pytest.mark.django_db(transaction=True)
def test_digest_that_was_taken_is_recorded_once_the_database_is_back(
    smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog
):
    """Its connection is cut, and the next ones are refused."""
    digest = ready()
    monkeypatch.setattr(digestsending, "DATABASE_PAUSE", 0.01)
    record, away = digestsending._record_sent, [OperationalError("the database system is starting up")] * 3

    def fail(*given: Any) -> None:
        record(*given)
        if away:
            raise away.pop()

    monkeypatch.setattr(digestsending, "_record_sent", fail)
    meanwhile(monkeypatch, cut)
    assert send_digests(at=NOW) == 1
    assert now(digest).state == "sent"
    assert len(smtp_sink.received) == 1
    assert caplog.text.count("cannot be recorded yet") == 4


def cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with closing(psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})) as another:
        another.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [process])


def test_database_is_not_waited_for_longer_than_a_task_may_take(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch):
    ready()
    monkeypatch.setattr(digestsending, "DATABASE_AWAY", 1)
    monkeypatch.setattr(digestsending, "DATABASE_PAUSE", 0.01)

    def fail(*_given: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(digestsending, "_record_sent", fail)
    began = time.monotonic()
    with pytest.raises(OperationalError):
        send_digests(at=NOW)
    assert time.monotonic() - began < 10


def test_digest_that_was_taken_counts_as_sent_whoever_holds_it_by_then(
    smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    digest = ready()
    meanwhile(monkeypatch, lambda: Digest.objects.update(claim=uuid.uuid4(), claimed_at=Now()))
    assert send_digests(at=NOW) == 1
    assert (now(digest).state, now(digest).claim) == ("sent", None)


# Tasks


def test_sweep_plans_and_asks_for_as_many_workers_as_there_are_batches(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    for task in (tasks.build_digests, tasks.send_digests):
        monkeypatch.setattr(task, "apply_async", lambda task=task, **_options: asked.append(task.name))
    monkeypatch.setattr(tasks, "now", lambda: NOW)
    monkeypatch.setattr(digests, "SENT_AT_ONCE", 1)
    DigestSettings.objects.update(started_at=NOW - 2 * HOUR, previewed_at=NOW)
    ready()
    ready()
    make.PersonFactory(joined_at=NOW - 3 * HOUR)
    assert tasks.send_due_digests.apply().get() == 3
    assert asked == ["digest.build_digests", "digest.send_digests", "digest.send_digests"]


def test_sweep_asks_for_no_more_workers_than_can_be_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tasks.send_digests, "apply_async", lambda **_options: None)
    monkeypatch.setattr(tasks, "now", lambda: NOW)
    monkeypatch.setattr(tasks, "WORKERS_ASKED", 2)
    monkeypatch.setattr(digests, "SENT_AT_ONCE", 1)
    for _ in range(5):
        ready()
    assert tasks.send_due_digests.apply().get() == 2


@pytest.mark.parametrize(
    ("task", "module", "service"),
    [(tasks.build_digests, digests, "build_digests"), (tasks.send_digests, digestsending, "send_digests")],
)
def test_task_works_on_until_nothing_is_left_or_it_is_another_ones_turn(
    task, module, service, monkeypatch: pytest.MonkeyPatch
):
    left = [3, 5, 2]
    monkeypatch.setattr(module, service, lambda at: left.pop() if left else 0)
    assert task.apply().get() == 10
    left[:] = [3, 5, 2]
    monkeypatch.setattr(tasks, "WORKS_ON", -1)
    assert task.apply().get() == 2
