"""Starting, pausing and watching the digests."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.selectors.digests import audience, digest_settings, progress_of_weeks, waiting_digests
from digest.services.running import note_preview, pause_digest, resume_digest, set_digest_times, start_digest
from digest.upcoming import first_due
from lib.forms.pages import UNDO
from lib.services.errors import RefusedError, StaleError
from teams.enums import TeamRole
from teams.models import LogEntry, Person
from teams.selectors.company import company
from tests import factories as make
from tests.factories import NOW
from tests.firm import build_firm
from tests.html import fields_of, form_to, links_of, page_text, parsed, source_of, text_of, undo_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

QUERIES = 8  # session and user included
MONDAY = dt.date(2026, 3, 16)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PAGE = "/digests/administration/"
ALL_AGAIN = "/digests/administration/failed/"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def admin(db):
    return make.AdminFactory(name="Ada Admin")


@pytest.fixture
def client(admin):
    return signed_in(admin)


def started(**values) -> DigestSettings:
    DigestSettings.objects.update(previewed_at=NOW, started_at=NOW - 30 * DAY, **values)
    return digest_settings()


def drawn() -> dict[str, int]:
    return {"version": digest_settings().version}


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def actions() -> list[str]:
    return list(LogEntry.objects.filter(action__startswith="digest.").order_by("id").values_list("action", flat=True))


def digest(state=DigestState.DUE, **values) -> Digest:
    given = {"state": state, "due_at": NOW - HOUR, "ends_at": NOW + 6 * DAY} | values
    if state == DigestState.SENT:
        given["sent_at"] = NOW
    return make.DigestFactory(**given)


# What the services do


def test_preview_is_noted_once_and_counts_no_version(admin):
    note_preview(actor=admin, at=NOW)
    row = note_preview(actor=admin, at=NOW + HOUR)

    assert (row.previewed_at, row.version) == (NOW, 1)
    assert actions() == ["digest.previewed"]


def test_start_waits_for_a_preview(admin):
    with pytest.raises(RefusedError, match="Preview a digest"):
        start_digest(actor=admin, at=NOW, version=1)

    note_preview(actor=admin, at=NOW)
    row = start_digest(actor=admin, at=NOW, version=1)

    assert (row.started_at, row.planned_to, row.is_running) == (NOW, None, True)
    assert actions() == ["digest.previewed", "digest.started"]


def test_start_is_refused_a_second_time_and_on_a_stale_form(admin):
    note_preview(actor=admin, at=NOW)
    row = start_digest(actor=admin, at=NOW, version=1)

    with pytest.raises(StaleError):
        start_digest(actor=admin, at=NOW, version=1)
    with pytest.raises(RefusedError, match="already"):
        start_digest(actor=admin, at=NOW, version=row.version)


def test_pause_and_resume_are_noted_once_each(admin):
    started()
    for _time in range(2):
        assert pause_digest(actor=admin, at=NOW).paused_at == NOW
    for _time in range(2):
        assert resume_digest(actor=admin, at=NOW).paused_at is None

    assert actions() == ["digest.paused", "digest.resumed"]


@pytest.mark.parametrize("service", [pause_digest, resume_digest])
def test_pause_and_resume_are_refused_before_the_start(admin, service):
    with pytest.raises(RefusedError, match="not been started"):
        service(actor=admin, at=NOW)


def test_other_times_drop_what_is_planned_and_keep_what_was_sent(admin):
    row = started()
    digest()
    kept = digest(DigestState.SENT)

    after = set_digest_times(actor=admin, at=NOW, version=row.version, weekday=2, hour=9)

    assert (after.weekday, after.hour) == (2, 9)
    assert list(Digest.objects.all()) == [kept]
    assert LogEntry.objects.get(action="digest.times_set").changes == {"weekday": [1, 2], "hour": [8, 9]}


def test_same_times_change_nothing(admin):
    row = started()
    digest()

    assert set_digest_times(actor=admin, at=NOW, version=row.version, weekday=1, hour=8).version == row.version
    assert Digest.objects.count() == 1
    assert actions() == []


def test_other_times_of_a_stale_form_are_refused(admin):
    with pytest.raises(StaleError):
        set_digest_times(actor=admin, at=NOW, version=9, weekday=2, hour=9)


# What the selectors count


def test_progress_counts_each_state(admin):
    for state in DigestState:
        digest(state)
    digest(DigestState.BUILT, attempts=1)
    digest(DigestState.MISSED, week=MONDAY - 7 * DAY)
    digest(DigestState.MISSED, week=MONDAY - 9 * 7 * DAY)

    this, last = progress_of_weeks(MONDAY)

    assert (this.due, this.built, this.sent, this.nothing, this.failed, this.missed) == (1, 2, 1, 1, 1, 1)
    assert (this.retrying, this.waiting, this.total) == (1, 3, 7)
    assert (last.week, last.total, last.missed) == (MONDAY - 7 * DAY, 1, 1)


def test_waiting_digests_are_those_past_their_moment_in_a_week_that_goes_on():
    digest()
    digest(DigestState.BUILT)
    digest(DigestState.SENT)
    digest(due_at=NOW + HOUR)
    digest(due_at=NOW - 9 * DAY, ends_at=NOW - DAY)

    assert waiting_digests(NOW) == 2


def test_audience_is_everybody_who_has_joined_and_wants_digests():
    make.PersonFactory()
    make.PersonFactory(timezone="Asia/Tokyo", digest_weekday=3, digest_hour=0)
    make.PersonFactory(is_active=False)
    make.PersonFactory(digests=False)
    make.PersonFactory(refused_at=NOW)
    make.PersonFactory(refused_at=NOW, digests=False)
    make.PersonFactory(imported=True)

    people = audience()

    assert people.by_times == {("", None, None): 1, ("Asia/Tokyo", 3, 0): 1}
    assert (people.people, people.not_joined, people.switched_off, people.refused) == (2, 1, 2, 1)
    # Wednesday 18 March 0:00 in Tokyo comes before Monday 23 March 8:00 in UTC.
    first = first_due(people.by_times, digest_settings(), company(), NOW)
    assert first == (dt.datetime(2026, 3, 17, 15, tzinfo=dt.UTC), "Asia/Tokyo")


def test_first_digest_of_nobody_is_none(db):
    assert first_due([], digest_settings(), company(), NOW) is None


# What the pages do


def test_administrator_previews_reads_what_will_happen_and_starts(client, admin):
    build_firm()
    assert "They are off" in page_text(client.get(PAGE))
    assert client.get(reverse("digest_start")).url == reverse("digest_preview")

    assert "It reads well" in page_text(client.get(reverse("digest_preview")))
    assert digest_settings().previewed_at is None
    assert client.post(reverse("digest_preview"), {"version": 1}).url == reverse("digest_start")
    assert reverse("digest_start") in links_of(client.get(PAGE))

    page = page_text(client.get(reverse("digest_start")))
    assert "3 people get a digest once a week, the first on Monday 23 March at 8:00 (UTC)." in page
    assert "Have not accepted their invitation" in page
    response = client.post(reverse("digest_start"), {"version": 1})
    assert response.url == PAGE
    assert told(response) == ["The digests are started."]
    assert "They are running" in page_text(client.get(PAGE))
    assert client.get(reverse("digest_start")).url == PAGE
    assert "It reads well" not in page_text(client.get(reverse("digest_preview")))


def test_start_without_anybody_to_write_to_says_so(client, admin):
    DigestSettings.objects.update(previewed_at=NOW)
    Person.objects.update(digests=False)

    assert "Nobody would get a digest yet" in page_text(client.get(reverse("digest_start")))


def test_start_before_a_preview_is_refused_and_says_where_to_look(client):
    response = client.post(reverse("digest_start"), {"version": 1})

    assert response.status_code == 422
    assert "Preview a digest" in text_of(response)


def test_stale_start_is_refused(client):
    DigestSettings.objects.update(previewed_at=NOW)

    response = client.post(reverse("digest_start"), {"version": 7})

    assert response.status_code == 422
    assert digest_settings().started_at is None


def test_administrator_pauses_and_resumes(client):
    started()
    digest()

    assert "paused" in told(client.post(reverse("digest_pause"), drawn()))[0]
    page = client.get(PAGE)
    assert "They are paused" in page_text(page)
    assert reverse("digest_resume") in links_of(page)
    assert "1 digest that has waited goes out at once." in page_text(client.get(reverse("digest_resume")))
    assert client.post(reverse("digest_resume"), drawn()).url == PAGE
    assert digest_settings().is_running


def test_weeks_are_counted_by_what_became_of_their_digests(client):
    started()
    counts = {"Digests": 0, "Sent": 4, "Nothing new": 1, "Failed": 3, "Missed": 2}
    for state, count in zip(("sent", "nothing", "failed", "missed"), [*counts.values()][1:], strict=True):
        for _ in range(count):
            digest(DigestState(state), week=MONDAY - 7 * DAY)

    cells = parsed(client.get(PAGE)).select("td[data-label]")
    told = {str(cell["data-label"]): cell.text for cell in cells}
    assert {name: told[name] for name in counts} == {name: str(count or 10) for name, count in counts.items()}


def test_resuming_without_digests_that_wait_says_so(client):
    started(paused_at=NOW)

    assert "none goes out at once" in page_text(client.get(reverse("digest_resume")))


def test_company_times_are_saved(client):
    row = started()

    response = client.post(reverse("digest_times_of_company"), {"version": row.version, "weekday": "5", "hour": "17"})

    assert told(response) == ["The digests leave on Fridays at 17:00."]
    assert (digest_settings().weekday, digest_settings().hour) == (5, 17)


def undo_times(client) -> str:
    """Saves other times; the address of the message's Undo."""
    client.post(
        reverse("digest_times_of_company"), {"version": digest_settings().version, "weekday": "5", "hour": "17"}
    )
    return undo_of(client.get(PAGE))


def test_company_times_are_undone_as_they_were(client):
    started(weekday=3, hour=7)
    undo = undo_times(client)

    assert told(client.post(undo)) == ["The digests leave on Wednesdays at 7:00 again."]
    assert (digest_settings().weekday, digest_settings().hour) == (3, 7)


def test_company_times_that_were_changed_since_are_not_undone(client):
    started(weekday=3, hour=7)
    undo = undo_times(client)
    DigestSettings.objects.update(hour=18)

    client.post(undo)

    assert (digest_settings().weekday, digest_settings().hour) == (5, 18)


def test_company_times_saved_as_they_were_offer_no_undo(client):
    row = started(weekday=3, hour=7)

    response = client.post(reverse("digest_times_of_company"), {"version": row.version, "weekday": "3", "hour": "7"})

    [message] = get_messages(response.wsgi_request)
    assert not (message.extra_tags or "").startswith(UNDO)


@pytest.mark.parametrize("query", ["", "?version=x&weekday=1&hour=8", "?version=1&weekday=8&hour=8"])
def test_undo_of_nonsense_leaves_company_times(client, query):
    started(weekday=3, hour=7)

    client.post(reverse("digest_times_undo") + query)

    assert (digest_settings().weekday, digest_settings().hour) == (3, 7)


def test_stale_company_times_show_both(client):
    started(weekday=3)

    response = client.post(reverse("digest_times_of_company"), {"version": 1, "weekday": "5", "hour": "8"})

    assert response.status_code == 409
    assert "Wednesday" in text_of(response)
    assert digest_settings().weekday == 3


@pytest.mark.parametrize("values", [{"weekday": "8", "hour": "9"}, {"weekday": "1", "hour": "24"}, {"weekday": "x"}])
def test_bad_company_times_change_nothing(client, values):
    assert client.post(reverse("digest_times_of_company"), {"version": 1, **values}).status_code == 422
    assert digest_settings().version == 1


def test_progress_looks_again_by_itself_only_while_work_goes_on(client):
    started()
    digest(DigestState.SENT)
    assert not parsed(client.get(PAGE)).select("[hx-trigger]")
    digest()
    assert parsed(client.get(PAGE)).select("#progress[hx-trigger='every 5s']")
    DigestSettings.objects.update(paused_at=NOW)
    assert not parsed(client.get(PAGE)).select("[hx-trigger]")


def test_weeks_before_are_apart(client):
    started()
    digest()
    digest(DigestState.MISSED, week=MONDAY - 7 * DAY)

    response = client.get(PAGE)

    assert [(row.name, row.when) for row in response.context["current"]] == [("Week 12 of 2026", "this week")]
    assert [row.name for row in response.context["before"]] == ["Week 11 of 2026"]


def test_failed_digest_is_sent_again(client):
    started()
    failed = digest(DigestState.FAILED, problem="552 too large")
    assert "552 too large" in page_text(client.get(PAGE))

    button = fields_of(form_to(client.get(PAGE), reverse("digest_resend", args=[failed.pk])))
    response = client.post(reverse("digest_resend", args=[failed.pk]), button)

    assert "sent again" in told(response)[0]
    assert Digest.objects.get().state == DigestState.DUE


def test_failed_digest_of_a_week_that_is_over_stays(client):
    started()
    failed = digest(DigestState.FAILED, week=MONDAY - 7 * DAY, due_at=NOW - 8 * DAY, ends_at=NOW - DAY)
    assert reverse("digest_resend", args=[failed.pk]) not in source_of(client.get(PAGE))

    assert "over" in told(client.post(reverse("digest_resend", args=[failed.pk]), {"version": 1}))[0]
    assert Digest.objects.get().state == DigestState.FAILED


def test_failed_digest_to_an_address_that_is_refused_waits_until_that_is_allowed(client):
    started()
    failed = digest(DigestState.FAILED, person__refused_at=NOW)
    assert reverse("digest_resend", args=[failed.pk]) not in source_of(client.get(PAGE))

    client.post(reverse("digest_address", args=[failed.person_id]), {"version": failed.person.version})
    assert reverse("digest_resend", args=[failed.pk]) in source_of(client.get(PAGE))


def test_all_failed_digests_are_sent_again_at_once(client):
    started()
    digest(DigestState.FAILED)
    assert "Send all again" not in page_text(client.get(PAGE))
    digest(DigestState.FAILED)
    assert "Send all again" in page_text(client.get(PAGE))

    button = fields_of(form_to(client.get(PAGE), ALL_AGAIN))
    assert told(client.post(ALL_AGAIN, button)) == ["2 digests are written anew and sent again."]
    assert "None is left" in told(client.post(ALL_AGAIN, button))[-1]


def test_digest_that_failed_once_more_since_is_not_sent_again_by_the_button_of_before(client):
    started()
    failed = digest(DigestState.FAILED)
    button = fields_of(form_to(client.get(PAGE), reverse("digest_resend", args=[failed.pk])))
    client.post(reverse("digest_resend", args=[failed.pk]), button)
    Digest.objects.update(state=DigestState.FAILED, problem="550 nobody here")

    response = client.post(reverse("digest_resend", args=[failed.pk]), button)

    assert "It has changed since this page was drawn" in told(response)[-1]
    assert Digest.objects.get().state == DigestState.FAILED
    assert client.post(reverse("digest_resend", args=[failed.pk])).status_code == 400


def test_button_for_all_that_failed_sends_none_that_failed_since(client):
    started()
    digest(DigestState.FAILED)
    digest(DigestState.FAILED)
    button = fields_of(form_to(client.get(PAGE), ALL_AGAIN))
    digest(DigestState.FAILED)

    assert "It has changed since this page was drawn" in told(client.post(ALL_AGAIN, button))[0]
    assert set(Digest.objects.values_list("state", flat=True)) == {DigestState.FAILED}
    assert client.post(ALL_AGAIN).status_code == 400


def test_refused_address_is_shown_with_the_servers_words_and_tried_again(client):
    person = make.PersonFactory(name="Gone", refused_at=NOW, refusal="550 no such mailbox")
    page = page_text(client.get(PAGE))
    assert "Gone" in page
    assert "550 no such mailbox" in page

    client.post(reverse("digest_address", args=[person.pk]), {"version": person.version})

    assert Person.objects.get(pk=person.pk).refused_at is None
    assert "550 no such mailbox" not in source_of(client.get(PAGE))


def test_people_page_marks_a_refused_address_for_administrators_alone(client):
    person = make.PersonFactory(refused_at=NOW, refusal="550")
    mark = "refused by a mail server"

    assert mark in page_text(client.get(reverse("person_list")))
    assert mark not in source_of(signed_in(person).get(reverse("person_list")))


def test_administration_asks_as_much_whatever_there_is(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    started()
    client.get(PAGE)
    assert queries() == QUERIES
    for _number in range(3):
        digest(DigestState.FAILED, person=make.PersonFactory(refused_at=NOW))
    assert queries() == QUERIES


@pytest.fixture
def lead():
    firm = build_firm()
    person = make.PersonFactory(name="Lena Lead")
    make.MembershipFactory(team=firm.search, person=person, role=TeamRole.LEAD)
    return person


def preview(client, **asked):
    return client.get(reverse("digest_preview"), asked)


def test_preview_is_of_the_first_by_name_who_has_the_part(client, lead):
    assert preview(client).context["person"].name == "Ada Admin"
    assert preview(client, **{"as": "lead"}).context["person"] == lead
    assert preview(client, **{"as": "member"}).context["person"].name == "Mia Member"
    assert preview(client, **{"as": "nonsense"}).context["person"].name == "Ada Admin"


def test_preview_finds_a_person_by_id_name_or_address(client, lead):
    make.MembershipFactory(person__name="Anna", role=TeamRole.LEAD)

    for asked in (str(lead.pk), "Lena", lead.email, f"Lena Lead <{lead.email}>"):
        assert preview(client, **{"as": "lead", "person": asked}).context["person"] == lead


def test_preview_says_where_somebody_has_not_the_part(client, lead):
    page = page_text(preview(client, **{"as": "leader", "person": str(lead.pk)}))

    assert "Lena Lead is no leader or administrator." in page
    assert "It reads well" not in page


@pytest.mark.parametrize("asked", ["nobody of this name", "9" * 30, "99999"])
def test_preview_of_nobody_says_so(client, lead, asked):
    page = page_text(preview(client, **{"as": "lead", "person": asked}))

    assert "Nobody active here has this name or address" in page


@pytest.mark.parametrize("asked", ["\0", "9" * 5000])
def test_preview_of_what_cannot_be_a_name_is_a_page(client, lead, asked):
    assert preview(client, **{"as": "lead", "person": asked}).status_code == 200


def test_preview_says_where_nobody_has_the_part(client):
    assert "Nobody who has joined leads a team yet." in page_text(preview(client, **{"as": "lead"}))


def test_preview_writes_nothing_when_it_is_looked_at(client, lead):
    preview(client, **{"as": "lead"})

    assert (Digest.objects.count(), actions(), digest_settings().previewed_at) == (0, [], None)


def test_preview_leaves_out_who_has_not_joined(client):
    make.MembershipFactory(person=make.PersonFactory(imported=True), role=TeamRole.LEAD)

    assert preview(client, **{"as": "lead"}).context["person"] is None
