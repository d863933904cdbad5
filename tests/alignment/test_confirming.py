"""A team's links are confirmed together, with what changed of their goals before them (spec/alignment.md, *Flags*)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from alignment.models import Link
from strategy.models import Goal
from strategy.services import goals
from teams.models import LogEntry
from tests import factories as make
from tests.alignment.hills import TOMORROW, Hills, build_hills, open_flags
from tests.html import fields_of, form_to, page_text, parsed, text_of, texts_of
from tests.strategy.editions import begin_editions

pytestmark = pytest.mark.django_db

PAGE = "/teams/crew/confirmations/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def kept(whole_module: None) -> Hills:
    hills = build_hills()
    begin_editions()
    return hills


@pytest.fixture
def hills(kept: Hills, db: None) -> Hills:
    """The goals `top`, above that of "Climb", and `beside`, of "Split" and of Others, mean something else."""
    means_else(kept, "top", "Nobody waits on the telephone.")
    means_else(kept, "beside", "")
    return kept


def means_else(hills: Hills, key: str, why: str, *, later: dt.timedelta = dt.timedelta()) -> None:
    row = Goal.objects.get(key=key)
    by: dict[str, Any] = {"actor": hills.admin, "at": TOMORROW + later, "version": row.version}
    goals.edit_goal(row, title=f"{row.title} now", why=why, meaning_changed=True, because="We learned.", **by)


@pytest.fixture
def client(hills: Hills) -> Any:
    """Of a lead of Crew, two hours after the goals changed."""
    client = Client()
    client.force_login(make.MembershipFactory(team=hills.crew, role="lead").person)
    with time_machine.travel(TOMORROW + 2 * HOUR, tick=False):
        yield client


def asked() -> set[str]:
    return {key for code, key in open_flags() if code == "reconfirm"}


def sent(page: Any) -> dict[str, Any]:
    return fields_of(form_to(page, "")) | {"holds": [box["value"] for box in parsed(page).select("[name=holds]")]}


def test_page_has_what_changed_and_the_links_that_rest_on_it(client: Any, hills: Hills) -> None:
    assert asked() == {"climb", "split", "steady"}
    page = client.get(PAGE)
    assert [title.split()[-1] for title in texts_of(page, "section h2")] == ["now", "now"]
    assert "Nobody waits on the telephone." in text_of(page)
    shown = [" ".join(text.split()) for text in texts_of(page, ".choices li label")]
    assert [text.partition(" (")[0] for text in shown] == [hills.work["climb"].title, hills.work["split"].title]
    assert hills.work["steady"].title not in text_of(page)


def test_those_chosen_are_confirmed_and_the_others_stay(client: Any, hills: Hills) -> None:
    form = sent(client.get(PAGE))
    form["holds"] = [value for value in form["holds"] if value.startswith(f"{hills.links['climb'].pk}-")]
    done = client.post(PAGE, form, follow=True)
    assert "1 link confirmed" in text_of(done)
    assert asked() == {"split", "steady"}
    client.post(PAGE, sent(client.get(PAGE)))
    assert asked() == {"steady"}
    assert LogEntry.objects.filter(action="link.confirmed").count() == 2
    assert "No link of" in text_of(client.get(PAGE, follow=True))


def test_nothing_is_confirmed_where_one_goal_changed_since(client: Any, hills: Hills) -> None:
    form = sent(client.get(PAGE))
    means_else(hills, "beside", "And again.", later=3 * HOUR)
    refused = client.post(PAGE, form)
    assert "Nothing was confirmed: look at" in page_text(refused, 422)
    assert asked() == {"climb", "split", "steady"}
    with time_machine.travel(TOMORROW + 4 * HOUR, tick=False):
        client.post(PAGE, sent(client.post(PAGE, form)))
    assert asked() == {"steady"}


def test_nothing_is_confirmed_where_a_goal_above_changed_since(client: Any, hills: Hills) -> None:
    """The goal itself is at the version that was on view."""
    form = sent(client.get(PAGE))
    with time_machine.travel(TOMORROW + 4 * HOUR, tick=False):
        means_else(hills, "top", "They hang up.", later=3 * HOUR)
        assert "Nothing was confirmed: look at" in page_text(client.post(PAGE, form), 422)
    assert asked() == {"climb", "split", "steady"}


def test_link_that_is_gone_is_passed_over(client: Any, hills: Hills) -> None:
    form = sent(client.get(PAGE))
    Link.objects.filter(pk=hills.links["rest"].pk).delete()
    assert "1 link confirmed" in text_of(client.post(PAGE, form, follow=True))


def test_links_that_somebody_else_confirmed_are_not_counted(client: Any, hills: Hills) -> None:
    form, other = sent(client.get(PAGE)), sent(client.get(PAGE))
    client.post(PAGE, form)
    assert "nothing was left to confirm" in text_of(client.post(PAGE, other, follow=True))


@pytest.mark.parametrize("holds", [[], ["1-2"], ["x"], ["1-2-" + "9" * 19]])
def test_nothing_chosen_is_asked_about(client: Any, holds: list[str]) -> None:
    form = sent(client.get(PAGE)) | {"holds": holds}
    assert "Choose the links that still hold" in page_text(client.post(PAGE, form), 422)


def test_what_was_for_leaders_is_not_told(client: Any, hills: Hills) -> None:
    Goal.objects.filter(key="top").update(visibility="leaders")
    assert "Nobody waits" not in text_of(client.get(PAGE))


def test_queries_do_not_grow(client: Any, hills: Hills, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        page_text(client.get(PAGE))


def test_team_page_leads_there_whoever_works_on_it(client: Any, hills: Hills) -> None:
    assert parsed(client.get("/teams/crew/")).select(f"a[href='{PAGE}']")
    other = Client()
    other.force_login(make.PersonFactory())
    assert other.get(PAGE).status_code == 403
    assert not parsed(other.get("/teams/crew/")).select(f"a[href='{PAGE}']")
