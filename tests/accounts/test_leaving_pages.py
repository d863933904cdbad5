"""The pages on which somebody leaves, comes back, is erased, and what is kept about them is downloaded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services.leaving import ERASED_NAME, erase_person
from strategy.models import Goal
from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make
from tests.factories import NOW
from tests.html import action_of, fields_of, form_to, forms, links_of, message_of, text_of, texts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(admin: Person) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def leaving(person: Person) -> str:
    return reverse("person_leaving", args=[person.pk])


def sent(client: Client, page: str, **typed: str) -> Any:
    return client.post(page, fields_of(form_to(client.get(page), "")) | typed, follow=True)


def test_page_shows_what_they_have_and_asks_for_each_part(as_admin, mia):
    make.GoalFactory(owner=mia, title="Grow")
    make.MembershipFactory(person=mia, role=TeamRole.LEAD, team__name="Harbour")

    page = as_admin.get(leaving(mia))

    assert texts_of(page, "h3") == ["1 goal", "1 team that they lead alone"]
    assert {"Grow", "Harbour"} <= {*texts_of(page, "main li a")}
    fields = fields_of(form_to(page, ""))
    assert {"everything", "goals", "teams"} <= {*fields}
    assert not {"strategies", "initiatives", "context_pages"} & {*fields}


def test_page_of_who_has_nothing_asks_for_nothing(as_admin, mia):
    page = as_admin.get(leaving(mia))

    assert "They own nothing that goes on" in text_of(page)
    assert message_of(sent(as_admin, leaving(mia))).startswith("Mia Member is no longer active here.")


def test_everything_goes_to_one_person_and_a_part_to_another(as_admin, mia, bea):
    goal, work = make.GoalFactory(owner=mia), make.InitiativeFactory(owner=mia)
    other = make.PersonFactory(name="Otto Other")

    done = sent(as_admin, leaving(mia), everything="bea@example.com", goals="Otto")

    goal.refresh_from_db()
    work.refresh_from_db()
    assert (goal.owner, work.owner) == (other, bea)
    assert "Otto Other has 1 goal of theirs now." in message_of(done)
    assert "Mia Member" not in texts_of(done, "th[scope=row]")


def test_nobody_has_to_be_said(as_admin, mia):
    goal = make.GoalFactory(owner=mia)

    refused = sent(as_admin, leaving(mia))
    assert refused.status_code == 422
    assert "tick that what nobody gets has no owner" in text_of(refused)
    assert Person.objects.get(pk=mia.pk).is_active

    assert "1 goal has no owner now." in message_of(sent(as_admin, leaving(mia), nobody="on"))
    assert Goal.objects.get(pk=goal.pk).owner is None


@pytest.mark.parametrize("typed", ["gil@example.com", "Gil Gone", "mia@example.com"])
def test_who_left_or_leaves_is_refused_when_typed(typed, as_admin, mia, gone):
    make.GoalFactory(owner=mia)

    refused = sent(as_admin, leaving(mia), goals=typed)

    assert refused.status_code == 422
    assert Person.objects.get(pk=mia.pk).is_active


def test_last_administrator_is_told_why_not(as_admin, admin):
    assert "only administrator" in text_of(sent(as_admin, leaving(admin)))


def test_page_takes_as_many_queries_for_much_as_for_little(as_admin, mia):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert as_admin.get(leaving(mia)).status_code == 200
        return len(seen)

    def own(number: int) -> None:
        make.GoalFactory.create_batch(number, owner=mia)
        make.InitiativeFactory.create_batch(number, owner=mia)
        make.StrategyFactory.create_batch(number, owner=mia)
        make.ContextPageFactory.create_batch(number, owner=mia)
        make.MembershipFactory.create_batch(number, person=mia, role=TeamRole.LEAD)

    own(1)
    few = queries()
    own(15)
    assert queries() == few <= 12


def test_who_left_is_listed_apart_and_let_in_again_from_their_page(as_admin, gone):
    assert "Gil Gone" not in text_of(as_admin.get(reverse("person_list")))
    listed = as_admin.get(reverse("person_list"), {"state": "left"})
    own = reverse("person_detail", args=[gone.pk])
    assert own in links_of(listed)
    page = as_admin.get(own)
    form = form_to(page, reverse("person_return", args=[gone.pk]))

    done = as_admin.post(reverse("person_return", args=[gone.pk]), fields_of(form), follow=True)

    assert message_of(done) == (
        "Gil Gone can come back: they are signed out, and choose a new password with “I forgot my password” on the "
        "sign-in page."
    )
    assert Person.objects.get(pk=gone.pk).is_active


def test_who_had_not_joined_needs_another_invitation(as_admin):
    person = make.PersonFactory(invited=True, is_active=False)

    done = as_admin.post(reverse("person_return", args=[person.pk]), {"version": 1}, follow=True)

    assert "need a new invitation" in message_of(done)


def test_erasure_is_confirmed_by_typing_the_address(as_admin, gone):
    page = reverse("person_erasure", args=[gone.pk])

    assert sent(as_admin, page, address="gil@example.org").status_code == 422
    assert Person.objects.get(pk=gone.pk).name == "Gil Gone"
    done = sent(as_admin, page, address=" GIL@example.com ")

    assert Person.objects.get(pk=gone.pk).name == ERASED_NAME
    assert texts_of(done, "h1") == [ERASED_NAME]
    assert not [link for link in links_of(done) if "erased.invalid" in link]


def test_who_is_here_is_not_erased(as_admin, mia):
    refused = sent(as_admin, reverse("person_erasure", args=[mia.pk]), address=mia.email)

    assert "still active here" in text_of(refused)


def test_erased_person_is_offered_nothing(as_admin, admin, gone):
    erase_person(gone, actor=admin, at=NOW)

    assert "Erased" in text_of(as_admin.get(reverse("person_list"), {"state": "left"}))
    page = as_admin.get(reverse("person_detail", args=[gone.pk]))
    assert texts_of(page, "header .chip") == ["Erased 16 Mar 2026"]
    assert offered_about(page, gone) == set()


def offered_about(page: Any, person: Person) -> set[str]:
    """The last parts of addresses below the person's own that the page has, but for what it tells."""
    own = reverse("person_detail", args=[person.pk])
    targets = {*links_of(page), *map(action_of, forms(page))}
    return {each.removeprefix(own) for each in targets if each.startswith(own)} - {"", "history/"}


def test_page_of_a_person_offers_administrators_what_may_be_done_now(as_admin, gone, mia):
    for person, offered in ((mia, {"edit/", "leaving/"}), (gone, {"return/", "erasure/"})):
        assert offered_about(as_admin.get(reverse("person_detail", args=[person.pk])), person) == offered

    as_mia = Client()
    as_mia.force_login(mia)
    for person in (mia, gone):
        assert offered_about(as_mia.get(reverse("person_detail", args=[person.pk])), person) == set()


def test_what_is_kept_is_a_file(as_admin, mia):
    make.GoalFactory(owner=mia, title="Grow")

    response = as_admin.get(reverse("person_data", args=[mia.pk]))

    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == f'attachment; filename="person-{mia.pk}.json"'
    kept = json.loads(response.content)
    assert (kept["person"]["name"], kept["goals"][0]["title"]) == ("Mia Member", "Grow")


def test_everybody_gets_what_is_kept_about_themselves_from_their_settings(mia):
    client = Client()
    client.force_login(mia)

    own = reverse("person_data", args=[mia.pk])
    assert own in links_of(client.get(reverse("settings")))
    assert client.get(own).status_code == 200


def test_team_has_nobody_who_left(as_admin, gone, mia):
    team = make.MembershipFactory(person=gone, team__key="crew").team
    make.MembershipFactory(person=mia, team=team)

    assert "Gil Gone" not in text_of(as_admin.get(reverse("team_detail", args=["crew"])))
    assert "Gil Gone" not in text_of(as_admin.get(reverse("team_members", args=["crew"])))
