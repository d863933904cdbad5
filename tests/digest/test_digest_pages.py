"""One's own digests: the archive, one of them, and the next."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.selectors.digests import digest_settings
from digest.upcoming import WhyNot, draft, next_digest
from teams.models import Company, Person
from teams.selectors.company import company
from tests import factories as make
from tests.digest.digests import DIGESTS
from tests.factories import NOW
from tests.firm import build_firm
from tests.html import links_of, page_text, source_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

QUERIES = 6  # session and user included
MONDAY, NEXT_MONDAY = dt.date(2026, 3, 16), dt.date(2026, 3, 23)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def today(time_machine):
    """Monday 16 March 2026, an hour after digests are due."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def person(db):
    return make.PersonFactory(name="Mia", joined_at=NOW - 30 * DAY, timezone="Europe/Berlin")


def started(at=NOW - 10 * DAY, **values) -> DigestSettings:
    DigestSettings.objects.update(previewed_at=at, started_at=at, **values)
    return digest_settings()


def sent(person, weeks_ago=0, **values) -> Digest:
    at = NOW - weeks_ago * 7 * DAY
    week = MONDAY - weeks_ago * 7 * DAY
    given = {"state": DigestState.SENT, "sent_at": at, "subject": f"News {weeks_ago}"} | values
    content = DIGESTS["member"].to_json()
    return make.DigestFactory(
        person=person, week=week, due_at=at - HOUR, ends_at=at + 6 * DAY, content=content, **given
    )


def queries_of(person, url) -> int:
    client = signed_in(person)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(url)
    return len(asked)


def coming(person: Person):
    return next_digest(person, digest_settings(), company(), NOW)


def test_next_digest_of_somebody_who_had_none_this_week_goes_at_once(person):
    started()

    digest = coming(person)

    # 8:00 in Berlin was 7:00 UTC, two hours ago.
    assert (digest.week, digest.due, digest.why_not) == (MONDAY, NOW - 2 * HOUR, None)


def test_next_digest_after_this_weeks_is_next_weeks(person):
    started()
    sent(person)

    assert (coming(person).week, coming(person).due) == (NEXT_MONDAY, NOW - 2 * HOUR + 7 * DAY)


def test_next_digest_is_the_planned_one_at_its_own_moment(person):
    started()
    make.DigestFactory(person=person, week=MONDAY, due_at=NOW + HOUR, ends_at=NOW + 6 * DAY)

    assert (coming(person).week, coming(person).due) == (MONDAY, NOW + HOUR)


@pytest.mark.parametrize("since", ["started", "joined", "digests"])
def test_next_digest_is_none_of_a_moment_before_they_were_to_get_any(person, since):
    started(NOW - HOUR if since == "started" else NOW - 10 * DAY)
    person.joined_at = NOW - HOUR if since == "joined" else person.joined_at
    person.digests_since = NOW - HOUR if since == "digests" else None

    assert coming(person).week == NEXT_MONDAY


def test_next_digest_says_why_there_is_none(person):
    assert coming(person).why_not is WhyNot.NOT_STARTED
    started(paused_at=NOW)
    assert coming(person).why_not is WhyNot.PAUSED
    person.digests = False
    assert coming(person).why_not is WhyNot.OFF
    person.refused_at = NOW
    assert coming(person).why_not is WhyNot.REFUSED


def test_draft_holds_quiet_lines_and_leaves_the_person_as_they_are(person):
    firm = build_firm()

    drafted = draft(firm.leader, coming(firm.leader), NOW)

    assert not drafted.content.is_empty
    assert not firm.leader.digests_always


def test_archive_has_each_week_newest_first_in_the_readers_zone(person):
    started()
    sent(person, 1)
    sent(person)
    sent(make.PersonFactory(), subject="Somebody else's")

    response = signed_in(person).get(reverse("digest_list"))
    page = page_text(response)

    assert page.index("News 0") < page.index("News 1")
    assert "16 Mar 2026, 10:00" in page
    assert "The next one comes on Monday 23 March at 8:00 (Europe/Berlin)." in page
    assert "Somebody else" not in source_of(response)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DigestState.NOTHING, "Nothing new, so no digest"),
        (DigestState.FAILED, "The mail server did not take it"),
        (DigestState.MISSED, "Could not be sent within its week"),
    ],
)
def test_archive_says_why_a_week_has_no_digest(person, state, words):
    sent(person, state=state, sent_at=None, subject="")

    assert words in page_text(signed_in(person).get(reverse("digest_list")))


def test_archive_without_digests_teaches_and_leads_to_the_preview(person):
    response = signed_in(person).get(reverse("digest_list"))
    page = page_text(response)

    assert "kept here, week by week" in page
    assert links_of(response).count(reverse("digest_next")) == 1
    assert reverse("digest_administration") not in source_of(response)
    assert "An administrator has not started the digests yet. Yours will come on Mondays at 8:00" in page


def test_archive_leads_administrators_to_the_administration():
    assert reverse("digest_administration") in links_of(signed_in(make.AdminFactory()).get(reverse("digest_list")))


def test_archive_shows_fifty_and_leads_to_the_rest(person):
    for weeks_ago in range(51):
        sent(person, weeks_ago)
    client = signed_in(person)

    first = client.get(reverse("digest_list"))
    following = client.get(reverse("digest_list") + first.context["page"].next_url)

    assert len(first.context["past"]) == 50
    assert [each.subject for each in following.context["past"]] == ["News 50"]


def test_archive_asks_as_much_for_many_digests_as_for_one(person):
    sent(person)
    assert queries_of(person, reverse("digest_list")) == QUERIES
    for weeks_ago in range(1, 20):
        sent(person, weeks_ago)
    assert queries_of(person, reverse("digest_list")) == QUERIES


def test_digest_shows_what_was_sent(person):
    sent(person)

    page = page_text(signed_in(person).get(reverse("digest_detail", args=["2026-W12"])))

    assert "Week 12 of 2026" in page
    assert "Sent to you on Monday 16 March at 10:00 (Europe/Berlin)." in page
    assert "Published this week" in page
    assert queries_of(person, reverse("digest_detail", args=["2026-W12"])) == 3


@pytest.mark.parametrize("week", ["2026-W11", "2026-W99", "2026-W1", "last", "2026-12"])
def test_digest_of_a_week_without_one_is_not_found(person, week):
    sent(person)

    assert signed_in(person).get(f"/digests/{week}/").status_code == 404


@pytest.mark.parametrize("state", [DigestState.DUE, DigestState.BUILT, DigestState.FAILED, DigestState.MISSED])
def test_digest_that_has_not_left_is_not_in_the_archive(person, state):
    sent(person, state=state, sent_at=None)
    client = signed_in(person)

    assert client.get("/digests/2026-W12/").status_code == 404
    assert "News 0" not in source_of(client.get(reverse("digest_list")))


def test_digest_of_somebody_else_is_not_found(person):
    sent(person)

    assert signed_in(make.AdminFactory()).get("/digests/2026-W12/").status_code == 404


def test_preview_of_nothing_says_that_no_digest_comes(person):
    started()

    page = page_text(signed_in(person).get(reverse("digest_next")))

    assert "Nothing new this week, so no digest." in page
    assert "on its way" in page


def test_preview_shows_what_would_be_said_now():
    firm = build_firm()
    started()

    page = page_text(signed_in(firm.leader).get(reverse("digest_next")))

    assert "The company" in page
    assert not Digest.objects.exists()


def test_preview_asks_as_much_whatever_there_is():
    firm = build_firm()
    before = queries_of(firm.leader, reverse("digest_next"))
    for _number in range(5):
        make.LinkFactory(goal=firm.growth)
    firm.compute()

    assert queries_of(firm.leader, reverse("digest_next")) == before


def test_times_are_in_the_companys_zone_where_nobody_chose_one(person):
    Company.objects.update(timezone="Asia/Tokyo")
    Person.objects.update(timezone="")

    page = page_text(signed_in(Person.objects.get(pk=person.pk)).get(reverse("digest_list")))

    assert "(Asia/Tokyo)" in page
