"""Strategies written, published and taken back through their services."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lib.services import changes
from lib.services.dates import FIRST_DAY, LAST_DAY
from lib.services.errors import RefusedError, StaleError
from strategy.models import Goal, Strategy
from strategy.services import strategies as services
from strategy.services.goals import create_goal, edit_goal, move_goal
from teams.models import LogEntry
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def told(monkeypatch):
    """What is announced, with the action of its cause."""
    heard = []

    def listen(change, cause, at):
        heard.append((LogEntry.objects.get(pk=cause).action, change))

    monkeypatch.setattr(changes, "_listeners", [listen])
    return heard


@pytest.fixture
def draft():
    return make.StrategyFactory(key="next", title="Next year", status="draft")


def goal(title: str, **values) -> Goal:
    return make.GoalFactory(key=title.lower(), title=title, **{"status": "draft", **values})


def statuses() -> dict[str, str]:
    return dict(Goal.objects.values_list("key", "status"))


def last() -> LogEntry:
    return LogEntry.objects.latest("id")


def test_new_strategy_is_a_draft(leader):
    row = services.create_strategy(actor=leader, at=NOW, title=" Next year ", narrative="One\r\ntwo\r\n", owner=leader)
    row.refresh_from_db()

    assert (row.title, row.narrative, row.status) == ("Next year", "One\ntwo", "draft")
    assert (last().action, last().subject_id, last().actor) == ("strategy.created", row.pk, leader)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"title": "A\nB"}, "title"),
        ({"narrative": "a" * 50_001}, "narrative"),
        ({"starts_on": DAY, "ends_on": DAY - dt.timedelta(days=1)}, "ends_on"),
        ({"ends_on": dt.date(2101, 1, 1)}, "ends_on"),
        ({"starts_on": dt.date(1969, 12, 31)}, "starts_on"),
    ],
)
def test_strategy_that_cannot_be_is_refused_by_field(leader, draft, values, field):
    with pytest.raises(ValidationError) as new:
        services.create_strategy(actor=leader, at=NOW, **{"title": "Other", **values})
    with pytest.raises(ValidationError) as edited:
        services.edit_strategy(draft, actor=leader, at=NOW, version=draft.version, **values)

    assert list(new.value.error_dict) == list(edited.value.error_dict) == [field]
    assert list(Strategy.objects.values_list("title", flat=True)) == ["Next year"]


def test_strategy_and_goal_may_take_one_day_and_be_between_the_first_and_the_last_day_of_all(leader):
    for starts_on, ends_on in ((DAY, DAY), (FIRST_DAY, LAST_DAY)):
        days: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on}
        strategy = services.create_strategy(actor=leader, at=NOW, title="Short or long", **days)
        row = create_goal(actor=leader, at=NOW, title="Short or long", strategy=strategy, **days)
        assert (strategy.starts_on, strategy.ends_on) == (row.starts_on, row.ends_on) == (starts_on, ends_on)


def test_edited_strategy_tells_the_log_what_changed(leader, draft, told):
    row = services.edit_strategy(
        draft, actor=leader, at=NOW, version=draft.version, title="Soon", narrative="", owner=leader
    )

    assert (row.title, row.version) == ("Soon", draft.version + 1)
    assert last().changes == {"title": ["Next year", "Soon"], "owner": [None, leader.pk]}
    assert told == []


@pytest.mark.parametrize("name", ["starts_on", "ends_on"])
def test_dates_of_a_strategy_are_announced_with_its_root_goals(leader, told, name):
    strategy = make.StrategyFactory()
    growth = make.GoalFactory(strategy=strategy)
    make.GoalFactory(parent=growth)
    day: dict[str, Any] = {name: DAY}
    services.edit_strategy(strategy, actor=leader, at=NOW, version=1, **day)

    assert told == [("strategy.edited", changes.Changes(goals=[growth.pk], strategies=[strategy.pk]))]


def test_strategy_saved_as_it_was_says_nothing(leader, draft):
    services.edit_strategy(draft, actor=leader, at=NOW, version=draft.version, title=draft.title)

    assert not LogEntry.objects.exists()


def test_stale_save_of_a_strategy_brings_the_row_as_it_is(leader, draft):
    services.edit_strategy(draft, actor=leader, at=NOW, version=draft.version, title="Soon")

    with pytest.raises(StaleError) as stale:
        services.edit_strategy(draft, actor=leader, at=NOW, version=draft.version, title="Later")
    assert stale.value.current.title == "Soon"


def test_publishing_sets_its_draft_company_goals_active(leader, draft, told):
    growth = goal("Growth", strategy=draft)
    below = goal("Below", parent=growth)
    closed = goal("Closed", parent=growth, status="dropped")
    team = goal("Team", parent=growth, team=make.TeamFactory())
    elsewhere = goal("Elsewhere")
    row = services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version)

    assert row.status == "published"
    assert statuses() == {
        growth.key: "active",
        below.key: "active",
        closed.key: "dropped",
        team.key: "draft",
        elsewhere.key: "draft",
    }
    assert last().note == {"goals": [growth.pk, below.pk]}
    assert last() in LogEntry.objects.about("goal", below.pk)
    assert told == [("strategy.published", changes.Changes(goals=[growth.pk], strategies=[draft.pk]))]


def test_publishing_is_for_a_draft_with_a_goal(leader, draft):
    with pytest.raises(RefusedError, match="Add at least one"):
        services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version)
    published = make.StrategyFactory()
    with pytest.raises(RefusedError, match="Only a draft is published"):
        services.publish_strategy(published, actor=leader, at=NOW, version=published.version)
    goal("Growth", strategy=draft)
    with pytest.raises(StaleError):
        services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version + 1)


def test_undoing_a_publication_takes_back_exactly_its_goals(leader, draft, told):
    growth = goal("Growth", strategy=draft)
    goal("Before", strategy=draft, status="active")
    services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version)
    services.unpublish_strategy(draft, actor=leader, at=NOW)

    assert Strategy.objects.get().status == "draft"
    assert statuses() == {"growth": "draft", "before": "active"}
    assert (last().action, last().note) == ("strategy.unpublished", {"goals": [growth.pk]})
    assert [action for action, _change in told] == ["strategy.published", "strategy.unpublished"]

    services.publish_strategy(Strategy.objects.get(), actor=leader, at=NOW, version=Strategy.objects.get().version)
    assert statuses() == {"growth": "active", "before": "active"}


@pytest.mark.parametrize("what", ["strategy", "goal", "import", "raw goal"])
def test_publication_is_not_undone_after_another_change(leader, draft, what):
    growth = goal("Growth", strategy=draft)
    row = services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version)
    if what == "strategy":
        services.edit_strategy(row, actor=leader, at=NOW, version=row.version, title="Other")
    elif what == "goal":
        growth.refresh_from_db()
        edit_goal(growth, actor=leader, at=NOW, version=growth.version, weight=2)
    elif what == "import":
        make.LogEntryFactory(action="company.imported")
    else:
        Goal.objects.update(status="missed")

    with pytest.raises(RefusedError, match="Archive the strategy instead"):
        services.unpublish_strategy(row, actor=leader, at=NOW)
    assert Strategy.objects.get().status == "published"


def test_publication_is_not_undone_after_a_goal_of_it_moved_elsewhere(leader, draft):
    growth, elsewhere = goal("Growth", strategy=draft), make.StrategyFactory()
    goal("Reach", strategy=draft)
    row = services.publish_strategy(draft, actor=leader, at=NOW, version=draft.version)
    growth.refresh_from_db()
    move_goal(growth, actor=leader, at=NOW, version=growth.version, strategy=elsewhere)

    with pytest.raises(RefusedError, match="Archive the strategy instead"):
        services.unpublish_strategy(row, actor=leader, at=NOW)
    assert statuses() == {"growth": "active", "reach": "active"}


def test_publication_that_never_was_is_not_undone(leader, draft):
    with pytest.raises(RefusedError, match="no publication to undo"):
        services.unpublish_strategy(draft, actor=leader, at=NOW)
    with pytest.raises(RefusedError, match="no publication to undo"):
        services.unpublish_strategy(make.StrategyFactory(), actor=leader, at=NOW)


def test_archived_strategy_is_restored_as_it_was(leader, told):
    strategy = make.StrategyFactory()
    growth = make.GoalFactory(strategy=strategy)
    row = services.archive_strategy(strategy, actor=leader, at=NOW, version=1)
    assert row.status == "archived"
    assert statuses() == {growth.key: "active"}

    assert services.restore_strategy(row, actor=leader, at=NOW).status == "published"
    roots = changes.Changes(goals=[growth.pk], strategies=[strategy.pk])
    assert told == [("strategy.archived", roots), ("strategy.restored", roots)]


def test_only_what_is_published_is_archived_and_only_what_is_archived_restored(leader, draft):
    with pytest.raises(RefusedError, match="Only a published strategy is archived"):
        services.archive_strategy(draft, actor=leader, at=NOW, version=draft.version)
    with pytest.raises(RefusedError, match="Only an archived strategy is restored"):
        services.restore_strategy(draft, actor=leader, at=NOW)


def test_removed_draft_takes_its_draft_goals_along(leader, draft):
    growth = goal("Growth", strategy=draft)
    goal("Deeper", parent=goal("Below", parent=growth))
    make.MeasureFactory(goal=growth)
    services.remove_strategy(draft, actor=leader, at=NOW, version=draft.version)

    assert not Strategy.objects.exists()
    assert not Goal.objects.exists()
    assert last().note == {"goals": 3}
    assert (last().changes["key"], last().changes["title"]) == (["next", None], ["Next year", None])


def test_draft_strategy_stays_where_something_hangs_on_its_goals(leader, draft):
    growth = goal("Growth", strategy=draft)
    below = goal("Below", parent=growth)
    make.LinkFactory(goal=growth)

    with pytest.raises(RefusedError, match="Work is linked to “Growth”"):
        services.remove_strategy(draft, actor=leader, at=NOW, version=draft.version)
    assert Goal.objects.filter(pk=below.pk).exists()
    Goal.objects.filter(pk=below.pk).update(status="active")
    with pytest.raises(RefusedError, match="Only drafts are removed"):
        services.remove_strategy(draft, actor=leader, at=NOW, version=draft.version)


def test_published_strategy_is_not_removed(leader):
    row = make.StrategyFactory()

    with pytest.raises(RefusedError, match="Only a draft is removed"):
        services.remove_strategy(row, actor=leader, at=NOW, version=row.version)
