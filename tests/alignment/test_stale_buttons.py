"""Buttons act on what was on view when they were drawn, and on nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bs4 import Tag
from django.test import Client
from django.urls import reverse

from alignment.models import Link
from alignment.services.links import edit_link
from digest.replies import reply_path
from strategy.models import Goal
from strategy.services.goals import edit_goal
from teams.enums import TeamRole
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import action_of, fields_of, form_to, forms, message_of, page_text, parsed
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/initiatives/half/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def firm(firm):
    make.MembershipFactory(team=firm.product, person=firm.member, role=TeamRole.LEAD)
    Goal.objects.filter(pk=firm.retention.pk).update(meaning_changed_on=DAY)
    Link.objects.filter(goal=firm.retention).update(confirmed_on=DAY - dt.timedelta(days=7))
    return firm


@pytest.fixture
def member(firm) -> Client:
    return signed_in(firm.member)


@pytest.fixture
def made(firm) -> Link:
    return Link.objects.get(initiative=firm.work["half"], goal=firm.retention)


def button(client: Client, name: str, made: Link, page: str = PAGE) -> Tag:
    """The first of them: what a flag asks can be answered beside the flag as well."""
    return next(form for form in forms(parsed(client.get(page))) if action_of(form) == reverse(name, args=[made.pk]))


def press(client: Client, form: Tag, page: str = PAGE) -> Any:
    return client.post(action_of(form) or page, fields_of(form), follow=True)


def means_else(goal: Goal, firm: Any, why: str) -> None:
    row = Goal.objects.get(pk=goal.pk)
    at = NOW + dt.timedelta(minutes=5)
    edit_goal(row, actor=firm.leader, at=at, version=row.version, why=why, meaning_changed=True)


def test_meaning_that_changed_once_more_is_not_confirmed_unseen(firm, member, made):
    form = button(member, "link_confirmation", made)
    means_else(firm.retention, firm, "Something else altogether.")

    page = press(member, form)

    said = message_of(parsed(page))
    assert "It has changed since this page was drawn, so nothing was done." in said
    assert f"{firm.leader.name}: changed what a goal says or means." in said
    made.refresh_from_db()
    assert made.confirmed_on == DAY - dt.timedelta(days=7)


def test_button_can_be_pressed_again_with_the_new_state_on_view(firm, member, made, today):
    stale = button(member, "link_confirmation", made)
    means_else(firm.retention, firm, "Something else altogether.")
    press(member, stale)
    today.shift(dt.timedelta(minutes=10))

    assert "Confirmed" in page_text(press(member, button(member, "link_confirmation", made)))

    made.refresh_from_db()
    assert made.confirmed_on == DAY


def test_meaning_of_a_goal_above_is_not_confirmed_unseen(firm, member, made):
    above = Goal.objects.get(pk=firm.retention.path[0])
    assert above != firm.retention
    form = button(member, "link_confirmation", made)
    means_else(above, firm, "Something else altogether.")

    assert "It has changed since" in message_of(parsed(press(member, form)))


def test_link_that_was_rewritten_is_not_removed_unseen(firm, member, made):
    address = reverse("link_removal", args=[made.pk])
    form = form_to(member.get(address), "")
    edit_link(made, actor=firm.leader, at=NOW, version=made.version, rationale="Quite another reason.")

    page = press(member, form, address)

    assert f"{firm.leader.name}: changed what the bet says." in page_text(page, 422)
    assert Link.objects.get(pk=made.pk).rationale == "Quite another reason."


def test_confirmation_from_a_digest_is_of_what_was_on_view(firm, member, made):
    address = reply_path(firm.member.pk, "confirm", (made.pk,))
    form = form_to(member.get(address), "")
    means_else(firm.retention, firm, "Something else altogether.")

    page = member.post(address, fields_of(form), follow=True)

    assert "It has changed since" in message_of(parsed(page))
    assert page.request["PATH_INFO"] == address
    made.refresh_from_db()
    assert made.confirmed_on == DAY - dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "query"),
    [("link_confirmation", ""), ("link_removal", "?version="), ("link_judgement_removal", "?undo=yes")],
)
def test_button_without_what_it_was_drawn_with_is_refused(firm, made, name, query):
    response = signed_in(firm.leader).post(reverse(name, args=[made.pk]) + query)

    assert "The button did not say what it was pressed on." in page_text(response, 400)
    assert Link.objects.filter(pk=made.pk, version=made.version).exists()
