"""Goals written, closed, moved and removed through their services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from lib.db.triggers import TREE_DEPTH_LIMIT
from lib.services import changes
from lib.services.changes import Changes
from lib.services.errors import RefusedError, StaleError
from strategy.models import CheckIn, Goal
from strategy.selectors.places import goals_above
from strategy.services import goals as services
from teams.models import Company, LogEntry
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def growth():
    return make.GoalFactory(key="growth", title="Growth")


@pytest.fixture
def crew():
    return make.TeamFactory(key="crew", name="Crew")


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(changes, "_listeners", [lambda change, _cause, _at: heard.append(change)])
    return heard


def last() -> LogEntry:
    return LogEntry.objects.latest("id")


def create(actor, **values) -> Goal:
    return services.create_goal(actor=actor, at=NOW, **{"title": "New goal", **values})


def edit(row: Goal, actor, **values) -> Goal:
    return services.edit_goal(row, actor=actor, at=NOW, version=row.version, **values)


def close(row: Goal, actor, **values) -> Goal:
    return services.close_goal(
        row, actor=actor, at=NOW, version=row.version, **{"status": "missed", "reason": "Too late.", **values}
    )


def move(row: Goal, actor, **place) -> Goal:
    return services.move_goal(row, actor=actor, at=NOW, version=row.version, **place)


def remove(row: Goal, actor) -> None:
    services.remove_goal(row, actor=actor, at=NOW, version=row.version)


def test_company_goal_starts_as_a_draft_at_the_top_of_its_strategy(leader, told):
    strategy = make.StrategyFactory()
    row = create(leader, strategy=strategy, weight=Decimal("2.5"), why=" Because\r\nso ", owner=leader)
    row.refresh_from_db()

    assert (row.status, row.strategy, row.parent, row.team) == ("draft", strategy, None, None)
    assert (row.weight, row.why, row.path) == (Decimal("2.5"), "Because\nso", [row.pk])
    assert told == [Changes(goals=[row.pk])]
    assert last().changes["strategy"] == [None, strategy.pk]


def test_goal_below_another_is_in_no_strategy_and_is_told_with_its_parent(leader, growth, told):
    row = create(leader, parent=growth)

    assert (row.strategy, row.parent, row.team, row.path) == (None, growth, None, [growth.pk, row.pk])
    assert told == [Changes(goals=[row.pk])]


def test_goal_of_a_team_may_start_active_by_itself_or_below_a_company_goal(leader, growth, crew):
    own = create(leader, team=crew, active=True)
    below = create(leader, team=crew, parent=growth)

    assert (own.status, own.strategy, own.parent, own.team) == ("active", None, None, crew)
    assert (below.status, below.strategy, below.parent, below.team) == ("draft", None, growth, crew)
    assert create(leader, parent=below).team == crew


def test_goal_without_a_place_is_refused_in_words(leader, growth, crew):
    other = make.GoalFactory(team=crew)
    archived = make.StrategyFactory(status="archived")
    for place, words in (
        ({}, "Choose one, or a goal to put it below"),
        ({"strategy": make.StrategyFactory(), "team": crew}, "own goal is in no strategy"),
        ({"strategy": growth.strategy, "parent": growth}, "Choose one place of the two"),
        ({"parent": other, "team": make.TeamFactory()}, "is a goal of another team"),
        ({"strategy": archived}, "is archived"),
        ({"strategy": growth.strategy, "active": True}, "starts as a draft"),
    ):
        with pytest.raises(RefusedError, match=words):
            create(leader, **place)
    assert Goal.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"why": "a" * 50_001}, "why"),
        ({"weight": Decimal(0)}, "weight"),
        ({"weight": Decimal(100_000)}, "weight"),
        ({"kind": "wish"}, "kind"),
        ({"starts_on": DAY, "ends_on": DAY - dt.timedelta(days=1)}, "ends_on"),
        ({"ends_on": dt.date(9999, 1, 1)}, "ends_on"),
        ({"visibility": "nobody"}, "visibility"),
    ],
)
def test_goal_that_cannot_be_is_refused_by_field(leader, growth, values, field):
    with pytest.raises(ValidationError) as new:
        create(leader, parent=growth, **values)
    with pytest.raises(ValidationError) as edited:
        edit(growth, leader, **values)

    assert list(new.value.error_dict) == list(edited.value.error_dict) == [field]


def test_only_leaders_make_a_goal_confidential_or_open(leader, growth, crew):
    member = make.PersonFactory()
    make.MembershipFactory(team=crew, person=member, role="lead")
    Goal.objects.filter(pk=growth.pk).update(owner=member)
    growth.refresh_from_db()
    with pytest.raises(ValidationError, match="Only leaders"):
        create(member, team=crew, visibility="leaders")
    with pytest.raises(ValidationError, match="Only leaders"):
        edit(growth, member, visibility="leaders")
    hidden = edit(growth, leader, visibility="leaders")
    with pytest.raises(ValidationError, match="Only leaders"):
        edit(hidden, member, visibility="company")

    assert edit(hidden, member, weight=2, visibility="leaders").weight == 2


def test_edit_of_an_active_goal_says_whether_its_meaning_changed(leader, growth, told):
    for change in ({"title": "More"}, {"why": "Other"}, {"kind": "aspirational"}, {"ends_on": DAY}):
        with pytest.raises(ValidationError) as error:
            edit(growth, leader, **change)
        assert list(error.value.error_dict) == ["meaning_changed"]

    same = edit(growth, leader, title="More", meaning_changed=False)
    assert same.meaning_changed_on is None
    other = edit(same, leader, why="Other", meaning_changed=True)
    assert other.meaning_changed_on == DAY
    assert last().changes == {
        "why": ["Because customers ask for it.", "Other"],
        "meaning_changed_on": [None, "2026-03-16"],
        "meaning_changed_at": [None, "2026-03-16T09:00:00+00:00"],
    }
    assert told == [Changes(goals=[growth.pk])] * 2


def test_meaning_changes_on_the_companys_day(leader, growth):
    Company.objects.update(timezone="Pacific/Auckland")
    late = dt.datetime(2026, 3, 16, 23, tzinfo=dt.UTC)
    row = services.edit_goal(growth, actor=leader, at=late, version=1, why="Other", meaning_changed=True)

    assert row.meaning_changed_on == dt.date(2026, 3, 17)


def test_weight_and_owner_change_without_a_word_on_the_meaning(leader, growth):
    assert edit(growth, leader, weight=2, owner=leader).meaning_changed_on is None


def test_edit_of_a_draft_asks_nothing_and_an_edit_without_a_change_says_nothing(leader):
    draft = make.GoalFactory(status="draft")
    assert edit(draft, leader, title="Other", meaning_changed=True).meaning_changed_on is None
    entries = LogEntry.objects.count()
    draft.refresh_from_db()
    edit(draft, leader, title="Other")

    assert LogEntry.objects.count() == entries


def test_stale_save_of_a_goal_brings_the_row_as_it_is(leader, growth):
    edit(growth, leader, weight=2)

    with pytest.raises(StaleError) as stale:
        edit(growth, leader, weight=3)
    assert stale.value.current.weight == 2


def test_draft_becomes_active_in_a_published_strategy_and_in_a_team(leader, crew, told):
    company, own = make.GoalFactory(status="draft"), make.GoalFactory(team=crew, status="draft")
    for row in (company, own):
        assert services.activate_goal(row, actor=leader, at=NOW, version=row.version).status == "active"

    assert told == [Changes(goals=[company.pk]), Changes(goals=[own.pk])]
    with pytest.raises(RefusedError, match="Only a draft becomes active"):
        services.activate_goal(company, actor=leader, at=NOW, version=company.version + 1)


def test_goal_of_a_draft_strategy_waits_for_its_publication(leader):
    root = make.GoalFactory(strategy=make.StrategyFactory(status="draft", title="Next"), status="draft")
    below = make.GoalFactory(parent=root, status="draft")

    with pytest.raises(RefusedError, match="“Next” is a draft"):
        services.activate_goal(below, actor=leader, at=NOW, version=below.version)


@pytest.mark.parametrize("status", ["achieved", "missed", "dropped"])
def test_closed_goal_says_when_and_why_and_leaves_those_below(leader, growth, told, status):
    below = make.GoalFactory(parent=growth)
    row = close(growth, leader, status=status, reason=" It is so. ")
    below.refresh_from_db()

    assert (row.status, row.closed_on, row.closing_reason, below.status) == (status, DAY, "It is so.", "active")
    assert last().changes["status"] == ["active", status]
    assert told == [Changes(goals=[growth.pk])]


def test_goal_is_closed_once_for_a_reason_and_only_when_active(leader, growth):
    for values, field in (({"status": "active"}, "status"), ({"reason": " "}, "reason")):
        with pytest.raises(ValidationError) as error:
            close(growth, leader, **values)
        assert list(error.value.error_dict) == [field]
    with pytest.raises(ValidationError):
        close(growth, leader, reason="a" * 2_001)
    row = close(growth, leader)
    with pytest.raises(RefusedError, match="closed already"):
        close(row, leader)
    with pytest.raises(RefusedError, match="Remove it"):
        close(make.GoalFactory(status="draft"), leader)


def test_closed_goal_says_what_was_learned_and_what_takes_its_place(leader, growth):
    beside = make.GoalFactory(strategy=growth.strategy)
    row = close(growth, leader, learned=" Ask first. ", successors=[beside])

    assert (row.learned, list(row.successors.all()), list(beside.follows.all())) == ("Ask first.", [beside], [growth])
    assert last().changes["successors"] == [[], [beside.pk]]
    assert {("goal", growth.pk), ("goal", beside.pk)} <= {*last().refs.values_list("kind", "object_id")}


def test_what_is_not_active_or_not_for_its_readers_takes_no_place(leader, growth):
    impossible = (
        make.GoalFactory(parent=growth),
        make.GoalFactory(status="draft"),
        make.GoalFactory(status="missed"),
        make.GoalFactory(visibility="leaders"),
        make.GoalFactory(strategy__status="archived"),
        growth,
    )
    for goal in impossible:
        with pytest.raises(ValidationError, match="Choose another one"):
            close(growth, leader, successors=[goal])
    with pytest.raises(ValidationError, match="at most 5"):
        close(growth, leader, successors=make.GoalFactory.create_batch(6))
    hidden = make.GoalFactory(visibility="leaders")
    below = make.GoalFactory(parent=hidden)
    close(below, leader, successors=[hidden])


def test_reopening_leaves_what_was_named_before_the_closing(leader, growth):
    draft = make.GoalSuccessorFactory(goal=growth, successor=make.GoalFactory(status="draft")).successor
    beside = make.GoalFactory()
    close(growth, leader, successors=[beside])
    assert set(growth.successors.all()) == {draft, beside}
    row = services.reopen_goal(growth, actor=leader, at=NOW)
    assert (row.learned, list(row.successors.all())) == ("", [draft])


def test_reopened_goal_is_as_before(leader, growth, told):
    close(growth, leader)
    row = services.reopen_goal(growth, actor=leader, at=NOW)

    assert (row.status, row.closed_on, row.closing_reason) == ("active", None, "")
    assert len(told) == 2
    with pytest.raises(RefusedError, match="not closed"):
        services.reopen_goal(growth, actor=leader, at=NOW)


def test_moved_goal_takes_what_is_below_along(leader, growth, told):
    other = make.GoalFactory()
    root = make.GoalFactory()
    below = make.GoalFactory(parent=root)
    strategy = root.strategy

    row = move(root, leader, parent=other)
    below.refresh_from_db()
    assert (row.strategy, row.parent, below.path) == (None, other, [other.pk, root.pk, below.pk])
    row = move(row, leader, parent=growth)
    row = move(row, leader, strategy=strategy)
    assert (row.strategy, row.parent, row.path) == (strategy, None, [row.pk])

    assert told == [
        Changes(goals=[row.pk]),
        Changes(goals=[row.pk], above=(other.pk,)),
        Changes(goals=[row.pk], above=(growth.pk,)),
    ]
    assert last().changes == {"parent": [growth.pk, None], "strategy": [None, strategy.pk]}


def test_goal_moved_to_where_it_is_says_nothing(leader, growth):
    below = make.GoalFactory(parent=growth)
    move(below, leader, parent=growth)

    assert not LogEntry.objects.exists()


def test_team_goal_moves_below_a_company_goal_and_back(leader, growth, crew):
    own = make.GoalFactory(team=crew)
    row = move(own, leader, parent=growth)
    assert (row.path, row.team, row.strategy) == ([growth.pk, own.pk], crew, None)

    assert move(row, leader).path == [own.pk]


def test_place_that_a_goal_cannot_have_is_refused_in_words(leader, growth, crew):
    below = make.GoalFactory(parent=growth, title="Below")
    own = make.GoalFactory(team=crew)
    oddly = make.GoalFactory(parent=own)
    for row, place, words in (
        (growth, {"parent": growth}, "cannot go below itself"),
        (growth, {"parent": below}, "cannot go below “Below”, which is below it"),
        (below, {"parent": own}, "A company goal cannot go below a team’s goal"),
        (below, {"parent": oddly}, "A company goal cannot go below a team’s goal"),
        (below, {}, "A company goal at the top is in a strategy"),
        (own, {"strategy": growth.strategy}, "A team’s own goal is in no strategy"),
        (own, {"parent": make.GoalFactory(team=make.TeamFactory())}, "is a goal of another team"),
        (growth, {"strategy": make.StrategyFactory(status="archived")}, "is archived"),
    ):
        with pytest.raises(RefusedError, match=words):
            move(row, leader, **place)
    assert not LogEntry.objects.exists()


def test_goals_are_not_nested_without_end(leader, growth, monkeypatch):
    monkeypatch.setattr("strategy.services.goal_rules.TREE_DEPTH_LIMIT", 3)
    assert TREE_DEPTH_LIMIT == 250
    third = make.GoalFactory(parent=make.GoalFactory(parent=growth))
    tall = make.GoalFactory()
    make.GoalFactory(parent=make.GoalFactory(parent=tall))

    for attempt in (lambda: create(leader, parent=third), lambda: move(tall, leader, parent=growth)):
        with pytest.raises(RefusedError, match="further up"):
            attempt()


def test_removed_draft_is_told_with_where_it_was(leader, growth, told):
    draft = make.GoalFactory(parent=growth, status="draft", key="gone", title="Gone")
    make.MeasureFactory(goal=draft)
    remove(draft, leader)

    assert list(Goal.objects.all()) == [growth]
    assert told == [Changes(above=[growth.pk])]
    assert {name: last().changes[name] for name in ("key", "title", "parent")} == {
        "key": ["gone", None],
        "title": ["Gone", None],
        "parent": [growth.pk, None],
    }
    assert last() in LogEntry.objects.about("goal", growth.pk)


def test_goal_stays_where_something_hangs_on_it(leader, growth):
    with pytest.raises(RefusedError, match="Only drafts are removed"):
        remove(growth, leader)
    linked, above, checked = (make.GoalFactory(status="draft", title=title) for title in ("Linked", "Above", "Checked"))
    make.LinkFactory(goal=linked)
    make.GoalFactory(parent=above)
    measure = make.MeasureFactory(goal=checked)
    CheckIn.objects.create(measure=measure, at=NOW, person=leader, value=Decimal(1))
    for row, words in (
        (linked, "Work is linked to “Linked”"),
        (above, "There are goals below “Above”"),
        (checked, "A measure of “Checked” was checked in"),
    ):
        with pytest.raises(RefusedError, match=words):
            remove(row, leader)


def test_goal_that_is_gone_is_said_to_be(leader):
    draft = make.GoalFactory(status="draft")
    remove(draft, leader)

    with pytest.raises(RefusedError, match="removed this"):
        edit(draft, leader, title="Other")


def test_places_offered_are_places_that_a_company_goal_can_have(db):
    leader, plan = make.LeaderFactory(), make.StrategyFactory()
    goal, other = make.GoalFactory(strategy=plan), make.GoalFactory(strategy=plan)
    own = make.GoalFactory(team=make.TeamFactory())
    make.GoalFactory(parent=own)

    assert list(goals_above(leader, goal)) == [other]


def _aimed(goal: Goal, below: Goal):
    """A link to `goal` that expects a change of a measure of `below`."""
    return make.LinkFactory(goal=goal, measure=make.MeasureFactory(goal=below), expected_change=2)


def test_link_goes_on_without_the_measure_of_a_goal_that_moves_away(leader, growth):
    part, own = make.GoalFactory(parent=growth), make.GoalFactory(strategy=growth.strategy)
    away, stays = _aimed(growth, part), _aimed(part, part)

    services.move_goal(part, actor=leader, at=NOW, version=part.version, parent=own)

    for link in (away, stays):
        link.refresh_from_db()
    assert (away.measure, away.expected_change) == (None, None)
    assert stays.measure is not None
    assert last().note["links"] == [away.pk]


def test_link_goes_on_without_the_measure_of_a_draft_that_is_removed(leader, growth):
    draft = make.GoalFactory(parent=growth, status="draft")
    link = _aimed(growth, draft)

    services.remove_goal(draft, actor=leader, at=NOW, version=draft.version)

    link.refresh_from_db()
    assert (link.measure, link.expected_change) == (None, None)
    assert last().note["links"] == [link.pk]
