"""In which order the selectors read, how many, and what they leave out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from alignment.enums import FlagCode, LinkState
from alignment.models import Link
from alignment.selectors.goals import goal_pages, goals_below, priorities, strategy_flags, with_effort
from alignment.selectors.links import (
    disputed_links,
    judged_links,
    links_under,
    measure_options,
    other_links,
    removed_link,
    work_on,
)
from alignment.selectors.people.flags import flags_of_work, links_of
from alignment.selectors.people.own import own_teams
from alignment.selectors.people.own import own_work as lines_of_own_work
from alignment.selectors.suggestions import own_work
from alignment.selectors.teams import PEOPLE, team_pages
from digest.selectors.own_lines import largest_work
from strategy.models import Goal, Measure
from teams.models import Initiative, Person
from teams.services.log import record
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


def linked(goal: Goal, **values: Any) -> Link:
    return make.LinkFactory(goal=goal, initiative=make.InitiativeFactory(**values))


def logged(link: Link, action: str) -> int:
    return record(action, actor=None, at=NOW, subject=link).pk


# Links


def test_removal_of_a_link_is_found_by_its_own_entry_alone() -> None:
    links = [linked(make.GoalFactory()) for _ in range(2)]
    entries = [logged(link, "link.removed") for link in links]
    other = logged(links[0], "link.endorsed")

    assert [removed_link(pk).pk for pk in entries] == entries
    assert removed_link(other) is None


def test_work_on_each_goal_is_its_own_the_largest_first_and_counted_as_a_whole() -> None:
    many, one, none = make.GoalFactory.create_batch(3)
    unsized, large, small = (linked(many, effort=effort) for effort in (None, 5, 3))
    linked(many, effort=9, status="paused")
    alone = linked(one, effort=1)
    found = work_on([many.pk, one.pk, none.pk], each=2)

    assert {pk: (work.links, work.count, work.more) for pk, work in found.items()} == {
        many.pk: ([large, small], 3, 1),
        one.pk: ([alone], 1, 0),
    }
    assert work_on([many.pk], each=3)[many.pk].links == [large, small, unsized]


def test_page_of_a_goal_has_the_teams_and_flags_of_no_other() -> None:
    goal, other = make.GoalFactory.create_batch(2)
    for name, of in (("Zulu", goal), ("alpha", goal), ("Mike", other)):
        make.MissionGoalFactory(goal=of, team=make.TeamFactory(key=name.lower(), name=name))
    make.MissionGoalFactory(goal=goal, team=make.TeamFactory(archived_on=DAY))
    for of in (goal, other):
        make.FlagFactory(code=FlagCode.UNMEASURED, goal=of, initiative=None)

    row: Any = goal_pages().get(pk=goal.pk)
    assert [team["name"] for team in row.served_by] == ["alpha", "Zulu"]
    assert len(row.findings) == 1


def test_links_under_a_goal_are_of_active_work_the_largest_first():
    team, above = make.TeamFactory(), make.GoalFactory()
    below = make.GoalFactory(parent=above)
    unsized, small, large = (
        linked(goal, team=team, effort=effort) for goal, effort in ((above, None), (below, 1), (above, 5))
    )
    as_large = linked(above, team=team, effort=5)
    linked(above, team=team, status="paused")
    linked(above)
    linked(make.GoalFactory(), team=team)

    assert links_under([above.pk], [team.pk]) == [large, as_large, small, unsized]
    assert links_under([below.pk], [team.pk]) == [small]


def test_judged_links_are_disputes_first_and_of_what_still_is():
    team, goal = make.TeamFactory(), make.GoalFactory()
    before = linked(goal, team=team)
    Link.objects.filter(pk=before.pk).update(state=LinkState.DISPUTED)
    mark = logged(before, "link.disputed")
    endorsed, disputed, taken_back, over, paused = (
        linked(goal, team=team, status=status) for status in ("active", "active", "active", "done", "paused")
    )
    for link, state in (
        (endorsed, LinkState.ENDORSED),
        (disputed, LinkState.DISPUTED),
        (taken_back, LinkState.CLAIMED),
        (over, LinkState.DISPUTED),
        (paused, LinkState.ENDORSED),
    ):
        Link.objects.filter(pk=link.pk).update(state=state)
        logged(link, "link.endorsed" if state == LinkState.ENDORSED else "link.disputed")
    edited = linked(goal, team=team)
    Link.objects.filter(pk=edited.pk).update(state=LinkState.ENDORSED)
    logged(edited, "link.edited")

    assert judged_links([team.pk], mark) == [disputed, endorsed, paused]
    assert judged_links([make.TeamFactory().pk], mark) == []


def test_disputed_links_are_the_latest_first_and_tell_which_are_new():
    owner, goal = make.PersonFactory(), make.GoalFactory()
    links = [linked(goal, owner=owner) for _number in range(3)]
    for link, day in zip(links, (None, DAY - ONE, DAY), strict=True):
        Link.objects.filter(pk=link.pk).update(state=LinkState.DISPUTED, judged_on=day)
    mark = logged(links[1], "link.disputed")
    logged(links[2], "link.disputed")
    linked(goal, owner=owner)
    found = disputed_links([owner.pk], mark)

    assert found == links[::-1]
    assert [link.is_new for link in found] == [True, False, False]
    assert disputed_links([make.PersonFactory().pk], mark) == []


def test_other_links_are_all_but_the_one():
    link = make.LinkFactory()
    other = make.LinkFactory(initiative=link.initiative)
    make.LinkFactory()

    assert other_links(link.initiative, link) == [other]
    assert set(other_links(link.initiative)) == {link, other}


def test_measures_to_choose_are_of_the_goal_and_below_and_the_hidden_one_that_is_chosen():
    member, goal = make.PersonFactory(), make.GoalFactory()
    below, hidden = make.GoalFactory(parent=goal), make.GoalFactory(parent=goal, visibility="leaders")
    of_below, own, of_hidden = (make.MeasureFactory(goal=each) for each in (below, goal, hidden))
    make.MeasureFactory()

    def offered(reader: Person, chosen: int | None) -> list[tuple[Measure, bool]]:
        return [(row, bool(seen)) for row, seen in measure_options(goal, reader, chosen)]

    assert offered(member, None) == [(own, True), (of_below, True)]
    assert offered(member, of_hidden.pk) == [(own, True), (of_below, True), (of_hidden, False)]
    assert offered(make.LeaderFactory(), None) == [(own, True), (of_below, True), (of_hidden, True)]


def test_measure_that_is_chosen_is_offered_beyond_the_first(monkeypatch):
    monkeypatch.setattr("alignment.selectors.links.MEASURES", 1)
    goal = make.GoalFactory()
    first, _second, third = (make.MeasureFactory(goal=goal) for _number in range(3))

    assert measure_options(goal, make.PersonFactory(), third.pk) == [(first, True), (third, True)]


# Work


def test_own_work_is_what_reaches_least_first_then_what_was_touched_last():
    person, goal = make.PersonFactory(), make.GoalFactory()
    older, newer, as_new, orphaned = (
        make.InitiativeFactory(owner=person, touched_on=day) for day in (DAY - ONE, DAY, DAY, DAY - 2 * ONE)
    )
    make.InitiativeFiguresFactory(initiative=orphaned, aligned=0.0, reasoned=0.0, orphaned=1.0)
    make.InitiativeFactory(owner=person, status="done")
    linked(goal, owner=person)

    assert own_work(goal, person) == [orphaned, newer, as_new, older]
    assert own_work(goal, person, limit=2) == [orphaned, newer]


def test_largest_work_is_the_active_one_of_each():
    one, other, team = make.PersonFactory(), make.PersonFactory(), make.TeamFactory()
    for owner, effort in ((one, 1), (one, 3), (one, 2), (other, 1)):
        make.InitiativeFiguresFactory(initiative=make.InitiativeFactory(owner=owner, team=team), effort=effort)
    make.InitiativeFactory(owner=one, team=team, status="paused", effort=9)
    make.InitiativeFiguresFactory(effort=9)

    def found(owners: list[int], teams: list[int], owned: int, of_team: int) -> list[dict[int, list[float]]]:
        both = largest_work(owners, teams, owned=owned, of_team=of_team)
        return [{pk: [work.figures.effort for work in of] for pk, of in work.items()} for work in both]

    assert found([one.pk, other.pk], [], 2, 2) == [{one.pk: [3, 2], other.pk: [1]}, {}]
    assert found([one.pk], [team.pk], 2, 4) == [{one.pk: [3, 2]}, {team.pk: [3, 2, 1, 1]}]
    assert found([], [team.pk], 2, 1) == [{}, {team.pk: [3]}]
    assert found([make.PersonFactory().pk], [], 2, 2) == [{}, {}]


def test_links_of_work_are_those_that_bring_most_first_and_last_what_does_not_count():
    work = make.InitiativeFactory()
    broken, small, large, as_large = (make.LinkFactory(initiative=work) for _number in range(4))
    for link, amount in ((small, 0.1), (large, 0.4), (as_large, 0.4)):
        make.LinkFiguresFactory(link=link, amount=amount)
    make.LinkFactory()

    assert links_of([work.pk]) == {work.pk: [large, as_large, small, broken]}


def test_questions_about_work_come_by_consequence():
    work = make.InitiativeFactory()
    for code in ("unsized", "orphan", "disconnected"):
        make.FlagFactory(initiative=work, code=code)
    make.FlagFactory(initiative=work, code="silent", resolved_on=DAY)
    make.FlagFactory(code="orphan")
    codes: Any = ["orphan", "disconnected", "silent", "unsized"]

    assert [flag.code for flag in flags_of_work([work.pk], codes, DAY)] == ["disconnected", "orphan", "unsized"]
    assert [flag.code for flag in flags_of_work([work.pk], codes[:1], DAY)] == ["orphan"]


# Goals


def test_priorities_are_in_the_order_by_hand_then_the_heaviest_first_then_by_title():
    strategy = make.StrategyFactory()
    for title, weight, position in (("B", 1, None), ("A", 1, None), ("C", 5, None), ("D", 2, 2), ("E", 1, 1)):
        goal = make.GoalFactory(strategy=strategy, title=title, weight=weight, position=position)
        make.GoalFiguresFactory(goal=goal)
    make.GoalFiguresFactory(goal=make.GoalFactory(title="Z"), anchored=False)

    assert [root.title for root in priorities(make.PersonFactory()).roots] == ["E", "D", "C", "A", "B"]


def test_flags_of_a_strategy_are_the_oldest_of_each_code_and_the_number_of_all():
    root = make.GoalFactory()
    goals = [make.GoalFactory(parent=root) for _number in range(3)]
    for days, goal in enumerate(goals):
        make.FlagFactory(initiative=None, goal=goal, code="uncovered", first_seen=DAY - days * ONE)
        make.FlagFactory(initiative=None, goal=goal, code="unmeasured", first_seen=DAY)
    make.FlagFactory(initiative=None, goal=make.GoalFactory(), code="uncovered")
    found = strategy_flags(make.PersonFactory(), [root.pk], each=2, on=DAY)

    assert found.counts == {"uncovered": 3, "unmeasured": 3}
    assert [(flag.code, flag.goal) for flag in found.oldest] == [("uncovered", goals[2]), ("uncovered", goals[1])]


def test_effort_of_a_goal_is_with_all_below_and_zero_before_any_was_computed():
    root = make.GoalFactory()
    below = make.GoalFactory(parent=make.GoalFactory(parent=root))
    for goal, effort in ((root, 1), (below, 2), (make.GoalFactory(), 4)):
        make.GoalFiguresFactory(goal=goal, effort=effort)
    new = make.GoalFactory(parent=root, visibility="leaders")

    assert [
        vars(goal)["effort"] for goal in with_effort(Goal.objects.filter(pk__in=[root.pk, new.pk]).order_by("pk"))
    ] == [3, 0]
    assert [vars(goal)["effort"] for goal in goals_below(make.PersonFactory(), root)] == [2]


def test_teams_that_a_goal_is_served_by_are_by_name_and_one_more_than_shown(monkeypatch):
    monkeypatch.setattr("alignment.selectors.goals.MISSIONS_SHOWN", 2)
    goal = make.GoalFactory()
    for name in ("D", "B", "A", "C"):
        make.MissionGoalFactory(goal=goal, team=make.TeamFactory(name=name))
    make.MissionGoalFactory()

    assert [row["name"] for row in vars(goal_pages().get(pk=goal.pk))["served_by"]] == ["A", "B", "C"]


# Teams


def test_people_of_a_team_are_those_who_lead_it_first_then_by_name(monkeypatch):
    team = make.TeamFactory()
    for name, role in (("Cem", "member"), ("Zoe", "lead"), ("Ann", "member")):
        make.MembershipFactory(team=team, person=make.PersonFactory(name=name), role=role)
    make.MembershipFactory()
    page: Any = team_pages(make.PersonFactory()).get(pk=team.pk)

    assert [row["name"] for row in page.member_rows] == ["Zoe", "Ann", "Cem"]
    assert page.member_count == 3
    assert PEOPLE == 40


def test_own_teams_are_those_that_one_leads_first_then_most_effort():
    person = make.PersonFactory()
    for name, role, effort in (("A", "member", 1), ("B", "member", 9), ("C", "lead", 2)):
        team = make.TeamFactory(name=name)
        make.TeamFiguresFactory(team=team, effort=effort)
        make.MembershipFactory(team=team, person=person, role=role)

    own = own_teams(person)
    assert [(each.team.name, each.figures.effort, each.leads) for each in own] == [
        ("C", 2, True),
        ("B", 9, False),
        ("A", 1, False),
    ]


def test_own_active_work_is_what_reaches_least_first_or_else_that_of_ones_teams():
    person = make.PersonFactory()
    team = make.MembershipFactory(person=person).team
    work = {
        title: make.InitiativeFactory(title=title, owner=owner, team=of, status=status)
        for title, owner, of, status in (
            ("whole", person, make.TeamFactory(), "active"),
            ("lost", person, team, "active"),
            ("paused", person, team, "paused"),
            ("of the team", None, team, "active"),
            ("done", None, team, "done"),
            ("elsewhere", None, make.TeamFactory(), "active"),
        )
    }
    for title, orphaned in (
        ("whole", 0),
        ("lost", 1),
        ("paused", 9),
        ("of the team", 5),
        ("done", 9),
        ("elsewhere", 9),
    ):
        make.InitiativeFiguresFactory(initiative=work[title], effort=10, aligned=10 - orphaned, orphaned=orphaned)

    def titles(limit: int) -> list[str]:
        return [each.title for each in lines_of_own_work(Person.objects.get(pk=person.pk), limit=limit)]

    assert titles(9) == ["lost", "whole"]
    assert titles(1) == ["lost"]
    Initiative.objects.filter(owner=person).update(owner=None)
    assert titles(9) == ["of the team", "lost"]
