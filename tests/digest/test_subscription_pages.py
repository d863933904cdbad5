"""The addresses of a digest that work without signing in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.models import DigestSettings
from digest.replies import Action, reply_path, stop_turn_mails_path, times_path, unsubscribe_path
from digest.services.subscriptions import stop_digests
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import NOW
from tests.html import source_of, text_of, value_of
from web.digests.subscriptions import masked

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
PATHS = [unsubscribe_path, times_path]


@pytest.fixture(autouse=True)
def today(time_machine):
    """Monday 16 March 2026, 9:00 UTC."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def person():
    return make.PersonFactory(email="ada@example.com", timezone="Europe/London")


@pytest.fixture
def stranger():
    """A mail program: it keeps no cookies, and Django checks whatever it checks of a browser."""
    return Client(enforce_csrf_checks=True)


def opened(person) -> dict[str, int]:
    """What the form about their digests was drawn with."""
    return {"version": Person.objects.get(pk=person.pk).version}


def wants_digests(person):
    person.refresh_from_db()
    return person.digests


@pytest.mark.parametrize("body", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_post_without_cookie_or_token_stops_and_answers_200(person, stranger, body):
    if body == "multipart/form-data":
        response = stranger.post(unsubscribe_path(person.pk), ONE_CLICK)
    else:
        response = stranger.post(unsubscribe_path(person.pk), "List-Unsubscribe=One-Click", content_type=body)

    assert response.status_code == 200
    assert "The weekly digest is stopped" in text_of(response)
    assert not wants_digests(person)
    assert [entry.action for entry in LogEntry.objects.all()] == ["person.digests_stopped"]


def test_one_click_post_again_changes_nothing_and_answers_200(person, stranger):
    for _ in range(2):
        assert stranger.post(unsubscribe_path(person.pk), ONE_CLICK).status_code == 200

    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", PATHS)
def test_looking_at_an_address_changes_nothing(person, client, path, method):
    response = getattr(client, method)(path(person.pk))

    assert response.status_code == 200
    assert wants_digests(person)
    assert not LogEntry.objects.exists()


def test_page_says_whose_digest_it_stops_without_the_whole_address(person, client):
    response = client.get(unsubscribe_path(person.pk))
    page = source_of(response)

    assert "a…@example.com" in text_of(response)
    assert "ada@" not in page
    assert person.name not in page


@pytest.mark.parametrize(("email", "shown"), [("ada@example.com", "a…@example.com"), ("é@x.org", "é…@x.org")])
def test_masked_keeps_the_first_digest_and_the_domain(email, shown):
    assert masked(email) == shown


def test_button_stops_and_the_page_then_undoes_it(person, client):
    address = unsubscribe_path(person.pk)

    stopped = client.post(address, follow=True)

    assert stopped.redirect_chain == [(address, 302)]
    assert "The weekly digest is stopped" in text_of(stopped)
    assert not wants_digests(person)

    again = client.post(address, {"again": "yes"}, follow=True)

    assert again.request["PATH_INFO"].startswith("/digests/times/")
    assert "The weekly digest comes again." in text_of(again)
    assert wants_digests(person)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_address_that_is_not_ours_says_what_to_do(person, client, path, method):
    right = path(person.pk)
    name, token = right.split("/")[2:4]
    wrong = [
        token[:-1],
        f"x{token}",
        "x",
        "ä:ö:ü",
        reply_path(person.pk, Action.CONTINUE, (1,)).split("/")[3],
    ]
    for each in wrong:
        response = getattr(client, method)(reverse(f"digest_{name}", args=[each]), ONE_CLICK)
        assert response.status_code == 404
        assert "This address does not work" in text_of(response)

    assert wants_digests(person)


@pytest.mark.parametrize("path", PATHS)
def test_address_of_somebody_who_left_or_is_gone_says_the_same(person, client, path):
    left = make.PersonFactory(is_active=False)

    for pk in (left.pk, 2**40):
        assert client.post(path(pk), ONE_CLICK).status_code == 404

    assert wants_digests(left)


@pytest.mark.parametrize("path", PATHS)
def test_address_works_years_later(person, client, path, time_machine):
    address = path(person.pk)
    time_machine.move_to(NOW + dt.timedelta(days=1000))

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_address_is_for_its_own_person_whoever_is_signed_in(person, client, path):
    client.force_login(make.AdminFactory())

    client.post(path(person.pk), {**opened(person), "digests": ""})

    assert not wants_digests(person)


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_not_kept_found_or_told_to_others(person, client, path):
    stopped = unsubscribe_path(person.pk)
    for response in (client.get(path(person.pk)), client.get(f"{path(person.pk)[:-2]}/"), client.post(stopped)):
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Referrer-Policy"] == "strict-origin"
        assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(person, client, path, method):
    assert getattr(client, method)(path(person.pk)).status_code == 405


def test_times_are_saved_and_say_when_the_next_digest_comes(person, client):
    DigestSettings.objects.update(previewed_at=NOW, started_at=NOW)
    address = times_path(person.pk)
    assert "The next one comes on Monday 23 March at 8:00 (Europe/London)." in text_of(client.get(address))

    saved = client.post(
        address, {**opened(person), "digests": "on", "digest_weekday": "4", "digest_hour": "17"}, follow=True
    )

    assert "The next one comes on Thursday 19 March at 17:00 (Europe/London)." in text_of(saved)
    person.refresh_from_db()
    assert (person.digests, person.digest_weekday, person.digest_hour) == (True, 4, 17)

    client.post(address, {**opened(person), "digests": "on", "digest_weekday": "", "digest_hour": ""})

    person.refresh_from_db()
    assert (person.digest_weekday, person.digest_hour, person.timezone) == (None, None, "Europe/London")


def test_times_leave_the_zone_and_quiet_weeks_as_they_are(person, client):
    Person.objects.filter(pk=person.pk).update(digests_always=True)

    client.post(
        times_path(person.pk),
        {**opened(person), "digests": "on", "digest_hour": "9", "timezone": "UTC", "digests_always": ""},
    )

    person.refresh_from_db()
    assert (person.timezone, person.digests_always, person.digest_hour) == ("Europe/London", True, 9)


def test_times_without_the_tick_stop_the_digests(person, client):
    response = client.post(times_path(person.pk), {**opened(person), "digest_weekday": "2"}, follow=True)

    assert not wants_digests(person)
    assert "Saved with the tick below, it comes again." in text_of(response)


def test_times_that_there_are_not_are_refused_beside_their_field(person, client):
    response = client.post(
        times_path(person.pk), {**opened(person), "digests": "on", "digest_weekday": "8", "digest_hour": "24"}
    )

    assert response.status_code == 422
    assert "Choose a day from Monday to Sunday." in text_of(response)
    assert "Choose an hour from 0:00 to 23:00." in text_of(response)
    assert not LogEntry.objects.exists()


def test_times_are_checked_for_where_the_form_comes_from(person, stranger):
    assert stranger.post(times_path(person.pk), {"digests": ""}).status_code == 403

    assert wants_digests(person)


@pytest.mark.parametrize(("path", "queries"), [(unsubscribe_path, 1), (times_path, 4)])
def test_pages_ask_so_many_queries(person, client, path, queries):
    with CaptureQueriesContext(connection) as asked:
        client.get(path(person.pk))

    assert len(asked) == queries


def test_stopped_digests_are_offered_with_the_tick(person, client):
    stop_digests(person, actor=person, at=NOW)

    assert value_of(client.get(times_path(person.pk)), "digests") == "on"


def test_mails_about_turns_are_stopped_by_their_own_address_and_undone(person, stranger):
    address = stop_turn_mails_path(person.pk)
    assert "Stop the mails about conversations? They go to a…@example.com" in text_of(stranger.get(address))
    assert "The mails about conversations are stopped" in text_of(stranger.post(address, ONE_CLICK))
    person.refresh_from_db()
    assert (person.turn_mails, person.digests) == (False, True)
    assert "You are told again when it is your turn." in text_of(stranger.post(address, {"again": "yes"}, follow=True))
    person.refresh_from_db()
    assert person.turn_mails
    actions = list(LogEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["person.turn_mails_stopped", "person.turn_mails_started"]


def test_an_address_of_digests_does_not_stop_mails_about_turns(person, client):
    token = unsubscribe_path(person.pk).split("/")[3]
    assert client.post(reverse("turn_mails_stop", args=[token]), ONE_CLICK).status_code == 404
