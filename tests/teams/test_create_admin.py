"""`manage.py create_admin EMAIL`."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from teams.enums import Role
from teams.models import Person
from tests.factories import PASSWORD, PersonFactory
from tests.html import text_of

pytestmark = pytest.mark.django_db


def link(capsys, email):
    call_command("create_admin", email)
    printed = capsys.readouterr()
    return printed.out.strip(), printed.err


def test_create_admin_prints_a_link_that_signs_a_new_administrator_in_once(capsys, settings):
    settings.SITE_URL = "https://throughline.example.com"
    address, said = link(capsys, "Grace.Hopper@example.com")

    person = Person.objects.get()
    assert (person.email, person.role, person.joined_at) == ("grace.hopper@example.com", Role.ADMIN, None)
    assert "grace.hopper@example.com" in said
    assert address.startswith("https://throughline.example.com/accounts/password/link/")

    path = address.removeprefix("https://throughline.example.com")
    client = Client()
    page = client.get(path, follow=True)
    assert "Welcome, " in text_of(page)
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
    person.refresh_from_db()
    assert person.joined_at is not None
    assert "This link has ended" in text_of(Client().get(path))


def test_create_admin_promotes_a_person_who_is_there(capsys):
    person = PersonFactory(imported=True, email="grace@example.com", name="Grace")

    address, _said = link(capsys, "GRACE@EXAMPLE.COM")

    person.refresh_from_db()
    assert (person.role, person.name) == (Role.ADMIN, "Grace")
    assert re.fullmatch(r"http://localhost:8000/accounts/password/link/\w+-[\w-]+/", address)


@pytest.mark.parametrize("email", ["nonsense", "", "a@b", "two@example.com words"])
def test_create_admin_with_a_bad_address_says_so_in_one_line(email):
    with pytest.raises(CommandError) as refusal:
        call_command("create_admin", email)

    assert "\n" not in str(refusal.value)
    assert refusal.value.returncode == 1
    assert not Person.objects.exists()
