"""Keys of what not everybody may see tell nothing, and lead on once everybody may."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from lib.forms.sending import MOVED_FROM
from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Measure, Strategy
from strategy.services.goals import activate_goal, create_goal, edit_goal, move_goal
from strategy.services.measures import create_measure
from strategy.services.strategies import create_strategy, publish_strategy, unpublish_strategy
from teams.models import Person
from tests import factories as make
from tests.exchange.bundles import counted, exported, lines_of
from tests.factories import NOW
from tests.strategy.conftest import signed_in
from tests.tokens import token

pytestmark = pytest.mark.django_db
TITLE = "Takeover of Acme"


@pytest.fixture
def by() -> dict[str, Any]:
    return {"actor": make.LeaderFactory(), "at": NOW}


def is_unguessed(row: Any) -> bool:
    """A key of the kind of row and 64 bits of chance, whatever its title."""
    kind, _, rest = row.key.rpartition("-")
    return kind == type(row).__name__.lower() and len(rest) == 16 and set(rest) <= set("0123456789abcdef")


def draft(by: dict[str, Any]) -> tuple[Strategy, Goal, Measure]:
    """A strategy that is written, with a goal below its goal, and a measure of that."""
    strategy = create_strategy(title=TITLE, **by)
    root = create_goal(title=TITLE, strategy=strategy, **by)
    goal = create_goal(title=f"{TITLE}, signed", parent=root, **by)
    return strategy, goal, create_measure(goal, title="Acme’s price", target=Decimal(1), **by)


def now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def test_keys_of_a_draft_tell_nothing_and_are_readable_once_it_is_published(by: dict[str, Any]) -> None:
    strategy, goal, measure = draft(by)
    versions = [now(goal).version, now(measure).version]

    assert all(is_unguessed(row) for row in (strategy, goal.parent, goal, measure))
    published = publish_strategy(strategy, version=strategy.version, **by)

    assert [published.key, now(strategy).key] == ["takeover-of-acme"] * 2
    assert [now(row).key for row in (goal.parent, goal)] == ["takeover-of-acme", "takeover-of-acme-signed"]
    assert now(measure).key == "acmes-price"
    assert [now(goal).version, now(measure).version] == [versions[0] + 1, versions[1]], "a key alone is no new version"


def test_goals_of_one_title_that_are_published_together_are_numbered(by: dict[str, Any]) -> None:
    strategy = create_strategy(title=TITLE, **by)
    goals = [create_goal(title=TITLE, strategy=strategy, **by) for _ in range(2)]
    publish_strategy(strategy, version=strategy.version, **by)

    assert [now(goal).key for goal in goals] == ["takeover-of-acme", "takeover-of-acme-2"]


def test_taking_the_publication_back_keeps_the_keys_that_everybody_has_seen(by: dict[str, Any]) -> None:
    strategy, goal, _measure = draft(by)
    published = publish_strategy(strategy, version=strategy.version, **by)
    unpublish_strategy(published, **by)
    assert (now(strategy).key, now(goal).key) == ("takeover-of-acme", "takeover-of-acme-signed")
    publish_strategy(now(strategy), version=now(strategy).version, **by)
    assert (now(strategy).key, now(goal).key) == ("takeover-of-acme", "takeover-of-acme-signed")


def test_address_of_before_leads_to_the_one_of_now(by: dict[str, Any]) -> None:
    strategy, goal, measure = draft(by)
    former = {row: row.key for row in (strategy, goal, measure)}
    reader = signed_in(make.PersonFactory())
    assert reader.get(f"/goals/{goal.key}/").status_code == 404
    assert reader.get(f"/api/v1/goals/{goal.key}/").status_code == 404
    publish_strategy(strategy, version=strategy.version, **by)

    def led(client: Client, address: str) -> tuple[int, str]:
        response = client.get(address)
        return response.status_code, response.headers.get("Location", "")

    assert led(reader, f"/goals/{former[goal]}/?sort=x") == (301, "/goals/takeover-of-acme-signed/?sort=x")
    assert led(reader, f"/strategies/{former[strategy]}/") == (301, "/strategies/takeover-of-acme/")
    assert led(reader, f"/api/v1/goals/{former[goal]}/") == (301, "/api/v1/goals/takeover-of-acme-signed/")
    work = f"/initiatives/?q=a&goal={former[goal]}"
    assert led(reader, work) == (301, "/initiatives/?q=a&goal=takeover-of-acme-signed")
    leader = signed_in(by["actor"])
    assert led(leader, f"/measures/{former[measure]}/edit/") == (301, "/measures/acmes-price/edit/")
    below = reader.get("/api/v1/goals/", {"parent": goal.parent.key}).json()["results"]
    assert [row["key"] for row in below] == ["takeover-of-acme-signed"]


def test_form_opened_before_is_saved_after(by: dict[str, Any]) -> None:
    strategy, goal, _measure = draft(by)
    publish_strategy(strategy, version=strategy.version, **by)
    Goal.objects.filter(pk=goal.pk).update(visibility=Visibility.LEADERS)
    leader = signed_in(by["actor"])
    before, after = f"/goals/{goal.key}/closure/", "/goals/takeover-of-acme-signed/closure/"
    sent = {"version": now(goal).version, "ending": "dropped", "reason": "Too dear."}
    sent["sending"] = token(by["actor"].pk, before)

    response = leader.post(before, sent)

    assert (response.status_code, response.headers["Location"]) == (308, f"{after}?{urlencode({MOVED_FROM: before})}")
    assert leader.post(response.headers["Location"], sent).status_code == 302
    assert now(goal).status == GoalStatus.DROPPED


@pytest.mark.parametrize("visible", [False, True])
def test_goal_gets_its_readable_key_when_nothing_hides_it(by: dict[str, Any], *, visible: bool) -> None:
    marked = make.GoalFactory(key="marked", visibility=Visibility.LEADERS)
    goal = create_goal(title=TITLE, parent=marked, **by)
    activate_goal(goal, version=goal.version, **by)
    assert is_unguessed(now(goal)), "the goal above still hides it"
    if visible:
        edit_goal(marked, version=marked.version, visibility=Visibility.COMPANY, **by)
    else:
        move_goal(now(goal), version=now(goal).version, strategy=make.StrategyFactory(), **by)
    assert now(goal).key == "takeover-of-acme"


def test_measure_of_a_hidden_goal_tells_nothing(by: dict[str, Any]) -> None:
    goal = make.GoalFactory(visibility=Visibility.LEADERS)
    measure = create_measure(goal, title="Acme’s price", target=Decimal(1), **by)
    assert is_unguessed(measure)
    edit_goal(goal, version=goal.version, visibility=Visibility.COMPANY, **by)
    assert now(measure).key == "acmes-price"
    assert create_measure(now(goal), title="Acme’s price", target=Decimal(1), **by).key == "acmes-price-2"


def own_goal(lead: Person, title: str) -> Goal:
    team = make.MembershipFactory(person=lead, role="lead").team
    vars(lead).pop("team_roles", None)
    return create_goal(title=title, team=team, active=True, actor=lead, at=NOW)


def test_key_made_beside_a_hidden_title_does_not_tell_it(by: dict[str, Any]) -> None:
    strategy, goal, _measure = draft(by)
    assert own_goal(make.PersonFactory(), TITLE).key == "takeover-of-acme"
    publish_strategy(strategy, version=strategy.version, **by)
    assert now(goal.parent).key == "takeover-of-acme-2", "from now on everybody sees both"


def test_key_made_beside_a_readable_hidden_one_is_no_number_behind_it() -> None:
    """As a bundle may have it, whose keys stay."""
    hidden = make.GoalFactory(key="takeover-of-acme", status=GoalStatus.DRAFT)
    goal = own_goal(make.PersonFactory(), TITLE)
    assert is_unguessed(goal)
    assert now(hidden).key == "takeover-of-acme"


def test_keys_of_a_bundle_stay_and_an_older_export_finds_its_rows(by: dict[str, Any]) -> None:
    strategy, goal, _measure = draft(by)
    make.GoalFactory(key="secret-plan", status=GoalStatus.DRAFT)
    older = exported()
    publish_strategy(strategy, version=strategy.version, **by)
    before = {kind: kind.objects.count() for kind in (Strategy, Goal, Measure)}

    counts = counted({name: text for name, text in older.items() if name in FILES})

    assert {kind: kind.objects.count() for kind in (Strategy, Goal, Measure)} == before
    assert counts["measures"] == (0, 0, 1)
    assert now(goal).status == GoalStatus.DRAFT, "what the export says"
    assert [now(strategy).status, now(strategy).key] == [StrategyStatus.DRAFT, "takeover-of-acme"]
    assert "secret-plan" in {line.split(",")[0] for line in lines_of("goals")}


def test_set_of_an_older_export_finds_its_rows(by: dict[str, Any]) -> None:
    """The goals that a mission serves stand in one cell."""
    strategy, goal, _measure = draft(by)
    publish_strategy(strategy, version=strategy.version, **by)
    make.TeamFactory(key="crew")
    counted({"teams.csv": f"key,mission_goals\ncrew,{goal.parent.key};{goal.key}\n"})

    assert {*Goal.objects.filter(serving__key="crew")} == {goal.parent, goal}


FILES = ("people.csv", "strategies.csv", "goals.csv", "measures.csv")
