"""`send_digest`, as an administrator types it on Monday, 16 March 2026, at 9:00 UTC."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from digest import writing
from digest.content import Content, Part, Section
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from lib.text.spans import Line, Span
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.smtp import Sink, Step

pytestmark = pytest.mark.django_db

HOUR, ONE_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LONG_AGO = NOW - 10 * 7 * ONE_DAY
PAGE = "http://localhost:8000/digests/administration/"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def hello(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every digest says hello, but those to people who are called Nobody."""
    section = Section("note", "News", (Line((Span("Hello."),)),), news="Hello")

    def write(people: list[Person], **_given: Any) -> list[Content]:
        part = Part("own", "For you", "/", (section,))
        return [Content(each.name, "Firm", "2026-W12", () if each.name == "Nobody" else (part,)) for each in people]

    monkeypatch.setattr(writing, "write_digests", write)


def start(**values: Any) -> None:
    DigestSettings.objects.update(**({"previewed_at": NOW - ONE_DAY, "started_at": NOW - ONE_DAY} | values))


def somebody(email: str, **values: Any) -> Person:
    return make.PersonFactory(email=email, **({"joined_at": LONG_AGO} | values))


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("send_digest", *arguments, stdout=out)
    return out.getvalue().splitlines()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value)


def test_everything_due_is_planned_built_and_sent(smtp_sink: Sink):
    start()
    somebody("a@example.com")
    somebody("b@example.com")
    somebody("silent@example.com", name="Nobody")
    somebody("gone@example.com")
    somebody("busy@example.com")
    somebody("later@example.com", digest_hour=11)
    somebody("tomorrow@example.com", digest_weekday=2)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="gone@example.com")
    smtp_sink.answer(Step.RCPT, "451 4.3.0 Later", to="busy@example.com")
    line = "2026-W12: due 0, built 2, sent 2, nothing to say 1, failed 1, waiting for another try 1."
    assert run() == [line]
    assert sorted(each.recipients[0] for each in smtp_sink.received) == ["a@example.com", "b@example.com"]
    assert run("--week", "2026-W12") == [line]
    assert len(smtp_sink.received) == 2


def test_with_nobody_there_it_says_so(smtp_sink: Sink):
    start()
    assert run() == ["No digest is due yet."]


@pytest.mark.parametrize("arguments", [(), ("--to", "a@example.com")])
def test_before_the_start_and_while_paused_it_says_where_that_is_changed(arguments):
    somebody("a@example.com")
    assert refusal(*arguments) == f"The weekly digests have not been started: an administrator does that at {PAGE}"
    start(paused_at=NOW)
    assert refusal(*arguments) == f"The weekly digests are paused: an administrator resumes them at {PAGE}"
    assert not Digest.objects.exists()


@pytest.mark.parametrize("week", ["2026-12", "garbage", ""])
def test_what_is_no_week_is_refused(week):
    assert refusal("--week", week) == f"--week {week}: Give an ISO week, written like 2026-W09."


def test_week_that_the_year_does_not_have_is_refused():
    assert refusal("--week", "2025-W53") == "--week 2025-W53: There is no such week: 2025 has weeks 1 to 52."


def test_another_week_is_refused_with_what_would_be_right():
    over = "It is over, and its digests are not sent any more."
    # At 9:00 UTC on a Monday it is still Sunday nowhere but twelve hours behind.
    assert refusal("--week", "2026-W10") == f"--week 2026-W10: {over} Give 2026-W11 or 2026-W12, or leave it out."
    with time_machine.travel(NOW + ONE_DAY, tick=False):
        assert refusal("--week", "2026-W11") == f"--week 2026-W11: {over} Give 2026-W12, or leave it out."
        assert refusal("--week", "2026-W13") == "--week 2026-W13: It has not begun. Give 2026-W12, or leave it out."


# One person's


def test_digest_to_one_person_leaves_before_its_moment_and_none_comes_later(smtp_sink: Sink):
    start()
    somebody("b@example.com")
    somebody("a@example.com", digest_weekday=5)
    assert run("--to", " A@Example.com ") == ["Sent to a@example.com: Hello · week 12"]
    digest = Digest.objects.get()
    assert (digest.week, digest.due_at, digest.state) == (DAY, NOW, "sent")
    with time_machine.travel(NOW + 5 * ONE_DAY, tick=False):
        run()
    assert len(smtp_sink.to("a@example.com")) == 1
    assert len(smtp_sink.to("b@example.com")) == 1


def test_digest_to_one_person_that_waits_already_leaves_now(smtp_sink: Sink):
    start()
    person = somebody("a@example.com")
    at = {"due_at": NOW + HOUR, "not_before": NOW + HOUR}
    digest = make.DigestFactory(person=person, **at)
    assert run("--to", "a@example.com") == ["Sent to a@example.com: Hello · week 12"]
    digest.refresh_from_db()
    assert (digest.state, digest.due_at) == ("sent", NOW)


def test_digest_with_nothing_to_say_comes_at_its_moment_should_there_be_something_then(smtp_sink: Sink):
    start()
    person = somebody("a@example.com", name="Nobody", digest_weekday=5)
    assert run("--to", "a@example.com") == ["There is nothing new for Nobody in 2026-W12, so nothing was sent."]
    assert not Digest.objects.exists()
    Person.objects.filter(pk=person.pk).update(name="Ada")
    with time_machine.travel(NOW + 5 * ONE_DAY, tick=False):
        run()
    assert len(smtp_sink.received) == 1


def test_digest_with_nothing_to_say_at_its_moment_is_settled(smtp_sink: Sink):
    start()
    somebody("a@example.com", name="Nobody")
    run("--to", "a@example.com")
    assert Digest.objects.get().state == "nothing"
    assert refusal("--to", "a@example.com") == "There was nothing new for Nobody in 2026-W12."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"is_active": False}, "Ada is no longer active here."),
        ({"joined_at": None}, "Ada has not accepted the invitation yet; digests go to people who have."),
        ({"digests": False}, "Ada has turned the digests off; only they turn them on again."),
        (
            {"refused_at": NOW, "refusal": "550 No"},
            f"A mail server refused the address of Ada for good (550 No); an administrator allows it again at {PAGE}",
        ),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_who_gets_no_digest_is_told_why(values, said, dry):
    start()
    somebody("a@example.com", name="Ada", **values)
    assert refusal("--to", "a@example.com", *dry) == said
    assert not Digest.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"state": DigestState.SENT, "sent_at": NOW - HOUR},
            "Ada had the digest of 2026-W12 on Monday 16 March at 9:00 (Europe/Paris).",
        ),
        (
            {"state": DigestState.FAILED, "problem": "554 No"},
            f"The digest of 2026-W12 to Ada was not sent (554 No); an administrator sends it again at {PAGE}",
        ),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_who_had_the_digest_is_told_when(values, said, dry):
    start()
    make.DigestFactory(person=somebody("a@example.com", name="Ada", timezone="Europe/Paris"), **values)
    assert refusal("--to", "a@example.com", *dry) == said


def test_digest_that_the_server_does_not_take_is_an_error(smtp_sink: Sink):
    start()
    somebody("a@example.com", name="Ada")
    smtp_sink.answer(Step.DATA, "451 4.3.0 Later", times=1)
    smtp_sink.answer(Step.DATA, "554 5.6.0 No")
    assert refusal("--to", "a@example.com") == (
        "The digest of 2026-W12 to a@example.com waits for another try: 451 4.3.0 Later"
    )
    assert refusal("--to", "a@example.com") == "The digest of 2026-W12 to a@example.com was refused: 554 5.6.0 No"


def test_address_of_nobody_is_refused():
    assert refusal("--to", "who@example.com") == (
        "--to who@example.com: nobody here has this e-mail address. Give the one they sign in with."
    )


# Dry runs


def test_dry_run_says_who_would_get_what_and_changes_nothing(smtp_sink: Sink):
    """Before the start, too."""
    somebody("a@example.com", digest_hour=6)
    somebody("silent@example.com", name="Nobody")
    somebody("tomorrow@example.com", digest_weekday=2)
    expected = [
        "2026-W12  now  a@example.com  Hello · week 12",
        "2026-W12  now  silent@example.com  (nothing to say)",
        "2 to be written. A dry run: nothing was sent or changed.",
    ]
    assert run("--dry-run") == expected
    start()
    assert run("--dry-run") == expected
    assert not Digest.objects.exists()
    assert not LogEntry.objects.exists()
    assert DigestSettings.objects.get().planned_to is None
    run()
    assert run("--dry-run") == ["0 to be written. A dry run: nothing was sent or changed."]
    assert len(smtp_sink.received) == 1


def test_dry_run_shows_the_first_twenty():
    for number in range(21):
        somebody(f"p{number:02}@example.com")
    said = run("--dry-run")
    assert len(said) == 21
    assert said[19].endswith("p19@example.com  Hello · week 12")
    assert said[20] == "21 to be written, the first 20 of which are above. A dry run: nothing was sent or changed."


def test_dry_run_of_one_person_says_when_it_would_come():
    somebody("a@example.com", digest_weekday=5)
    assert run("--dry-run", "--to", "a@example.com")[0] == "2026-W12  Fri 20 Mar 8:00  a@example.com  Hello · week 12"


def test_dry_run_with_digests_that_wait(smtp_sink: Sink):
    start()
    smtp_sink.answer(Step.RCPT, "451 4.3.0 Later")
    somebody("a@example.com")
    run()
    assert run("--dry-run")[0] == "2026-W12  now  a@example.com  Hello · week 12"
