"""“See what it would do” says what saving would refuse, on every page that has it, and an effect of nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.models import Link
from lib.services.trials import stop_a_trial, tried
from teams.enums import Role
from teams.models import Initiative, LogEntry, Person
from teams.services.initiatives import change_status
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, forms, page_text
from tests.queries import counted
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
DID = "What this would do"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(firm):
    """An administrator, who may do all of it."""
    return signed_in(make.PersonFactory(name="Ada Admin", role=Role.ADMIN))


def address_of(page: str) -> str:
    """With the id of a link in the place of its two keys."""
    found = re.fullmatch(r"link of (\w+) to (\w+)", page)
    if found is None:
        return page
    made = Link.objects.get(initiative__key=found.group(1), goal__key=found.group(2))
    return reverse("link_edit", args=[made.pk])


def opened(client, address: str) -> dict[str, Any]:
    """What the form that the page shows would send."""
    (form,) = [form for form in forms(client.get(address)) if form.select("button[name=weighed]")]
    return fields_of(form)


def answers(client, page: str, typed: dict[str, str]) -> tuple[Any, Any]:
    """The page of what it would do, and of saving, of the same typed form; and nothing is done by the first."""
    address = address_of(page)
    data = {**opened(client, address), **typed}
    before = (list(LogEntry.objects.values()), list(Initiative.objects.values()), list(Link.objects.values()))
    weighed = client.post(address, {**data, "weighed": "yes"})
    assert (list(LogEntry.objects.values()), list(Initiative.objects.values()), list(Link.objects.values())) == before
    return weighed, client.post(address, data)


REFUSED = {
    "dropped without a reason": ("/initiatives/faster/status/", {"status": "dropped"}, "reason"),
    "an end before the start": (
        "/initiatives/faster/edit/",
        {"starts_on": "2026-09-01", "ends_on": "2026-08-01"},
        "ends_on",
    ),
    "an exploration without an end": (
        "/initiatives/loose/kind/",
        {"kind": "explore", "declaration": "Why?", "ends_on": ""},
        "ends_on",
    ),
    "upkeep without a reason": ("/initiatives/loose/kind/", {"kind": "sustain"}, "declaration"),
    "a goal’s end before its start": (
        "/goals/growth/edit/",
        {"starts_on": "2026-09-01", "ends_on": "2026-08-01", "meaning_changed": "no"},
        "ends_on",
    ),
    "a goal that does not say whether it means something else": (
        "/goals/growth/edit/",
        {"title": "Grow"},
        "meaning_changed",
    ),
    "a strategy’s end before its start": (
        "/strategies/plan/edit/",
        {"starts_on": "2026-09-01", "ends_on": "2026-08-01"},
        "ends_on",
    ),
    "a review day that has passed": ("link of half to retention", {"review_on": "2020-01-01"}, "review_on"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_saving_would_refuse_is_said_in_the_same_words_and_has_no_effect(client, what: str) -> None:
    page, typed, field = REFUSED[what]
    weighed, saved = answers(client, page, typed)

    assert (weighed.status_code, saved.status_code) == (422, 422)
    assert field in weighed.context["form"].errors
    assert weighed.context["form"].errors == saved.context["form"].errors
    assert DID not in page_text(weighed, 422)
    assert {name: weighed.context["form"][name].value() for name in typed} == typed


TAKEN = {
    "dropped with a reason": ("/initiatives/faster/status/", {"status": "dropped", "reason": "It is late."}),
    "another effort": ("/initiatives/faster/edit/", {"effort": "9"}),
    "upkeep": ("/initiatives/loose/kind/", {"kind": "sustain", "declaration": "It has to run."}),
    "a weight": ("/goals/growth/edit/", {"weight": "9"}),
    "an end": ("/strategies/plan/edit/", {"ends_on": "2030-01-01"}),
    "a share": ("link of half to retention", {"share": "10"}),
    "the default effort": ("/settings/company/", {"default_effort": "3"}),
    "nothing": ("/initiatives/faster/edit/", {}),
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_saving_would_take_has_its_effect(client, what: str) -> None:
    weighed, saved = answers(client, *TAKEN[what])

    assert (weighed.status_code, saved.status_code) == (200, 302)
    assert DID in page_text(weighed)


@pytest.mark.parametrize("what", TAKEN)
def test_trial_and_effect_take_few_queries(client, what: str) -> None:
    page, typed = TAKEN[what]
    address = address_of(page)
    data = {**opened(client, address), **typed, "weighed": "yes"}
    with CaptureQueriesContext(connection) as seen:
        client.post(address, data)
    assert counted(seen) <= 14, "\n".join(query["sql"][:150] for query in seen)


def test_stale_form_shows_both_texts_before_what_it_would_do(client) -> None:
    data = opened(client, "/initiatives/faster/edit/") | {"title": "Mine", "weighed": "yes"}
    Initiative.objects.filter(key="faster").update(title="Theirs")

    page = client.post("/initiatives/faster/edit/", data)

    assert page.status_code == 409
    assert [(row.now, row.yours) for row in page.context["page"].differences] == [("Theirs", "Mine")]
    assert DID not in page_text(page, 409)


def test_trial_ends_with_its_step_and_writes_nothing(client, firm) -> None:
    work, admin = firm.work["faster"], Person.objects.get(name="Ada Admin")
    before = LogEntry.objects.count()

    assert tried(lambda: change_status(work, actor=admin, at=NOW, version=work.version, status="done"))

    stop_a_trial()  # outside of one, nothing happens
    assert (LogEntry.objects.count(), Initiative.objects.get(pk=work.pk).status) == (before, "active")
    assert change_status(work, actor=admin, at=NOW, version=work.version, status="done").status == "done"
