"""The page of what waits for the reader, and the way back to it from the answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Flag
from lib.forms.returning import answered_from
from strategy.models import Goal
from teams.models import Company, Initiative
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_named, parsed, source_of, text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

QUERIES = 9
"""Two for the session and its person, the company, the list, flags, their links, links to judge, and two for
namesakes."""


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with time_machine.travel(NOW + dt.timedelta(days=8), tick=False):
        yield


def page(person: Any, query: str = "") -> Any:
    response = signed_in(person).get(f"/waiting/{query}")
    assert response.status_code == 200
    return response


def entries(response: Any) -> list[str]:
    return [str(entry["id"]) for entry in parsed(source_of(response)).select("[data-asks] > li")]


def test_page_says_how_many_things_wait_and_in_which_order(firm):
    said = page(firm.leader)

    assert texts_of(source_of(said), "p.lede") == [
        "9 things: first what most effort hangs on, then what has waited longest."
    ]
    assert entries(said)[:2] == [f"team-{firm.search.pk}", f"team-{firm.product.pk}"]


def test_page_takes_as_many_queries_with_many_things_as_with_few(firm):
    client = signed_in(firm.leader)
    for _ in range(25):
        make.FlagFactory(code="orphan", initiative=make.InitiativeFactory(team=firm.search), first_seen=DAY)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert len(entries(client.get("/waiting/"))) == 20
    assert len(found) <= QUERIES


def test_rest_is_on_further_pages(firm):
    for _ in range(25):
        make.FlagFactory(code="orphan", initiative=make.InitiativeFactory(team=firm.search), first_seen=DAY)
    first = page(firm.leader)
    [following] = links_named(source_of(first), "Show the next ones")
    rest = page(firm.leader, following)

    assert len(entries(first)) + len(entries(rest)) == len({*entries(first), *entries(rest)}) == 34
    assert "Back to the start" in text_of(rest)


def test_list_opens_at_the_entry_that_comes_next(firm):
    for _ in range(25):
        make.FlagFactory(code="orphan", initiative=make.InitiativeFactory(team=firm.search), first_seen=DAY)
    last = entries(page(firm.leader, links_named(source_of(page(firm.leader)), "Show the next ones")[0]))[-1]

    [opened] = parsed(source_of(page(firm.leader, f"?at=initiative-999999,{last}"))).select("[autofocus]")
    assert opened["id"] == last
    assert not parsed(source_of(page(firm.leader, "?at=nobody-1"))).select("[autofocus]")


def test_list_without_anything_says_so(firm):
    viewer = make.ViewerFactory()

    assert "Nothing waits for you. Thank you." in text_of(page(viewer))


def test_what_is_with_its_team_for_now_is_counted(firm):
    Flag.objects.filter(initiative__isnull=False).update(first_seen=DAY + dt.timedelta(days=8))

    assert "3 more are with their teams for now" in text_of(page(firm.leader))
    assert "with their teams" not in text_of(page(firm.member))


def test_answer_leads_back_to_the_next_entry_and_so_does_its_undo(firm):
    client = signed_in(firm.leader)
    first, second, *_ = entries(client.get("/waiting/"))
    flag = Flag.objects.get(team=firm.search, code="no_mission")
    address = f"/flags/{flag.pk}/snooze/?back=waiting&then={first}%2C{second}"
    form = parsed(source_of(client.get(address)))
    [cancel] = [link["href"] for link in form.select("main form a") if link.text == "Cancel"]
    data = {str(field["name"]): field.get("value", "") for field in form.select("main form input[name]")}
    sent = client.post(address, data | {"reason": "Next quarter."}, follow=True)

    assert cancel == sent.redirect_chain[-1][0] == f"/waiting/?at={first}%2C{second}"
    assert [each["id"] for each in parsed(source_of(sent)).select("[autofocus]")] == [first]
    [undo] = [str(each["action"]) for each in parsed(source_of(sent)).select(".messages form")]
    assert client.post(undo)["Location"] == "/waiting/"
    flag.refresh_from_db()
    assert flag.snoozed_until is None


def test_way_back_is_to_a_list_that_is_known(firm):
    client = signed_in(firm.leader)
    work = Initiative.objects.get(key="loose")
    for back in ("https://elsewhere.example", "//elsewhere.example", "flags"):
        html = source_of(client.get(f"/initiatives/{work.key}/kind/?back={back}&then=<script>"))
        assert links_named(html, "Cancel") == [f"/initiatives/{work.key}/"]
    assert answered_from("/teams/a/#support", "waiting", "team-1") == "/teams/a/?back=waiting&then=team-1#support"


def test_finding_a_goal_keeps_the_way_back(firm):
    html = source_of(signed_in(firm.leader).get("/initiatives/loose/links/new/?back=waiting&then=team-1"))
    search = parsed(html).select("form[role=search] input[type=hidden]")

    assert {str(each["name"]): each["value"] for each in search} == {"back": "waiting", "then": "team-1"}


def test_goal_for_leaders_is_on_no_list_of_others(firm):
    Goal.objects.filter(pk=firm.secret.pk).update(owner=firm.leader)
    make.MembershipFactory(team=firm.product, person=firm.member, role="lead")

    assert firm.secret.title not in text_of(page(firm.member))
    assert firm.secret.title in text_of(page(firm.leader))


def test_links_of_a_team_to_confirm_again_are_looked_at_together(firm):
    for key in ("faster", "lost"):
        make.FlagFactory(code="reconfirm", initiative=firm.work[key], first_seen=DAY)
    html = source_of(page(firm.leader))

    assert {url.partition("?")[0] for url in links_named(html, "Look at the team’s links together")} == {
        "/teams/search/confirmations/"
    }
    Flag.objects.filter(code="reconfirm", initiative=firm.work["lost"]).delete()
    assert "together" not in text_of(page(firm.leader))


def test_home_and_list_count_the_same(firm):
    home = source_of(signed_in(firm.leader).get("/"))
    [said] = texts_of(source_of(page(firm.leader)), "p.lede")

    assert links_named(home, "See all 9") == ["/waiting/"]
    assert said.startswith("9 things")


@pytest.mark.parametrize(("baseline", "current"), [("0", "5"), ("12.5", "123456789012345.000001")])
def test_check_in_that_is_due_says_where_the_measure_stands(firm, baseline, current):
    make.MeasureFactory(
        goal=firm.growth, title="Customers", keeper=firm.member, baseline=baseline, current=current, target="7.25"
    )
    Company.objects.update(check_in_rhythm="week")
    said = text_of(page(firm.member))
    assert "Customers" in said
    assert "7.25" in said
