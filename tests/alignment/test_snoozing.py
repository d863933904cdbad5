"""Flags that wait: put off until a day with a reason, back by themselves, and the same number everywhere."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.flags import Findings, flag_counts
from alignment.services.flags import snooze_flag, wake_flag
from lib.services.errors import RefusedError
from strategy.enums import Visibility
from strategy.models import Goal
from teams.enums import TeamRole
from teams.models import Company, LogEntry
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET
from tests.html import fields_of, form_to, links_named, links_of, page_text, source_of, texts_of, value_of
from tests.strategy.conftest import signed_in

WEEK = dt.timedelta(days=7)
REASON = "After the launch."


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def lead(firm):
    person = make.PersonFactory(name="Lena Lead")
    make.MembershipFactory(team=firm.product, person=person, role=TeamRole.LEAD)
    return person


def flag_of(firm, code, **subject):
    return Flag.objects.open().get(code=code, **subject)


@pytest.fixture
def orphan(firm):
    return flag_of(firm, FlagCode.ORPHAN)


def snooze(flag, actor, until=DAY + WEEK, reason=REASON):
    return snooze_flag(flag, actor=actor, at=NOW, until=until, reason=reason)


# Services


def test_snooze_that_somebody_else_changed_meanwhile_is_not_overwritten(firm, lead, orphan):
    client, address = signed_in(lead), reverse("flag_snooze", args=[orphan.pk])
    form = fields_of(form_to(client.get(address), ""))
    snooze(orphan, make.LeaderFactory(), reason="The plan is being written.")

    stale = client.post(address, form | {"reason": "Mine."})

    orphan.refresh_from_db()
    assert "The plan is being written." in page_text(stale, 409)
    assert orphan.snooze_reason == "The plan is being written."
    client.post(address, fields_of(form_to(stale, "")))
    orphan.refresh_from_db()
    assert orphan.snooze_reason == "Mine."


def test_snooze_without_the_version_that_was_on_view_is_refused(firm, lead, orphan):
    response = signed_in(lead).post(
        reverse("flag_snooze", args=[orphan.pk]), {"until": str(DAY + WEEK), "reason": REASON}
    )

    orphan.refresh_from_db()
    assert response.status_code == 422
    assert orphan.snoozed_until is None


def test_snoozing_is_kept_with_its_reason_and_logged(firm, lead, orphan):
    snooze(orphan, lead, reason=f"  {REASON} ")

    orphan.refresh_from_db()
    assert (orphan.snoozed_until, orphan.snooze_reason, orphan.snoozed_by) == (DAY + WEEK, REASON, lead)
    entry = LogEntry.objects.get(action="flag.snoozed")
    assert (entry.actor, entry.subject_id, entry.at) == (lead, orphan.pk, NOW)
    assert entry.note == {"code": "orphan"}
    assert entry in LogEntry.objects.about("initiative", orphan.initiative_id)
    assert entry.changes == {
        "snoozed_until": [None, "2026-03-23"],
        "snooze_reason": ["", REASON],
        "snoozed_by": [None, lead.pk],
    }


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_snoozing_until_a_day_that_will_not_do_is_refused(orphan, lead, days):
    with pytest.raises(ValidationError) as wrong:
        snooze(orphan, lead, until=DAY + dt.timedelta(days=days))
    assert wrong.value.message_dict == {"until": ["Give a day after today, at most a year ahead."]}


@pytest.mark.parametrize("days", [1, 365])
def test_snoozing_reaches_from_tomorrow_to_a_year(orphan, lead, days):
    assert snooze(orphan, lead, until=DAY + dt.timedelta(days=days)).snoozed_until == DAY + dt.timedelta(days=days)


def test_snoozing_goes_by_the_company_day(orphan, lead):
    """NOW is still the evening of the 15th in Honolulu, and later on the 16th in Auckland."""
    Company.objects.update(timezone="Pacific/Honolulu")
    assert snooze(orphan, lead, until=DAY).snoozed_until == DAY
    Company.objects.update(timezone="Pacific/Auckland")
    with pytest.raises(ValidationError):
        snooze(orphan, lead, until=DAY)


def test_snoozing_needs_a_reason(orphan, lead):
    with pytest.raises(ValidationError) as wrong:
        snooze(orphan, lead, reason="  ")
    assert wrong.value.message_dict == {"reason": ["Say why it can wait."]}
    assert not LogEntry.objects.filter(action="flag.snoozed").exists()


def test_resolved_flag_is_neither_snoozed_nor_woken(orphan, lead):
    Flag.objects.filter(pk=orphan.pk).update(resolved_on=DAY)
    for attempt in (lambda: snooze(orphan, lead), lambda: wake_flag(orphan, actor=lead, at=NOW)):
        with pytest.raises(RefusedError, match="resolved"):
            attempt()


def test_waking_clears_everything_and_does_nothing_twice(orphan, lead):
    snooze(orphan, lead)
    wake_flag(orphan, actor=lead, at=NOW)
    wake_flag(orphan, actor=lead, at=NOW)

    orphan.refresh_from_db()
    assert (orphan.snoozed_until, orphan.snooze_reason, orphan.snoozed_by) == (None, "", None)
    assert LogEntry.objects.filter(action="flag.woken").count() == 1


def test_waking_a_flag_that_was_snoozed_twice_asks_it_again_at_once(orphan, lead):
    snooze(orphan, lead)
    snooze(orphan, lead, until=DAY + 2 * WEEK)

    assert wake_flag(orphan, actor=lead, at=NOW).snoozed_until is None


def test_snoozing_a_snoozed_flag_sets_everything_anew(firm, lead, orphan):
    snooze(orphan, lead)
    snooze(orphan, firm.leader, until=DAY + 2 * WEEK, reason="Or later.")

    orphan.refresh_from_db()
    assert (orphan.snoozed_until, orphan.snooze_reason, orphan.snoozed_by) == (DAY + 2 * WEEK, "Or later.", firm.leader)


@pytest.mark.parametrize(("subject", "code"), [("goal", "unmeasured"), ("team", "stance_expired")])
def test_waking_is_logged_with_what_it_was_about_and_until_when(firm, lead, subject, code):
    of = {"goal": firm.growth, "team": firm.ops}[subject]
    flag = flag_of(firm, code, **{subject: of})
    snooze(flag, firm.leader)

    wake_flag(flag, actor=firm.leader, at=NOW, until=DAY + WEEK)

    entry = LogEntry.objects.get(action="flag.woken")
    assert (entry.actor, entry.subject_id, entry.at) == (firm.leader, flag.pk, NOW)
    assert entry.note == {"code": code}
    assert entry.changes["snoozed_until"] == ["2026-03-23", None]
    assert entry in LogEntry.objects.about(subject, of.pk)


def test_flag_snoozed_until_another_day_stays_asleep(orphan, lead):
    snooze(orphan, lead)

    with pytest.raises(RefusedError, match="until 23 March 2026"):
        wake_flag(orphan, actor=lead, at=NOW, until=DAY)
    orphan.refresh_from_db()
    assert orphan.snoozed_until == DAY + WEEK


def test_flag_that_still_holds_comes_back_by_itself_on_its_day(firm, orphan, lead):
    snooze(orphan, lead)

    for day, awake in ((DAY, False), (DAY + WEEK - dt.timedelta(days=1), False), (DAY + WEEK, True)):
        recompute_alignment(as_of=day, at=dt.datetime.combine(day, dt.time(9), dt.UTC))
        assert Flag.objects.awake(day).filter(pk=orphan.pk).exists() is awake
        assert Flag.objects.snoozed(day).filter(pk=orphan.pk).exists() is not awake
    orphan.refresh_from_db()
    assert orphan.first_seen == DAY


def test_flag_that_is_resolved_for_a_moment_comes_back_as_it_was(firm, orphan, lead):
    snooze(orphan, lead)
    link = make.LinkFactory(initiative=orphan.initiative, goal=firm.growth)
    recompute_alignment(as_of=DAY, at=NOW)
    assert not Flag.objects.open().filter(code=FlagCode.ORPHAN, initiative=orphan.initiative).exists()
    link.delete()
    recompute_alignment(as_of=DAY, at=NOW)
    again = Flag.objects.snoozed(DAY).get(code=FlagCode.ORPHAN, initiative=orphan.initiative)
    assert again.pk == orphan.pk


# Everywhere the same


def test_counts_leave_the_snoozed_out_and_say_how_many(firm, orphan, lead, django_assert_num_queries):
    snooze(orphan, lead)
    with django_assert_num_queries(1):
        counts = flag_counts(FlagCode, Findings(on=DAY), firm.leader, snoozed_of=FlagCode)
    assert (counts.by_code.get(FlagCode.ORPHAN), counts.snoozed) == (None, 1)
    later = flag_counts(FlagCode, Findings(on=DAY + WEEK), firm.leader, snoozed_of=FlagCode)
    assert (later.by_code[FlagCode.ORPHAN], later.snoozed) == (1, 0)
    asleep = flag_counts(FlagCode, Findings(on=DAY, snoozed=True), firm.leader)
    assert asleep.by_code == {FlagCode.ORPHAN: 1}


def test_list_shows_the_snoozed_apart_with_day_reason_and_person(firm, orphan, lead, client):
    snooze(orphan, lead)
    client.force_login(lead)

    response = client.get("/flags/?code=orphan")
    assert "Loose" not in source_of(response)
    assert links_named(response, "1 snoozed") == ["?code=orphan&snoozed=yes"]
    response = client.get("/flags/?code=orphan&snoozed=yes")
    page = page_text(response)
    assert "Loose" in page
    assert "by Lena Lead: After the launch." in page
    assert "Ask it again now" in page
    assert "1 initiative" in texts_of(response, "p")
    assert links_named(client.get("/flags/"), "1 snoozed") == ["?snoozed=yes"]
    overview = client.get("/flags/?snoozed=yes")
    assert "Reaches nothing" in page_text(overview)
    assert links_named(overview, "Linked, and reaches nothing") == []


def test_question_is_answered_in_the_list_where_it_is_not_snoozed(orphan, lead, client):
    def answers(address: str) -> list[str]:
        return [each for each in links_of(client.get(address)) if f"/{orphan.initiative.key}/links/new/" in each]

    client.force_login(lead)
    assert answers("/flags/?code=orphan") != []
    snooze(orphan, lead)
    assert answers("/flags/?code=orphan&snoozed=yes") == []


def test_list_of_snoozed_housekeeping_has_rows(firm, lead, client):
    unsized = flag_of(firm, FlagCode.UNSIZED)
    snooze(unsized, lead)
    client.force_login(lead)

    [results] = texts_of(client.get("/flags/"), "#results")
    assert "is not sized" not in results
    assert REASON in page_text(client.get("/flags/?code=unsized&snoozed=yes"))


@pytest.mark.parametrize("query", ["?snoozed=yes", "?code=orphan&snoozed=yes", "?code=uncovered&snoozed=yes"])
def test_list_of_snoozed_without_any_says_so(firm, client, query):
    client.force_login(firm.member)

    [results] = texts_of(client.get(f"/flags/{query}"), "#results")
    assert "snoozed" in results


@pytest.mark.parametrize(
    ("code", "address"), [("orphan", "/initiatives/loose/"), ("disconnected", "/initiatives/lost/")]
)
def test_initiative_page_folds_what_is_snoozed(firm, lead, client, code, address):
    flag = flag_of(firm, code)
    client.force_login(lead)
    assert texts_of(client.get(address), ".flag__prompt")
    snooze(flag, lead)
    page = client.get(address)
    assert texts_of(page, ".flag__prompt") == []
    assert "1 snoozed" in texts_of(page, "summary")
    assert REASON in page_text(page)


def test_team_page_folds_its_own_and_counts_those_of_its_work(firm, lead, orphan, client):
    snooze(orphan, lead)
    snooze(flag_of(firm, FlagCode.UNDER_ALIGNED, team=firm.search), lead, reason="A new team.")
    client.force_login(lead)

    response = client.get("/teams/search/")
    page = page_text(response)
    assert "1 snoozed" in texts_of(response, "summary")
    assert "A new team." in page
    assert "1 flag about its work snoozed" in page
    assert "/flags/?team=search&snoozed=yes&subject=initiative" in links_of(response)


def test_goal_page_and_home_agree(firm, client):
    goal = make.GoalFactory(key="lonely", title="Lonely", strategy=firm.growth.strategy)
    firm.compute()
    flag = flag_of(firm, FlagCode.UNCOVERED, goal=goal)
    client.force_login(firm.leader)
    assert "Lonely" in page_text(client.get("/"))
    snooze(flag, firm.leader)

    response = client.get("/")
    home = source_of(response)
    [uncovered] = texts_of(home, "section[aria-labelledby=uncovered]")
    assert "Lonely" not in uncovered
    assert "has no work that reaches it" not in home
    assert links_named(response, "1 snoozed") == ["/flags/?code=uncovered&snoozed=yes"]
    assert "Every goal of a published strategy" not in home
    assert "confidential goal" not in home
    page = client.get("/goals/lonely/")
    assert "1 snoozed" in texts_of(page, "summary")
    assert REASON in page_text(page)


def test_initiative_list_leaves_the_snoozed_out_of_its_filter(firm, lead, orphan, client):
    client.force_login(lead)
    [results] = texts_of(client.get("/initiatives/?flag=orphan"), "#results")
    assert "Loose" in results
    snooze(orphan, lead)
    [results] = texts_of(client.get("/initiatives/?flag=orphan"), "#results")
    assert "Loose" not in results


# Pages


def test_snoozing_a_flag_goes_back_to_its_subject_and_can_be_undone(firm, lead, orphan, client):
    client.force_login(lead)
    address = reverse("flag_snooze", args=[orphan.pk])
    assert "Loose is linked to no goal" in page_text(client.get(address))
    response = client.post(address, {"until": "2026-04-01", "reason": REASON, "version": 1})

    assert (response.status_code, response.url) == (302, "/initiatives/loose/")
    message, undo = next(iter(get_messages(response.wsgi_request))), f"/flags/{orphan.pk}/waking/?until=2026-04-01"
    assert (str(message), message.extra_tags) == ("Snoozed until 1 Apr 2026.", f"undo {undo}")
    snooze(orphan, lead, until=dt.date(2026, 5, 1))
    assert "Somebody snoozed it until 1 May 2026" in page_text(client.post(undo, follow=True))
    snooze(orphan, lead, until=dt.date(2026, 4, 1))
    response = client.post(undo)
    assert (response.status_code, response.url) == (302, "/initiatives/loose/")
    orphan.refresh_from_db()
    assert (orphan.snoozed_until, orphan.snooze_reason, orphan.snoozed_by) == (dt.date(2026, 5, 1), REASON, lead)


def test_undoing_the_first_snooze_wakes_the_flag(firm, lead, orphan, client):
    client.force_login(lead)
    snooze(orphan, lead, until=dt.date(2026, 4, 1))

    client.post(f"/flags/{orphan.pk}/waking/?until=2026-04-01")

    orphan.refresh_from_db()
    assert (orphan.snoozed_until, orphan.snooze_reason, orphan.snoozed_by) == (None, "", None)


def test_snoozing_from_the_list_goes_back_to_the_list(lead, orphan, client):
    client.force_login(lead)
    response = client.post(
        f"/flags/{orphan.pk}/snooze/?from=list", {"until": "2026-04-01", "reason": REASON, "version": 1}
    )

    assert response.url == "/flags/?code=orphan"


@pytest.mark.parametrize(
    ("until", "reason", "sentence"),
    [
        ("2026-03-16", REASON, "Give a day after today, at most a year ahead."),
        ("soon", REASON, "Give a day, written like 2026-03-31."),
        ("", REASON, "Give the day on which to ask again."),
        ("2026-04-01", " ", "Say why it can wait."),
        ("2026-04-01", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_wrong_snooze_says_what_would_be_right_and_keeps_what_was_typed(lead, orphan, client, until, reason, sentence):
    client.force_login(lead)
    response = client.post(f"/flags/{orphan.pk}/snooze/", {"until": until, "reason": reason, "version": 1})

    assert sentence in page_text(response, 422)
    assert value_of(response, "until") == until
    assert value_of(response, "reason") == reason


def test_snoozing_a_resolved_flag_says_so(lead, orphan, client):
    Flag.objects.filter(pk=orphan.pk).update(resolved_on=DAY)
    client.force_login(lead)
    response = client.post(f"/flags/{orphan.pk}/snooze/", {"until": "2026-04-01", "reason": REASON, "version": 1})
    assert "This flag is resolved already" in page_text(response, 422)
    response = client.post(f"/flags/{orphan.pk}/waking/", {"until": "2026-04-01"}, follow=True)
    assert "This flag is resolved already" in page_text(response)


def test_flag_of_a_goal_one_may_not_see_is_not_there(firm, client):
    Goal.objects.filter(pk=firm.growth.pk).update(visibility=Visibility.LEADERS)
    flag = make.FlagFactory(initiative=None, goal=firm.growth, code=FlagCode.EXPIRED)
    for person, status in ((firm.member, 404), (firm.leader, 200)):
        client.force_login(person)
        assert client.get(f"/flags/{flag.pk}/snooze/").status_code == status
        woken = client.post(f"/flags/{flag.pk}/waking/", {"until": "2026-04-01"})
        assert woken.status_code == (404 if status == 404 else 302)


def test_snooze_page_takes_few_queries(lead, orphan, client, django_assert_num_queries):
    client.force_login(lead)
    with django_assert_num_queries(4):
        client.get(f"/flags/{orphan.pk}/snooze/")


def test_snoozed_flags_name_no_confidential_goal(firm, client):
    flag = make.FlagFactory(initiative=None, goal=firm.secret, code=FlagCode.EXPIRED)
    snooze(flag, firm.leader, reason=SECRET)
    client.force_login(firm.member)

    assert SECRET not in source_of(client.get("/flags/?snoozed=yes"))
    assert "1 snoozed" not in page_text(client.get("/flags/?code=expired"))


def test_form_of_a_snoozed_question_has_its_day_and_reason(lead, orphan, client):
    client.force_login(lead)
    page = client.get(f"/flags/{orphan.pk}/snooze/")
    assert (value_of(page, "until"), value_of(page, "reason")) == ((DAY + 4 * WEEK).isoformat(), "")

    snooze(orphan, lead)
    page = client.get(f"/flags/{orphan.pk}/snooze/")
    assert (value_of(page, "until"), value_of(page, "reason")) == ((DAY + WEEK).isoformat(), REASON)
