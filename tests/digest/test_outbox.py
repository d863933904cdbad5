"""The mails kept as files, as Django's file backend writes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from lib.mail import outbox
from tests import factories as make
from tests.factories import NOW
from tests.html import links_of, page_text, parsed, text_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

LIST = "/digests/administration/outbox/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = outbox.BACKEND
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.fixture
def client(db):
    return signed_in(make.AdminFactory(timezone="Europe/Berlin"))


def mail(subject="Hello", text="Good morning.", to="mia@example.com"):
    digest = EmailMultiAlternatives(
        subject, text, "us@example.com", [to], headers={"Date": "Mon, 16 Mar 2026 09:00:00 +0000"}
    )
    digest.attach_alternative(f"<p>{text}</p>", "text/html")
    return digest


def send(*mails, file=None, folder=None):
    """Through one connection, into one file, renamed to `file`."""
    connection: Any = get_connection()
    connection.send_messages(mails)
    if file and folder:
        (folder / connection._get_filename()).rename(folder / file)


def test_mails_are_listed_newest_first(client, folder):
    send(mail("First"), mail("Second"), file="20260316-090000-1.log", folder=folder)
    send(mail("Third: ärger"), file="20260317-090000-1.log", folder=folder)

    response = client.get(LIST)

    assert [each["subject"] for each in response.context["mails"]] == ["Third: ärger", "Second", "First"]
    assert {each["at"] for each in response.context["mails"]} == {"16 Mar 2026, 10:00"}
    assert "Times are those of Europe/Berlin." in text_of(response)


def test_list_reads_fifty_mails_at_a_time(client, folder):
    send(*(mail(f"Mail {number}") for number in range(60)), file="20260316-090000-1.log", folder=folder)
    send(*(mail(f"Older {number}") for number in range(3)), file="20260315-090000-1.log", folder=folder)

    first = client.get(LIST)
    following = client.get(LIST + first.context["page"].next_url)

    assert [each["subject"] for each in first.context["mails"]][::49] == ["Mail 59", "Mail 10"]
    assert [each["subject"] for each in following.context["mails"]][::12] == ["Mail 9", "Older 0"]
    assert following.context["page"].next_url == ""
    assert client.get(LIST + following.context["page"].first_url).context["mails"] == first.context["mails"]


@pytest.mark.parametrize("after", ["nonsense", "a/b", "/", "\0/1", "20260316-090000-1.log/9" + "9" * 20])
def test_list_after_nonsense_is_a_list(client, after):
    send(mail())

    assert client.get(LIST, {"after": after}).status_code == 200


def test_list_without_mails_teaches(client):
    assert "No mail has been written yet." in text_of(client.get(LIST))


def test_list_without_a_folder_teaches(client, settings, folder):
    settings.EMAIL_FILE_PATH = str(folder / "missing")

    assert "No mail has been written yet." in text_of(client.get(LIST))


def test_mail_is_shown_as_text_and_its_html_makes_no_element(client, folder):
    dashes = "-" * 79
    send(
        mail(
            "<b>Bold</b>", f"<script>alert(1)</script>\n{dashes}\nSee http://testserver/goals/.\n", to="a@example.com"
        ),
        mail("Second"),
        file="20260316-090000-1.log",
        folder=folder,
    )

    response = client.get(reverse("digest_outbox_mail", args=["20260316-090000-1.log", 1]))
    page = page_text(response)

    assert "<b>Bold</b>" in page
    assert "<script>alert(1)</script>" in page
    assert [script for script in parsed(response).select("script") if not script.get("src")] == []
    assert dashes in page
    assert [link["rel"] for link in parsed(response).select("a[href='http://testserver/goals/']")] == [["nofollow"]]
    assert "a@example.com" in page


def test_whole_mail_is_a_download(client, folder):
    send(mail("Whole", "Text."), file="20260316-090000-1.log", folder=folder)

    response = client.get(reverse("digest_outbox_file", args=["20260316-090000-1.log", 1]))

    assert response["Content-Type"] == "message/rfc822"
    assert response["Content-Disposition"] == 'attachment; filename="20260316-090000-1-1.eml"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"Subject: Whole" in response.content
    assert b"<p>Text.</p>" in response.content
    assert b"-" * 79 not in response.content


@pytest.mark.parametrize(
    ("name", "number"),
    [("20260316-090000-1.log", 2), ("20260316-090000-1.log", 0), ("20260316-090000-2.log", 1), ("secret.txt", 1)],
)
def test_mail_that_is_not_in_the_list_is_not_found(client, folder, name, number):
    send(mail(), file="20260316-090000-1.log", folder=folder)
    (folder / "secret.txt").write_text("Subject: secret\n\nsecret\n" + "-" * 79 + "\n")

    for page in ("digest_outbox_mail", "digest_outbox_file"):
        assert client.get(reverse(page, args=[name, number])).status_code == 404


@pytest.mark.parametrize("name", ["..", "%2e%2e%2fsettings.py", "..%2f..%2fetc%2fpasswd", "%00"])
def test_no_name_leads_out_of_the_folder(client, name):
    assert client.get(f"{LIST}{name}/1/").status_code == 404
    assert client.get(f"{LIST}{name}/1/file/").status_code == 404


def test_mail_that_is_still_being_written_is_none_yet(client, folder):
    send(mail("Whole"), file="20260316-090000-1.log", folder=folder)
    with (folder / "20260316-090000-1.log").open("ab") as file:
        file.write(b"Subject: half\n\nHal")

    assert [each["subject"] for each in client.get(LIST).context["mails"]] == ["Whole"]


def test_mail_without_text_or_date_is_shown(client, folder):
    (folder / "20260316-090000-1.log").write_bytes(b"Content-Type: text/html\n\n<p>Hm</p>\n" + b"-" * 79 + b"\n")

    page = text_of(client.get(reverse("digest_outbox_mail", args=["20260316-090000-1.log", 1])))

    assert "It has no plain text." in page
    assert "(no subject)" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"), ("EMBEDDED_DATABASE", False)],
)
def test_there_is_no_outbox_where_mail_leaves_or_beside_a_database_of_its_own(client, settings, name, value):
    setattr(settings, name, value)

    assert client.get(LIST).status_code == 404
    assert LIST not in client.get(reverse("digest_administration")).content.decode()


def test_administration_leads_to_the_outbox_where_mail_is_kept(client):
    assert LIST in links_of(client.get(reverse("digest_administration")))


def test_outbox_is_for_administrators(db):
    assert signed_in(make.LeaderFactory(joined_at=NOW)).get(LIST).status_code == 403
