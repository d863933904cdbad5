"""Answering from the digest: each address opens a page about one thing, and does it when that is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.enums import FlagCode, LinkState
from alignment.models import Flag, Link
from alignment.services.links import dispute_link, make_link
from digest.replies import Action, BadAddressError, read_reply, reply_path, times_path, unsubscribe_path
from lib.forms.pages import UNDO
from strategy.enums import Visibility
from strategy.models import Goal
from teams.enums import InitiativeKind, InitiativeStatus, TeamRole
from teams.models import Initiative, LogEntry, Person, Support
from tests import factories as make
from tests.factories import DAY, NOW, PASSWORD
from tests.firm import SECRET, Firm
from tests.html import links_named, parsed, source_of, text_of
from tests.queries import counted

WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@dataclass
class Case:
    """An answer: `about` are its ids, `data` what its page sends, `did` whether it was done, `leads_to` where then."""

    action: Action
    about: tuple[int, ...]
    data: dict[str, Any]
    did: Callable[[], bool]
    leads_to: str
    shows: str
    queries: int
    undoes: bool = True
    fields: tuple[str, ...] = ()
    about_work: str = "Loose"

    def path(self, person: Person) -> str:
        return reply_path(person.pk, self.action, self.about)


@pytest.fixture
def firm(firm: Firm) -> Firm:
    """Mia leads Search and owns Growth; Faster's link to Retention was confirmed before Retention changed."""
    make.MembershipFactory(team=firm.search, person=firm.member, role=TeamRole.LEAD)
    Goal.objects.filter(pk=firm.growth.pk).update(owner=firm.member)
    Goal.objects.filter(pk=firm.retention.pk).update(meaning_changed_on=DAY)
    Link.objects.filter(goal=firm.retention).update(confirmed_on=DAY - WEEK)
    Initiative.objects.filter(key="faster").update(touched_on=DAY - WEEK)
    return firm


@pytest.fixture
def cases(firm) -> dict[Action, Case]:
    loose, faster = firm.work["loose"], firm.work["faster"]
    flag = Flag.objects.get(code=FlagCode.ORPHAN, initiative=loose)
    to_growth = Link.objects.get(initiative=faster, goal=firm.growth)
    to_retention = Link.objects.get(initiative=faster, goal=firm.retention)
    faster.refresh_from_db()
    ask = make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="Two days.")
    judged = {"state": LinkState.DISPUTED, "judged_by": firm.leader, "judged_on": DAY, "note": "We would not see it."}
    disputed = make.LinkFactory(initiative=firm.work["lost"], goal=firm.growth, **judged)
    until = (DAY + WEEK).isoformat()
    found = [
        Case(
            Action.LINK,
            (loose.pk, firm.growth.pk),
            {"rationale": "What is found is bought."},
            lambda: Link.objects.filter(initiative=loose, goal=firm.growth, rationale__startswith="What").exists(),
            "/initiatives/loose/",
            "Link “Loose” to “Growth”",
            11,
            fields=("rationale", "evidence", "review_on", "share", "personas", "pages"),
        ),
        Case(
            Action.EXPLORE,
            (loose.pk,),
            {"declaration": "Who looks?", "ends_on": until, "version": loose.version},
            lambda: Initiative.objects.filter(pk=loose.pk, kind=InitiativeKind.EXPLORE, ends_on=until).exists(),
            "/initiatives/loose/",
            "Declare “Loose” an exploration",
            4,
            fields=("declaration", "ends_on", "learned"),
        ),
        Case(
            Action.SNOOZE,
            (flag.pk,),
            {"until": until, "reason": "After the launch.", "version": flag.version},
            lambda: Flag.objects.filter(pk=flag.pk, snoozed_until=until).exists(),
            "/initiatives/loose/",
            "is linked to no goal",
            4,
            fields=("until", "reason"),
        ),
        Case(
            Action.ENDORSE,
            (to_growth.pk,),
            {"note": "Yes.", "version": to_growth.version},
            lambda: Link.objects.filter(pk=to_growth.pk, state=LinkState.ENDORSED, note="Yes.").exists(),
            "/goals/growth/",
            "You share the belief",
            5,
            fields=("note",),
            about_work="Faster",
        ),
        Case(
            Action.DISPUTE,
            (to_growth.pk,),
            {"note": "We would not see it.", "version": to_growth.version},
            lambda: Link.objects.filter(pk=to_growth.pk, state=LinkState.DISPUTED).exists(),
            "/goals/growth/",
            "A disputed link does not count",
            6,
            fields=("note",),
            about_work="Faster",
        ),
        *(
            Case(
                action,
                (to_growth.pk,),
                {"outcome": action.value, "note": "We saw it.", "version": to_growth.version},
                Link.objects.filter(pk=to_growth.pk, outcome=action.value, outcome_note="We saw it.").exists,
                "/initiatives/faster/",
                "The bet on “Growth”",
                3,
                undoes=False,
                fields=("outcome", "note", "review_on"),
                about_work="Faster",
            )
            for action in (Action.HELD, Action.FAILED)
        ),
        Case(
            Action.CONFIRM,
            (to_retention.pk,),
            {"version": 2, "goal_version": 2, "seen_at": round(NOW.timestamp() * 1_000_000)},
            lambda: Link.objects.filter(pk=to_retention.pk, confirmed_on=DAY).exists(),
            "/initiatives/faster/",
            "Speed keeps people.",
            3,
            undoes=False,
            about_work="Faster",
        ),
        Case(
            Action.CONTINUE,
            (faster.pk,),
            {"version": faster.version},
            lambda: Initiative.objects.filter(pk=faster.pk, touched_on=DAY).exists(),
            "/initiatives/faster/",
            "Nobody has updated or confirmed it since 9 Mar 2026.",
            4,
            undoes=False,
            about_work="Faster",
        ),
        Case(
            Action.ANSWER,
            (ask.pk,),
            {"status": "pledged", "answer": "From Monday.", "due_on": "2100-05-01", "version": ask.version},
            lambda: Support.objects.filter(pk=ask.pk, status="pledged", answer="From Monday.").exists(),
            "/initiatives/keep/",
            "Ops asks Search: Two days.",
            3,
            fields=("status", "answer", "due_on"),
            about_work="Keep",
        ),
        Case(
            Action.CHANGE,
            (disputed.pk,),
            {"rationale": "Who finds it comes back.", "version": disputed.version},
            lambda: Link.objects.filter(pk=disputed.pk, rationale__startswith="Who").exists(),
            "/initiatives/lost/",
            "We would not see it.",
            7,
            undoes=False,
            fields=("rationale", "evidence", "review_on", "share", "personas", "pages"),
            about_work="Lost",
        ),
    ]
    return {case.action: case for case in found}


@pytest.fixture(params=list(Action))
def case(request, cases) -> Case:
    return cases[request.param]


@pytest.fixture
def mia(firm, client):
    client.force_login(firm.member)
    return client


def state() -> dict[str, list[Any]]:
    """Every row of our own apps."""
    models = [
        model for app in ("teams", "strategy", "alignment", "digest") for model in apps.get_app_config(app).get_models()
    ]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_an_address_shows_what_it_is_about_and_changes_nothing(firm, case, mia, method):
    before = state()

    response = getattr(mia, method)(case.path(firm.member))

    assert response.status_code == 200
    assert method == "head" or case.shows in text_of(response)
    assert state() == before


def test_sending_the_page_does_it_and_leads_to_its_subject(firm, case, mia):
    response = mia.post(case.path(firm.member), case.data)

    assert (response.status_code, response.url) == (302, case.leads_to)
    assert case.did()
    [message] = get_messages(response.wsgi_request)
    assert (message.extra_tags or "").startswith(UNDO) is case.undoes


@pytest.mark.parametrize("action", [Action.LINK, Action.EXPLORE, Action.SNOOZE, Action.ENDORSE, Action.ANSWER])
def test_what_was_done_is_undone_from_its_message(firm, cases, mia, action):
    case = cases[action]
    response = mia.post(case.path(firm.member), case.data)
    [message] = get_messages(response.wsgi_request)

    mia.post(message.extra_tags.removeprefix(UNDO))

    assert not case.did()


def test_page_has_the_fields_that_are_needed_and_no_more(firm, case, mia):
    form = mia.get(case.path(firm.member)).context["form"]

    assert tuple(field.name for field in form.visible_fields()) == case.fields


def test_page_asks_so_many_queries(firm, case, mia):
    with CaptureQueriesContext(connection) as asked:
        mia.get(case.path(firm.member))

    assert counted(asked) == case.queries <= 11


def test_page_opens_with_the_keyboard_where_it_is_needed(firm, case, mia):
    focused = parsed(mia.get(case.path(firm.member))).select("[autofocus]")

    if case.action in {Action.ANSWER, Action.HELD, Action.FAILED}:  # they begin with a choice, which has no first field
        assert focused == []
    elif case.action in {Action.CONFIRM, Action.CONTINUE}:
        assert [each.name for each in focused] == ["button"]
    else:
        assert [each["name"] for each in focused] == [case.fields[0]]


@pytest.mark.parametrize(("action", "field", "value"), [(Action.SNOOZE, "until", 28), (Action.EXPLORE, "ends_on", 42)])
def test_day_is_suggested(firm, cases, mia, action, field, value):
    form = mia.get(cases[action].path(firm.member)).context["form"]

    assert form.initial[field] == DAY + dt.timedelta(days=value)


@pytest.mark.parametrize(("days", "suggested"), [(-1, 42), (0, 0), (3, 3)])
def test_end_that_is_ahead_is_suggested_and_one_that_has_passed_is_not(firm, cases, mia, days, suggested):
    Initiative.objects.filter(key="loose").update(ends_on=DAY + dt.timedelta(days=days))
    form = mia.get(cases[Action.EXPLORE].path(firm.member)).context["form"]

    assert form.initial["ends_on"] == DAY + dt.timedelta(days=suggested)


@pytest.mark.parametrize(
    ("action", "field"),
    [(Action.EXPLORE, "declaration"), (Action.SNOOZE, "reason")],
)
def test_page_with_something_missing_keeps_what_was_typed(firm, cases, mia, action, field):
    case = cases[action]
    before = state()

    response = mia.post(case.path(firm.member), case.data | {field: " "})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert state() == before


def test_exploration_that_somebody_edited_meanwhile_shows_both(firm, cases, mia):
    case = cases[Action.EXPLORE]
    Initiative.objects.filter(pk=case.about[0]).update(declaration="Theirs.")

    response = mia.post(case.path(firm.member), case.data)

    assert response.status_code == 409
    assert "Theirs." in text_of(response)
    assert not case.did()


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_of_somebody_else_does_nothing_and_names_nobody(firm, case, client, method):
    client.force_login(firm.leader)
    before = state()

    response = getattr(client, method)(case.path(firm.member), case.data)

    assert response.status_code == 403
    assert "This address is from somebody else’s digest" in text_of(response)
    for name in (firm.member.name, "Loose", "Faster", "Growth"):
        assert name not in source_of(response, 403)
    assert state() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_viewer_may_not_answer(firm, case, client, method):
    viewer = make.ViewerFactory()
    make.MembershipFactory(team=firm.search, person=viewer)
    client.force_login(viewer)
    before = state()

    assert getattr(client, method)(case.path(viewer), case.data).status_code == 403
    assert state() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_rights_lost_since_the_digest_are_lost(firm, case, mia, method):
    address = case.path(firm.member)
    firm.member.memberships.all().delete()
    Goal.objects.update(owner=None)

    assert getattr(mia, method)(address, case.data).status_code == 403
    assert not case.did()


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_too_old_leads_to_its_subject(firm, case, mia, method, time_machine):
    address = case.path(firm.member)
    time_machine.move_to(NOW + dt.timedelta(days=21, seconds=1))
    mia.force_login(firm.member)
    before = state()

    response = getattr(mia, method)(address, case.data)

    assert response.status_code == 410
    name = case.about_work
    assert links_named(response, f"Go to “{name}”") == [f"/initiatives/{name.lower()}/"]
    assert state() == before


def test_address_works_for_three_weeks(firm, case, mia, time_machine):
    address = case.path(firm.member)
    mia.get(address)
    time_machine.move_to(NOW + dt.timedelta(days=21))
    mia.force_login(firm.member)

    assert mia.get(address).status_code == 200


def test_address_too_old_does_not_name_what_became_confidential(firm, cases, mia, time_machine):
    flag = make.FlagFactory(initiative=None, goal=firm.secret, code=FlagCode.UNCOVERED)
    addresses = [
        reply_path(firm.member.pk, Action.SNOOZE, (flag.pk,)),
        reply_path(firm.member.pk, Action.CONFIRM, (Link.objects.get(goal=firm.secret).pk,)),
        reply_path(firm.member.pk, Action.CONTINUE, (2**40,)),
    ]
    time_machine.move_to(NOW + dt.timedelta(days=22))
    mia.force_login(firm.member)

    for address in addresses:
        response = mia.get(address)
        assert response.status_code == 410
        assert "Look at the flags" in text_of(response)
        assert SECRET not in source_of(response, 410)


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_that_is_not_ours_is_none(firm, case, mia, method):
    token = case.path(firm.member).split("/")[3]
    before = state()
    for wrong in (token[:-1], f"x{token}", "x", "ä:ö:ü", unsubscribe_path(firm.member.pk).split("/")[3]):
        response = getattr(mia, method)(reverse("digest_reply", args=[wrong]), case.data)
        assert response.status_code == 404
        assert "This address does not work" in text_of(response)
    assert state() == before


def test_token_of_an_answer_neither_stops_digests_nor_changes_their_day(firm, case):
    token = case.path(firm.member).split("/")[3]
    for name in ("digest_unsubscription", "digest_times"):
        assert Client().post(reverse(name, args=[token]), {"List-Unsubscribe": "One-Click"}).status_code == 404

    firm.member.refresh_from_db()
    assert firm.member.digests


def test_token_of_the_digests_answers_nothing(firm):
    for path in (unsubscribe_path, times_path):
        with pytest.raises(BadAddressError):
            read_reply(path(firm.member.pk).split("/")[3])


def test_answer_that_this_release_does_not_know_is_none(firm, mia):
    assert mia.get(reply_path(firm.member.pk, "applaud", (1,))).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_object_that_is_gone_is_missing(firm, case, mia, method):
    address = reply_path(firm.member.pk, case.action, tuple(2**40 for _ in case.about))

    assert getattr(mia, method)(address, case.data).status_code == 404


@pytest.mark.parametrize(
    "action", [Action.LINK, Action.ENDORSE, Action.DISPUTE, Action.HELD, Action.FAILED, Action.CONFIRM, Action.CHANGE]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_goal_that_became_confidential_is_missing(firm, cases, mia, action, method):
    case = cases[action]
    Goal.objects.update(visibility=Visibility.LEADERS, owner=None)

    response = getattr(mia, method)(case.path(firm.member), case.data)

    assert response.status_code == 404
    assert not case.did()


def linked(firm: Firm) -> None:
    make_link(firm.work["loose"], firm.growth, "Mine.", actor=firm.member, at=NOW)


def explored(firm: Firm) -> None:
    Initiative.objects.filter(key="loose").update(kind=InitiativeKind.EXPLORE, declaration="?", ends_on=DAY)


MEANWHILE: dict[Action, tuple[Callable[[Firm], Any], str]] = {
    Action.LINK: (linked, "It is linked to “Growth” already."),
    Action.EXPLORE: (explored, "It is an exploration already, until 16 Mar 2026."),
    Action.SNOOZE: (lambda _firm: Flag.objects.update(resolved_on=DAY), "The flag is resolved"),
    Action.ENDORSE: (
        lambda firm: Link.objects.filter(goal=firm.growth).update(
            state=LinkState.ENDORSED, judged_by=firm.member, judged_on=DAY
        ),
        "The link of “Faster” is endorsed already.",
    ),
    Action.DISPUTE: (
        lambda firm: Link.objects.filter(goal=firm.growth).update(
            state=LinkState.DISPUTED, judged_by=firm.member, judged_on=DAY, note="No."
        ),
        "The link of “Faster” is in dispute already.",
    ),
    **dict.fromkeys(
        (Action.HELD, Action.FAILED),
        (
            lambda _firm: Link.objects.update(outcome="unclear"),
            "The bet on “Growth” is recorded already: unclear.",
        ),
    ),
    Action.CONFIRM: (
        lambda _firm: Link.objects.update(confirmed_on=DAY),
        "The link to “Retention” was confirmed on 16 Mar 2026.",
    ),
    Action.CONTINUE: (
        lambda _firm: Initiative.objects.update(touched_on=DAY),
        "Somebody has updated or confirmed it today.",
    ),
    Action.ANSWER: (
        lambda _firm: Support.objects.update(status="declined", answer="No."),
        "Search has answered already: declined.",
    ),
    Action.CHANGE: (
        lambda _firm: Link.objects.filter(state=LinkState.DISPUTED).update(
            state=LinkState.CLAIMED, judged_by=None, judged_on=None, note=""
        ),
        "The link to “Growth” is not in dispute any more.",
    ),
}


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_was_answered_meanwhile_is_said_and_left_alone(firm, case, mia, method):
    happens, said = MEANWHILE[case.action]
    happens(firm)
    before = state()

    response = getattr(mia, method)(case.path(firm.member), case.data)

    assert response.status_code == 200
    assert "This is answered already" in text_of(response)
    assert said in text_of(response)
    assert state() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_question_that_is_snoozed_is_left_so_until_its_day(firm, cases, mia, time_machine, method):
    case = cases[Action.SNOOZE]
    mia.post(case.path(firm.member), case.data)
    before = state()

    response = getattr(mia, method)(case.path(firm.member), case.data)

    assert "The flag is snoozed until 23 Mar 2026: After the launch." in text_of(response)
    assert state() == before

    time_machine.move_to(NOW + WEEK)
    assert mia.get(case.path(firm.member)).context["form"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_changed_since_it_was_disputed_is_not_asked_about_until_it_is_disputed_again(firm, cases, mia, method):
    case = cases[Action.CHANGE]
    mia.post(case.path(firm.member), case.data)
    before = state()

    response = getattr(mia, method)(case.path(firm.member), case.data)

    assert "whoever disputes it is asked to look again" in text_of(response)
    assert state() == before

    link = Link.objects.get(pk=case.about[0])
    dispute_link(link, note="Still not.", actor=firm.member, at=NOW)
    assert mia.get(case.path(firm.member)).context["form"]


@pytest.mark.parametrize("action", [Action.EXPLORE, Action.CONTINUE])
def test_work_that_is_over_is_not_asked_about(firm, cases, mia, action):
    Initiative.objects.update(status=InitiativeStatus.DONE)

    page = mia.get(cases[action].path(firm.member))

    assert "It is done or dropped" in text_of(page)


def test_signing_in_leads_back_to_the_address(firm, case):
    client, address = Client(), case.path(firm.member)
    before = state()

    asked = client.post(address, case.data)

    assert (asked.status_code, asked["Location"]) == (302, f"{reverse('account_login')}?next={quote(address)}")
    assert state() == before

    response = client.post(asked["Location"], {"login": firm.member.email, "password": PASSWORD, "next": address})

    assert (response.status_code, response["Location"]) == (302, address)


def test_page_is_checked_for_where_it_comes_from(firm, case):
    client = Client(enforce_csrf_checks=True)
    client.force_login(firm.member)
    before = LogEntry.objects.count()

    assert client.post(case.path(firm.member), case.data | {"sending": ""}).status_code == 403
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(firm, case, mia, method):
    assert getattr(mia, method)(case.path(firm.member)).status_code == 405


@pytest.mark.parametrize(
    ("action", "button", "chosen"),
    [
        (Action.ENDORSE, "Endorse", ""),
        (Action.DISPUTE, "Dispute", ""),
        (Action.HELD, "Record it", "held"),
        (Action.FAILED, "Record it", "failed"),
    ],
)
def test_both_answers_of_a_pair_lead_where_they_say(firm, cases, mia, action, button, chosen):
    page = parsed(mia.get(cases[action].path(firm.member)))
    assert button in [each.get_text(strip=True) for each in page.select("main button")]
    assert [each["value"] for each in page.select("main [type=radio][checked]")] == ([chosen] if chosen else [])
