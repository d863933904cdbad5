"""Hints beside a strategy that is being written: what its draft goals lack, and how they are worded."""

from __future__ import annotations

import pytest
from django.urls import reverse

from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Strategy
from strategy.wording import names_activity
from tests import factories as make
from tests.html import page_text, parsed, texts_of


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Launch the new app", True),
        ("Launching the new app", True),
        ("“Migrating” to the cloud", True),
        ("Running a survey", True),
        ("Set up a call centre", True),
        ("Nobody waits on the telephone", False),
        ("Opening hours suit our customers", False),
        ("Launches are calm", False),
        ("Settings are found at once", False),
        ("Grow in the north", False),
        ("", False),
    ],
)
def test_title_that_begins_with_what_is_done_names_an_activity(title: str, is_one: bool) -> None:
    assert names_activity(title) is is_one


@pytest.fixture
def draft(db: None) -> Strategy:
    """Two sound goals, one that lacks everything, five more without a why, and one at the top that is closed."""
    owner = make.LeaderFactory(name="Owner")
    strategy = make.StrategyFactory(key="next", status=StrategyStatus.DRAFT)
    sound = {"strategy": strategy, "status": GoalStatus.DRAFT, "owner": owner}
    for title in ("Calm mornings", "Nobody waits"):
        make.MeasureFactory(goal=make.GoalFactory(title=title, **sound))
    make.GoalFactory(strategy=strategy, status=GoalStatus.DRAFT, title="Launch the app", why="", owner=None)
    for number in range(5):
        make.MeasureFactory(goal=make.GoalFactory(title=f"Goal {number}", why="", **sound))
    make.GoalFactory(strategy=strategy, status=GoalStatus.DROPPED, title="Gone", why="", owner=None)
    return strategy


HINTS = [
    "It has 8 goals at the top. Three to five that everybody knows do more: could some of them stand below others?",
    "6 draft goals have no why. Teams decide by it. Launch the app, Goal 0, Goal 1, and 3 more",
    "1 draft goal has no measure. Say how we would see that it is reached. Launch the app",
    "1 draft goal has no owner. Say whom to ask. Launch the app",
    "1 draft goal says what will be done. Say what will be so when it is done: people find their own ways there. "
    "Launch the app",
]


@pytest.mark.parametrize("name", ["strategy_detail", "strategy_publication"])
def test_leader_reads_what_a_draft_lacks(draft: Strategy, client, name: str) -> None:
    client.force_login(make.LeaderFactory())
    shown = parsed(client.get(reverse(name, args=[draft.key])))
    assert [" ".join(text.split()) for text in texts_of(shown, ".hints > li")] == HINTS


def test_member_reads_none_of_a_published_strategy(draft: Strategy, client) -> None:
    Strategy.objects.update(status=StrategyStatus.PUBLISHED)
    client.force_login(make.PersonFactory())
    assert "Before it is published" not in page_text(client.get(f"/strategies/{draft.key}/"))


def test_sound_strategy_has_no_hints(client, db: None) -> None:
    strategy = make.StrategyFactory(status=StrategyStatus.DRAFT)
    goal = make.GoalFactory(
        strategy=strategy, status=GoalStatus.DRAFT, owner=make.LeaderFactory(), visibility=Visibility.LEADERS
    )
    make.MeasureFactory(goal=goal)
    client.force_login(make.LeaderFactory())
    assert "Before it is published" not in page_text(client.get(f"/strategies/{strategy.key}/"))
