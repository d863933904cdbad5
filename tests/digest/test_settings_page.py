"""What each person chooses for themselves."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.models import DigestSettings
from lib.templatetags.throughline import undo_address
from teams.models import Company, LogEntry, Person
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, links_of, parsed, source_of, text_of, value_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

QUERIES = 6  # session and user included
PAGE = "/settings/"


@pytest.fixture(autouse=True)
def today(time_machine):
    """Monday 16 March 2026, 9:00 UTC."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def person(db):
    DigestSettings.objects.update(previewed_at=NOW, started_at=NOW)
    return make.PersonFactory()


@pytest.fixture
def client(person):
    return signed_in(person)


def chosen(**values) -> dict[str, str]:
    opened = {"version": str(Person.objects.latest("pk").version)}
    return (
        {"timezone": "", "digests": "on", "digest_weekday": "", "digest_hour": "", "turn_mails": "on"} | opened | values
    )


def now_of(person) -> tuple:
    row = Person.objects.get(pk=person.pk)
    return row.timezone, row.digests, row.digests_always, row.digest_weekday, row.digest_hour


def test_page_names_what_the_company_uses_and_the_time_there(client):
    Company.objects.update(timezone="America/New_York")

    page = text_of(client.get(PAGE))

    assert "As in the company: America/New York" in page
    assert "As in the company: Monday" in page
    assert "As in the company: 8:00" in page
    assert "By this zone it is Monday 5:00 now." in page


def test_choice_is_saved_and_says_when_the_next_digest_comes(client, person):
    response = client.post(
        PAGE, chosen(timezone="Asia/Tokyo", digest_weekday="3", digest_hour="0", digests_always="on")
    )

    assert response.url == PAGE
    assert now_of(person) == ("Asia/Tokyo", True, True, 3, 0)
    [message] = get_messages(response.wsgi_request)
    assert str(message) == "Saved. The next one comes on Wednesday 18 March at 0:00 (Asia/Tokyo)."


def test_choice_is_undone_as_it_was(client, person):
    before = now_of(person)
    response = client.post(PAGE, chosen(digests="", digest_hour="23", timezone="Asia/Tokyo"))
    assert now_of(person) == ("Asia/Tokyo", False, False, None, 23)
    [message] = get_messages(response.wsgi_request)

    response = client.post(undo_address(message))

    assert response.url == PAGE
    assert now_of(person) == before


def test_choice_of_everything_is_shown_and_undone_as_it_was(person):
    Person.objects.update(timezone="Asia/Tokyo", digests=False, digests_always=True, digest_weekday=2, digest_hour=0)
    before = now_of(person)
    client = signed_in(Person.objects.get(pk=person.pk))
    page = client.get(PAGE)
    assert [box["name"] for box in parsed(page).select("[type=checkbox][checked]")] == ["digests_always", "turn_mails"]
    assert [value_of(page, name) for name in ("timezone", "digest_weekday", "digest_hour")] == ["Asia/Tokyo", "2", "0"]

    response = client.post(PAGE, chosen())
    assert now_of(person) == ("", True, False, None, None)
    [message] = get_messages(response.wsgi_request)
    client.post(undo_address(message))

    assert now_of(person) == before


def test_two_tabs_keep_what_each_changed(client, person):
    first, second = (fields_of(form_to(client.get(PAGE), "")) for _tab in range(2))
    client.post(PAGE, first | {"timezone": "Asia/Tokyo"})

    client.post(PAGE, second | {"digest_hour": "9"})

    assert now_of(person) == ("Asia/Tokyo", True, False, None, 9)


def test_field_that_two_tabs_changed_is_shown_in_both_texts(client, person):
    first, second = (fields_of(form_to(client.get(PAGE), "")) for _tab in range(2))
    client.post(PAGE, first | {"digest_hour": "7"})

    stale = client.post(PAGE, second | {"digest_hour": "9"})

    assert stale.status_code == 409
    assert now_of(person)[-1] == 7
    client.post(PAGE, fields_of(form_to(stale, "")))
    assert now_of(person)[-1] == 9


def test_choice_of_a_form_without_its_version_is_not_saved(client, person):
    before = now_of(person)

    assert client.post(PAGE, chosen(digest_hour="9", version="")).status_code == 422
    assert now_of(person) == before


def test_choice_that_was_changed_since_is_not_undone(client, person):
    [message] = get_messages(client.post(PAGE, chosen(digest_hour="7")).wsgi_request)
    client.post(PAGE, chosen(digest_hour="9"))

    client.post(undo_address(message))

    assert now_of(person)[-1] == 9


@pytest.mark.parametrize("query", ["digest_hour=99&digests=True", "timezone=Mars/Base", "digest_weekday=x"])
def test_undo_of_nonsense_changes_nothing(client, person, query):
    before = now_of(person)

    assert client.post(f"{reverse('settings_undo')}?{query}").url == PAGE
    assert now_of(person) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"timezone": "Mars/Base"}, "Choose a time zone from the list"),
        ({"digest_weekday": "8"}, "Choose a day from Monday to Sunday."),
        ({"digest_hour": "24"}, "Choose an hour from 0:00 to 23:00."),
    ],
)
def test_bad_choice_is_said_beside_its_field(client, person, values, words):
    before = now_of(person)
    response = client.post(PAGE, chosen(**values))

    assert response.status_code == 422
    assert words in text_of(response)
    assert now_of(person) == before
    assert not LogEntry.objects.exists()


def test_zone_of_an_import_that_is_not_in_the_list_stays(person):
    Person.objects.update(timezone="US/Pacific")
    client = signed_in(Person.objects.get(pk=person.pk))

    assert value_of(client.get(PAGE), "timezone") == "US/Pacific"
    assert client.post(PAGE, chosen(timezone="US/Pacific")).status_code == 302


def test_page_asks_a_fixed_number_of_queries(client):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)

    assert len(asked) == QUERIES


def test_menu_leads_to_digests_and_settings_and_administrators_further(client):
    page = client.get(PAGE)

    assert {reverse("digest_list"), PAGE} <= set(links_of(page))
    assert reverse("digest_administration") not in source_of(page)
    assert reverse("digest_administration") in links_of(signed_in(make.AdminFactory()).get(PAGE))


def test_mails_about_turns_are_switched_off_and_on(client, person):
    client.post(PAGE, chosen(turn_mails=""))
    assert not Person.objects.get(pk=person.pk).turn_mails
    client.post(PAGE, chosen())
    assert Person.objects.get(pk=person.pk).turn_mails
