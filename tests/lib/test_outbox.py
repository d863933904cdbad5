"""The files of kept mails, read directly; the pages that show them are in tests/digest."""

from __future__ import annotations

import datetime as dt

import pytest

from lib.mail import outbox
from lib.mail.outbox import file_name, in_file, keeps_mails, kept_mail, kept_page, saved_files, saved_mails

DASHES = b"-" * 79 + b"\n"
FIRST, SECOND = "20260316-090000-1.log", "20260317-090000-1.log"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def content(subject: str) -> bytes:
    return f"Subject: {subject}\nTo: a@example.com\n\nText of {subject}.\n".encode()


def subjects(mails) -> list[str]:
    return [each.subject for each in mails]


@pytest.mark.parametrize(("count", "last"), [(49, None), (50, None), (51, (FIRST, 2))])
def test_page_that_is_exactly_full_is_the_last(folder, count, last):
    (folder / FIRST).write_bytes(in_file(content(f"Mail {number}") for number in range(1, count + 1)))
    page = kept_page()
    assert len(page.mails) == min(count, 50)
    assert (page.mails[0].number, page.last) == (count, last)
    if last:
        assert subjects(kept_page(last).mails) == ["Mail 1"]


def test_page_goes_on_in_older_files(folder, monkeypatch):
    monkeypatch.setattr(outbox, "SIZE", 2)
    (folder / FIRST).write_bytes(in_file(map(content, "ab")))
    (folder / SECOND).write_bytes(in_file(map(content, "cd")))
    assert subjects(saved_mails()) == ["d", "c", "b", "a"]
    first = kept_page()
    assert (subjects(first.mails), first.last) == (["d", "c"], (SECOND, 1))
    following = kept_page(first.last)
    assert (subjects(following.mails), following.last) == (["b", "a"], None)


def test_mails_are_named_by_file_and_place_and_files_by_time(folder):
    (folder / SECOND).write_bytes(in_file(map(content, "cd")))
    (folder / FIRST).write_bytes(in_file(map(content, "ab")))
    for name in ("20260316-090000-1.txt", "x20260316-090000-1.log", "2026-090000-1.log"):
        (folder / name).write_bytes(in_file([content("other")]))
    (folder / "20260318-090000-1.log").mkdir()
    mail = kept_mail(SECOND, 2)
    assert mail is not None
    assert (mail.subject, mail.to, mail.text, mail.sent_at) == ("d", "a@example.com", "Text of d.\n\n", None)
    assert [kept_mail(name, 1) for name in ("20260316-090000-1.txt", "20260318-090000-1.log")] == [None, None]
    assert kept_mail(SECOND, 3) is None
    assert saved_files() == [folder / FIRST, folder / SECOND]
    assert file_name(dt.datetime(2026, 3, 16, 9, 5, 7, tzinfo=dt.UTC), 3) == "20260316-090507-3.log"


def test_dashes_within_a_text_end_no_mail(folder):
    whole = b"Subject: a\n\n" + DASHES + b"no header here\n" + DASHES
    (folder / FIRST).write_bytes(in_file([whole, content("b")]))
    assert subjects(saved_mails()) == ["b", "a"]
    assert kept_mail(FIRST, 1).content == whole + b"\n"


@pytest.mark.parametrize(
    ("embedded", "backend", "keeps"),
    [(True, outbox.BACKEND, True), (False, outbox.BACKEND, False), (True, "smtp", False)],
)
def test_mails_are_kept_beside_the_embedded_database_alone(settings, embedded, backend, keeps):
    settings.EMBEDDED_DATABASE, settings.EMAIL_BACKEND = embedded, backend
    assert keeps_mails() is keeps
