"""Every way into the product, and every mail that leaves it: who left has none of them, and who is back has none of
those of before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import ResetRequest, SentForm
from accounts.selectors.invitations import may_have_link
from accounts.services.addresses import address_link, ask_for_address, confirm_address, send_address_notices
from accounts.services.invitations import send_invitation
from accounts.services.leaving import deactivate_person, reactivate_person
from accounts.services.mailing import send_invitations
from accounts.services.resets import send_resets
from accounts.services.rounds import invite_people, renew_invitation
from accounts.services.tokens import one_time_link
from digest.content import Content, Part, Section
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from digest.replies import Action, reply_path, stop_turn_mails_path, times_path, unsubscribe_path
from digest.selectors.standing import standings
from digest.services.building import build_digests, resend_digest, resend_failed
from digest.services.now import send_now
from digest.services.plans import plan_digests, put_in_order
from digest.services.sending import send_digests
from digest.services.turn_mails import send_turn_mails
from lib.forms.sending import FIELD
from lib.mail import sending
from lib.services.errors import RefusedError
from lib.text.spans import Line, Span
from teams.models import Initiative, Person
from teams.services.initiatives import edit_initiative
from tests import factories as make
from tests.factories import NOW, PASSWORD
from tests.html import fields_of, form_to, text_of
from tests.smtp import Sink

HOUR = dt.timedelta(hours=1)
SIGN_IN = reverse("account_login")
ELSEWHERE = "mia@elsewhere.example"
ENDED = "This link has ended"


@dataclass
class Had:
    """What somebody had before they left."""

    person: Person
    admin: Person
    client: Client
    work: Initiative
    link: str
    undo: str
    address: str
    form: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def today(time_machine: Any, own_memory_cache: None) -> None:
    """Monday 16 March 2026, 9:00 UTC."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def had(admin: Person, mia: Person) -> Had:
    client = Client()
    client.force_login(mia)
    work = make.InitiativeFactory(owner=mia)
    row = edit_initiative(work, actor=mia, at=NOW, version=1, title="Mine")
    undo = f"{reverse('initiative_undo', args=[row.key])}?version={row.version}"
    form = fields_of(form_to(client.get(reverse("settings")), ""))
    mia.refresh_from_db()
    ask_for_address(mia, actor=admin, at=NOW, email=ELSEWHERE)
    path, address = (
        url.removeprefix(settings.SITE_URL) for url in (one_time_link(mia), address_link(mia.address_change))
    )
    return Had(mia, admin, client, row, path, undo, address, form)


def is_out(client: Client) -> bool:
    response = client.get(reverse("person_list"))
    return response.status_code == 302 and response.headers["Location"].startswith(SIGN_IN)


def leads_to_sign_in(response: Any) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(SIGN_IN)


def by_session(had: Had) -> bool:
    return is_out(had.client)


def by_session_of_the_api(had: Had) -> bool:
    return had.client.get(reverse("api_report")).status_code == 401


def by_password(had: Had) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": had.person.email, "password": PASSWORD})
    return is_out(client)


def by_one_time_address(had: Had) -> bool:
    """That of an invitation and that of a forgotten password are made alike."""
    client = Client()
    return ENDED in text_of(client.get(had.link, follow=True)) and is_out(client)


def by_address_to_confirm(had: Had) -> bool:
    client = Client()
    client.post(had.address)
    return Person.objects.get(pk=had.person.pk).email == had.person.email and is_out(client)


def by_answer_of_a_digest(had: Had) -> bool:
    path = reply_path(had.person.pk, Action.CONTINUE, (had.work.pk,))
    return leads_to_sign_in(had.client.get(path)) and leads_to_sign_in(Client().post(path))


def by_undo(had: Had) -> bool:
    response = had.client.post(had.undo, {FIELD: ""})
    return leads_to_sign_in(response) and Initiative.objects.get(pk=had.work.pk).title == "Mine"


def by_form_that_was_open(had: Had) -> bool:
    had.client.post(reverse("settings"), had.form | {"timezone": "Asia/Tokyo"})
    return Person.objects.get(pk=had.person.pk).timezone == ""


WAYS: dict[str, tuple[Callable[[Had], bool], set[str]]] = {
    "session": (by_session, {"account_logout"}),
    "session of the API": (by_session_of_the_api, {"api_schema"}),
    "password": (by_password, {"account_login", "account_inactive"}),
    "one-time address": (by_one_time_address, {"account_reset_password_from_key"}),
    "address to confirm": (by_address_to_confirm, {"account_address"}),
    "answer of a digest": (by_answer_of_a_digest, set()),
    "undo": (by_undo, set()),
    "form that was open": (by_form_that_was_open, set()),
}
"""Each says whether it is closed, and which addresses it is that need no session."""
ASK = {"account_reset_password", "account_reset_password_done", "account_invitation_renewal"}
OF_DIGESTS = {"digest_unsubscription", "digest_times", "turn_mails_stop"}


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_who_left_has_no_way_in(way: str, had: Had) -> None:
    deactivate_person(had.person, actor=had.admin, at=NOW, to={"initiatives": had.admin})

    assert WAYS[way][0](had)


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_who_is_back_has_none_of_the_ways_of_before(way: str, had: Had) -> None:
    deactivate_person(had.person, actor=had.admin, at=NOW)
    reactivate_person(had.person, actor=had.admin, at=NOW)

    assert WAYS[way][0](had)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [unsubscribe_path, times_path, stop_turn_mails_path])
def test_addresses_about_digests_are_nobodys_once_their_person_left(path: Any, had: Had) -> None:
    deactivate_person(had.person, actor=had.admin, at=NOW)

    assert [getattr(Client(), way)(path(had.person.pk)).status_code for way in ("get", "post")] == [404, 404]


@pytest.mark.django_db
def test_who_is_back_gets_in_by_a_new_password(had: Had) -> None:
    deactivate_person(had.person, actor=had.admin, at=NOW)
    reactivate_person(had.person, actor=had.admin, at=NOW)

    person = may_have_link(had.person.email)
    assert person is not None
    client = Client()
    form = client.get(one_time_link(person).removeprefix(settings.SITE_URL), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert not is_out(client)


def open_addresses(patterns: Any) -> Iterator[str]:
    """The names of those that need no session."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from open_addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and not getattr(pattern.callback, "login_required", True):
            yield str(pattern.name)


def test_addresses_without_a_session_are_all_known_here() -> None:
    of_the_api = {name for name in open_addresses(get_resolver().url_patterns) if name.startswith("api_")}
    known = {name for _way, names in WAYS.values() for name in names} | ASK | OF_DIGESTS

    assert {*open_addresses(get_resolver().url_patterns)} - of_the_api == known - {"api_schema"}


# Mail


@pytest.fixture
def mails(smtp_sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Sink:
    """What waits for the commit happens at once."""
    DigestSettings.objects.update(previewed_at=NOW - HOUR, started_at=NOW - 2 * HOUR)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback: callback())
    return smtp_sink


def built(person: Person, **values: Any) -> Digest:
    hello = Section("note", "News", (Line((Span("Hello."),)),), news="Hello")
    content = Content(person.name, "Firm", "2026-W12", (Part("own", "For you", "/", (hello,)),))
    state = {"state": DigestState.BUILT, "content": content.to_json(), "built_at": NOW - HOUR}
    digest = make.DigestFactory(person=person, **(state | values))
    Digest.objects.filter(pk=digest.pk).update(standing=standings([digest])[digest.pk])
    return digest


def leave(person: Person) -> None:
    deactivate_person(person, actor=make.AdminFactory(), at=NOW)


def an_invitation(person: Person) -> None:
    leave(person)
    with pytest.raises(RefusedError, match="no longer active"):
        send_invitation(person, actor=make.AdminFactory(), at=NOW)


def has_not_joined(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(joined_at=None, invited_at=NOW - dt.timedelta(days=60))
    person.refresh_from_db()


def an_invitation_that_waits(person: Person) -> None:
    has_not_joined(person)
    invite_people(actor=make.AdminFactory(), at=NOW, people=[person.pk], role="")
    leave(person)
    send_invitations(at=NOW)
    reactivate_person(person, actor=make.AdminFactory(), at=NOW)
    send_invitations(at=NOW)


def an_invitation_asked_for_anew(person: Person) -> None:
    has_not_joined(person)
    leave(person)
    renew_invitation(person, at=NOW)
    send_invitations(at=NOW)


def another_address(person: Person) -> None:
    ask_for_address(person, actor=make.AdminFactory(), at=NOW, email=ELSEWHERE)
    leave(person)
    assert send_address_notices(at=NOW) == 2


def another_address_that_holds(person: Person) -> None:
    ask_for_address(person, actor=make.AdminFactory(), at=NOW, email=ELSEWHERE)
    confirm_address(person.address_change, at=NOW)
    leave(person)
    assert send_address_notices(at=NOW) == 2


def a_link_that_was_asked_for(person: Person) -> None:
    ResetRequest.objects.create(person=person, asked_at=NOW, due_at=NOW)
    leave(person)
    assert send_resets(at=NOW) == 1


def a_link_that_is_asked_for(person: Person) -> None:
    leave(person)
    Client().post(reverse("account_reset_password"), {"email": person.email})
    send_resets(at=NOW)


def a_digest_that_is_planned(person: Person) -> None:
    leave(person)
    plan_digests(at=NOW)
    put_in_order(at=NOW)
    build_digests(at=NOW)
    send_digests(at=NOW)


def a_digest_that_is_built(person: Person) -> None:
    built(person)
    leave(person)
    put_in_order(at=NOW)
    send_digests(at=NOW)


def a_digest_put_off(person: Person) -> None:
    built(person, attempts=2, problem="451 Later")
    leave(person)
    send_digests(at=NOW)


def a_digest_that_failed(person: Person) -> None:
    digest = built(person, state=DigestState.FAILED)
    leave(person)
    admin = make.AdminFactory()
    with pytest.raises(RefusedError):
        resend_digest(digest, actor=admin, at=NOW, version=digest.version)
    with pytest.raises(RefusedError):
        resend_failed(actor=admin, at=NOW)
    send_digests(at=NOW)


def a_turn_in_a_conversation(person: Person) -> None:
    make.ThreadFactory(about_id=make.GoalFactory(owner=person).pk)
    DigestSettings.objects.update(previewed_at=NOW, started_at=NOW - dt.timedelta(days=1))
    make.TurnMailFactory(person=person)
    leave(person)
    send_turn_mails(at=NOW)


def a_digest_by_hand(person: Person) -> None:
    leave(person)
    send_now(person, at=NOW)  # as whoever had read them before they left
    person.refresh_from_db()
    with pytest.raises(RefusedError):
        send_now(person, at=NOW)


MAILS = {
    "invitation": (an_invitation, an_invitation_that_waits, an_invitation_asked_for_anew),
    **dict.fromkeys(("address_asked", "address_confirm"), (another_address,)),
    "address_changed": (another_address_that_holds,),
    "password_reset": (a_link_that_was_asked_for, a_link_that_is_asked_for),
    "turns": (a_turn_in_a_conversation,),
    "digest": (
        *(a_digest_that_is_planned, a_digest_that_is_built, a_digest_put_off),
        *(a_digest_that_failed, a_digest_by_hand),
    ),
}
"""By the name of the mail, the ways in which it would leave."""
WOULD = [*dict.fromkeys(each for ways in MAILS.values() for each in ways)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "would", [*dict.fromkeys(each for ways in MAILS.values() for each in ways)], ids=lambda each: each.__name__
)
def test_no_mail_goes_to_who_left(would: Callable[[Person], None], mia: Person, mails: Sink) -> None:
    would(mia)

    assert not {mia.email, ELSEWHERE} & {address for each in mails.received for address in each.recipients}
    assert mail.outbox == []


def test_mails_are_all_known_here() -> None:
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    names = {path.name.split(".")[0] for path in folder.glob("*.txt")}

    assert names == MAILS.keys()


@pytest.mark.django_db
def test_digest_does_not_leave_where_its_person_left_while_the_batch_was_sent(
    mia: Person, admin: Person, bea: Person, mails: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(bea)
    built(mia)
    send = sending.MailServer.send

    def sent(server: Any, message: Any) -> None:
        send(server, message)
        if Person.objects.get(pk=mia.pk).is_active:
            deactivate_person(mia, actor=admin, at=NOW)

    monkeypatch.setattr(sending.MailServer, "send", sent)
    assert send_digests(at=NOW) == 1
    assert [each.recipients for each in mails.received] == [("bea@example.com",)]


@pytest.mark.django_db
def test_nothing_is_kept_of_what_who_left_had_typed(had: Had) -> None:
    deactivate_person(had.person, actor=had.admin, at=NOW)
    had.client.post(reverse("settings"), had.form | {"timezone": "Asia/Tokyo"})

    assert not SentForm.objects.filter(person=had.person, typed__isnull=False).exists()
