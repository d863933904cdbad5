"""The pages that invite many people, as a browser without scripts uses them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.enums import InvitationState
from accounts.models import Invitation, InvitationRound
from accounts.services import rounds
from accounts.services.mailing import send_invitations
from accounts.services.tokens import one_time_link
from lib.services.dates import now
from teams.models import Company, Person
from tests.factories import NOW, MembershipFactory, PersonFactory, TeamFactory
from tests.html import action_of, fields_of, form_to, forms, message_of, parsed, text_of, texts_of

pytestmark = pytest.mark.django_db
PAGE = "/people/invite/"


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(rounds, "wake", asked.append)
    monkeypatch.setattr("accounts.services.rounds.transaction.on_commit", lambda do: do())
    return asked


def look(client, **values):
    return client.post(PAGE, {"whom": "everybody", "reach": "new", "new_role": "member"} | values)


def send(client, page):
    """Presses the button below what is on view."""
    found = [form for form in forms(page) if "seen" in fields_of(form)]
    assert len(found) == 1
    return client.post(PAGE, fields_of(found[0]), follow=True)


def listed(page):
    return texts_of(page, "#plan th[scope=row]")


def test_everybody_who_was_never_invited_is_shown_first_and_then_sent(as_admin, woken):
    PersonFactory(name="Ines", imported=True)
    PersonFactory(name="Ivo", invited=True)

    page = look(as_admin)
    assert page.status_code == 200
    assert listed(page) == ["Ines"]
    assert "1 invitation, not sent yet" in text_of(page)
    assert "Send 1 invitation" in text_of(page)
    assert Invitation.objects.count() == 0

    sent = send(as_admin, page)
    assert message_of(sent) == "The invitations are on their way."
    assert "1 invitation still to be sent." in text_of(sent)
    assert Invitation.objects.get().person.name == "Ines"
    assert woken == [rounds.TASK]


def test_mail_itself_is_shown_before(as_admin):
    PersonFactory(name="Ines", imported=True, role="leader")

    said = text_of(look(as_admin))

    for words in (
        "Subject: Ada Admin invites you to Throughline at Our company",
        "Hello Ines,",
        "as: Leader.",
        "https://…",
        "The link works once, within 7 days.",
    ):
        assert words in said


def test_pasted_list_shows_whom_it_means(as_admin, member):
    PersonFactory(name="Ines", email="ines@example.com", invited=True)
    PersonFactory(name="Gone", email="gone@example.com", is_active=False)
    people = "Jane Doe <jane@example.com>; ines@example.com, bob.b@example.com\nmia@example.com\ngone@example.com\nj@ex"

    page = look(as_admin, whom="list", people=people, new_role="viewer")

    assert listed(page) == ["Ines", "Jane Doe", "Bob B"]
    cells = [[cell.get_text() for cell in row.select("td")] for row in parsed(page).select("main tbody tr")]
    assert [(role, here) for _address, role, here in cells] == [
        ("Member", "In the list"),
        ("Viewer", "New"),
        ("Viewer", "New"),
    ]
    said = text_of(page)
    assert "Mia Member (mia@example.com) has joined already" in said
    assert "Gone (gone@example.com) is no longer active here" in said
    assert "“j@ex”: What stands behind the @ is not whole. Write it like name@example.com." in said
    send(as_admin, page)
    assert {each.person.email for each in Invitation.objects.select_related("person")} == {
        *("ines@example.com", "jane@example.com", "bob.b@example.com")
    }
    assert Person.objects.get(email="jane@example.com").role == "viewer"


def test_list_of_nothing_but_mistakes_is_not_said_to_be_of_people(as_admin):
    said = text_of(look(as_admin, whom="list", people="j@ex", new_role="viewer"))

    assert "Nobody would get an invitation" in said
    assert "1 entry of the list cannot be read." in said
    assert "Whoever was meant" not in said


def test_team_is_chosen_from_its_page_and_means_its_sub_teams(as_admin):
    team = TeamFactory(key="harbour", name="Harbour")
    MembershipFactory(team=TeamFactory(parent=team), person=PersonFactory(name="Ines", imported=True))
    PersonFactory(imported=True)
    assert f"{PAGE}?team=harbour" in str(as_admin.get("/teams/harbour/members/").content)

    form = fields_of(next(form for form in forms(as_admin.get(f"{PAGE}?team=harbour")) if "seen" in fields_of(form)))
    assert (form["whom"], form["team"]) == ("team", "harbour")

    assert listed(as_admin.post(PAGE, form)) == ["Ines"]


def test_team_far_down_is_found_by_its_name(as_admin):
    team = TeamFactory(name="Deep quay", key="deep", parent=TeamFactory(parent=TeamFactory(parent=TeamFactory())))

    page = look(as_admin, find="quay", whom="team")

    assert "1 team found for “quay”" in text_of(page)
    assert look(as_admin, whom="team", team=team.key).status_code == 200


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"whom": "team"}, "Choose a team."),
        ({"whom": "role"}, "Choose a role."),
        ({"whom": "list", "people": "  "}, "Paste the addresses of those you want to invite."),
        ({"whom": "list", "people": "x" * 1_000_001}, "at most 1000000 characters"),
        ({"whom": "team", "team": "nowhere"}, "There is no such team"),
    ],
)
def test_form_says_what_is_missing(values, said, as_admin):
    page = look(as_admin, **values)

    assert page.status_code == 422
    assert said in text_of(page)


def test_list_that_is_too_long_is_to_be_sent_in_parts(as_admin, monkeypatch):
    monkeypatch.setattr("web.people.invite_forms.MOST", 2)

    page = look(as_admin, whom="list", people="a@example.com, b@example.com, c@example.com")

    assert "These are 3 addresses. Send them in parts of at most 2." in text_of(page)


def test_nobody_to_invite_is_said_and_nothing_offered(as_admin):
    page = look(as_admin)

    assert "Nobody would get an invitation" in text_of(page)
    assert "Send 0" not in text_of(page)


def test_others_than_were_looked_at_get_nothing_before_they_are_looked_at(as_admin):
    PersonFactory(name="Ines", imported=True)
    page = look(as_admin)
    PersonFactory(name="Ivo", imported=True)

    again = send(as_admin, page)

    assert again.status_code == 422
    assert "These are others than you looked at, so nothing was sent." in text_of(again)
    assert Invitation.objects.count() == 0
    assert listed(again) == ["Ines", "Ivo"]
    assert "The invitations are on their way." in message_of(send(as_admin, again))
    assert Invitation.objects.count() == 2


def test_page_goes_on_after_nobody_was_left(as_admin):
    person = PersonFactory(name="Ines", imported=True)
    page = look(as_admin)
    Person.objects.filter(pk=person.pk).update(joined_at=NOW)

    refused = send(as_admin, page)
    assert "Nobody would get an invitation" in text_of(refused)
    again = send(as_admin, refused)

    assert again.status_code == 200
    assert "These are others" not in text_of(again)


def test_button_pressed_twice_sends_once_and_leads_to_what_came_of_it(as_admin):
    PersonFactory(imported=True)
    page = look(as_admin)

    first, second = send(as_admin, page), send(as_admin, page)

    assert Invitation.objects.count() == 1
    assert message_of(second) == "It was sent twice, and saved once."
    assert second.redirect_chain[-1][0] == first.redirect_chain[-1][0]


def test_many_are_counted_and_some_named(as_admin, django_assert_max_num_queries):
    people = "\n".join(f"n{number}@example.com" for number in range(500))
    PersonFactory.create_batch(5, imported=True)

    with django_assert_max_num_queries(12):
        page = look(as_admin, whom="list", people=people)

    assert len(listed(page)) == 100
    assert "500 invitations, not sent yet" in text_of(page)
    assert "and 400 more" in text_of(page)


def test_progress_names_what_failed_and_sends_it_again(admin, as_admin, django_assert_max_num_queries):
    sent = InvitationRound.objects.create(actor=admin, at=NOW)
    for number in range(60):
        failed = {"state": InvitationState.FAILED, "problem": f"550 No such user {number}"}
        person = PersonFactory(name=f"Person {number:02}", imported=True)
        sent.invitations.create(person=person, asked_at=NOW, due_at=NOW, **failed)

    with django_assert_max_num_queries(8):
        page = as_admin.get(f"{PAGE}{sent.pk}/")

    assert len(texts_of(page, "#failures th[scope=row]")) == 50
    assert "550 No such user 7" in text_of(page)
    assert "All done, but for those below." in text_of(page)
    assert "hx-trigger" not in str(page.content).partition('id="progress"')[2].partition(">")[0]
    form = form_to(page, f"{PAGE}{sent.pk}/again/")
    again = as_admin.post(action_of(form), fields_of(form), follow=True)
    assert message_of(again) == "60 invitations are on the way again."
    assert "60 invitations still to be sent." in text_of(again)
    assert 'hx-trigger="every 5s"' in again.content.decode()


def test_button_sends_none_that_was_not_on_view(admin, as_admin):
    sent = InvitationRound.objects.create(actor=admin, at=NOW)
    for _ in range(2):
        sent.invitations.create(person=PersonFactory(imported=True), asked_at=NOW, due_at=NOW, state="failed")

    page = as_admin.post(f"{PAGE}{sent.pk}/again/", {"version": 1}, follow=True)

    assert "It has changed since this page was drawn, so nothing was done." in message_of(page)
    assert not Invitation.objects.filter(state="waiting").exists()


def test_page_leads_to_what_was_sent_before(admin, as_admin):
    sent = InvitationRound.objects.create(actor=admin, at=NOW)
    sent.invitations.create(person=PersonFactory(imported=True), asked_at=NOW, due_at=NOW)

    page = as_admin.get(PAGE)

    assert "Sent before" in text_of(page)
    assert f'href="{PAGE}{sent.pk}/"' in page.content.decode()
    assert "16 Mar 2026" in text_of(page)


# The list of people


def rows(page):
    return {row.split(" ")[0]: row for row in texts_of(page, "#results tbody tr")}


def test_list_says_what_became_of_each_invitation(admin, as_admin):
    sent = InvitationRound.objects.create(actor=admin, at=NOW)
    for name, state in (("Wes", InvitationState.WAITING), ("Fay", InvitationState.FAILED)):
        sent.invitations.create(person=PersonFactory(name=name, imported=True), asked_at=NOW, due_at=NOW, state=state)
    PersonFactory(name="Old", invited=True)
    PersonFactory(name="Fresh", invited=True, invited_at=now())
    PersonFactory(name="Ines", imported=True)

    found = rows(as_admin.get("/people/"))

    assert "Invitation on its way" in found["Wes"]
    assert "Invitation not sent" in found["Fay"]
    assert "Invited 16 Mar 2026, expired" in found["Old"]
    assert "expired" not in found["Fresh"]
    assert "Not invited" in found["Ines"]


def test_list_finds_those_whose_invitation_has_expired(as_admin):
    PersonFactory(name="Old", invited=True)
    PersonFactory(name="Fresh", invited=True, invited_at=now())

    assert [*rows(as_admin.get("/people/", {"state": "expired"}))] == ["Old"]
    assert [*rows(as_admin.get("/people/", {"state": "invited"}))] == ["Fresh", "Old"]


# An invitation that has expired


@pytest.fixture
def expired():
    with time_machine.travel(NOW, tick=False):
        person = PersonFactory(name="Ines", email="ines@example.com", invited=True)
        link = one_time_link(person).removeprefix("http://localhost:8000")
    with time_machine.travel(NOW + dt.timedelta(days=7, minutes=1), tick=False):
        yield link


def test_invitation_that_has_expired_says_so_and_offers_a_new_one(expired, smtp_sink):
    client = Client()

    page = client.get(expired, follow=True)
    assert "Your invitation has expired" in text_of(page)
    assert "It was sent on 16 Mar 2026." in text_of(page)
    (form,) = [form for form in forms(page) if "renewal" in action_of(form)]
    answer = client.post(action_of(form), follow=True)

    assert "Look into your mail" in text_of(answer)
    send_invitations(at=now())
    (received,) = smtp_sink.to("ines@example.com")
    link = received.message.get_body(("plain",)).get_content().partition("http://localhost:8000")[2].split()[0]
    assert "Welcome, Ines" in text_of(client.get(link, follow=True))
    assert "This link has ended" in text_of(Client().get(expired, follow=True))


def test_invitation_that_has_expired_was_sent_on_a_day_of_the_company(expired):
    Company.objects.update(timezone="Pacific/Pago_Pago")

    assert "It was sent on 15 Mar 2026." in text_of(Client().get(expired, follow=True))


def test_invitation_that_was_replaced_has_ended_as_any_link(expired):
    Person.objects.filter(email="ines@example.com").update(invited_at=now())

    page = Client().get(expired, follow=True)

    assert "This link has ended" in text_of(page)
    assert "renewal" not in page.content.decode()


@pytest.mark.parametrize("values", [{"joined_at": NOW}, {"is_active": False}, {"refused_at": NOW}])
def test_new_invitation_goes_to_nobody_who_may_not_have_one(expired, values, woken):
    Person.objects.filter(email="ines@example.com").update(**values)

    answer = Client().post(expired.replace("password/link", "invitations") + "renewal/", follow=True)

    assert "Look into your mail" in text_of(answer)
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("key", ["abc-def", "x", "zzzzzzzzzzzzzzzzzzz-1"])
def test_new_invitation_needs_the_old_one(key, woken):
    answer = Client().post(f"/accounts/invitations/1-{key}/renewal/", follow=True)

    assert "Look into your mail" in text_of(answer)
    assert Invitation.objects.count() == 0
