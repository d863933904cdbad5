"""Past days' figures, and differences between days explained by causes that add up to them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.engine import Figures
from alignment.engine.work_figures import SUMS
from alignment.history.past import COUNTED, Explanation, explained, figures_on
from alignment.models import InitiativeFigures, Link, TeamFigures
from alignment.refresh.recompute import recompute
from strategy.models import Goal
from teams.models import Initiative, LogEntry, Team
from tests import factories as make
from tests.examples import examples
from tests.factories import DAY

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)
TOLERANCE = 1e-9  # spec/alignment.md, of the total


def edited(action: str, day: dt.date) -> LogEntry:
    """The figures after an edit of `day`, which is their cause."""
    at = dt.datetime.combine(day, dt.time(9), dt.UTC)
    with transaction.atomic():
        entry = make.LogEntryFactory(action=action, at=at)
        recompute(as_of=day, at=at, cause=entry)
    return entry


def actions(explanation: Explanation) -> list[str]:
    return [cause.entry.action for cause in explanation.causes]


def test_past_day_is_shown_as_it_was(firm):
    Initiative.objects.filter(key="lost").update(effort=30)
    edited("initiative.edited", DAY + 2 * ONE)

    assert figures_on(DAY - ONE) == Figures()
    for day in (DAY, DAY + ONE):
        assert (figures_on(day).effort, figures_on(day).orphaned, figures_on(day).initiatives) == (19, 5, 7)
    assert (figures_on(DAY + 2 * ONE).effort, figures_on(DAY + 9 * ONE).orphaned) == (46, 32)


def test_past_day_of_a_team_is_alone_or_with_its_sub_teams(firm):
    assert figures_on(DAY, firm.search).own_choice == 5
    assert figures_on(DAY, firm.product).effort == 6
    assert figures_on(DAY, firm.product, together=True).effort == 14
    assert figures_on(DAY, firm.quiet, together=True) == Figures()


def test_difference_is_laid_to_the_edits_in_their_order(firm):
    Initiative.objects.filter(key="lost").update(status="dropped")
    first = edited("initiative.dropped", DAY + ONE)
    make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth)
    second = edited("link.made", DAY + ONE)
    explanation = explained(DAY, DAY + ONE)
    dropped, linked = explanation.causes

    assert (dropped.entry, linked.entry) == (first, second)
    assert (dropped.change.effort, dropped.change.orphaned, dropped.change.initiatives) == (-3, -3, -1)
    assert dropped.change.coverage == pytest.approx(7 / 11 - 7 / 14)
    assert (linked.change.effort, linked.change.aligned, linked.change.reasoned) == (0, 1, 1)
    assert (linked.change.orphaned, linked.change.own_choice, linked.change.own_choice_aligned) == (-1, 0, 1)
    assert linked.change.coverage == pytest.approx(8 / 11 - 7 / 11)
    assert (explanation.before.coverage, explanation.after.coverage) == (0.5, 8 / 11)
    assert explanation.change.coverage == pytest.approx(8 / 11 - 0.5)


def test_move_between_teams_goes_from_one_and_comes_to_the_other(firm):
    Initiative.objects.filter(key="half").update(team=firm.ops)
    edited("initiative.edited", DAY + ONE)

    for team, sign in ((firm.product, -1), (firm.ops, 1)):
        (cause,) = explained(DAY, DAY + ONE, team).causes
        assert (cause.change.effort, cause.change.aligned, cause.change.orphaned) == (2 * sign, sign, sign)
        assert (cause.change.initiatives, cause.change.own_choice) == (sign, 2 * sign)
    assert explained(DAY, DAY + ONE).causes == []


def test_day_after_a_move_is_of_the_team_that_it_came_to(firm):
    Initiative.objects.filter(key="half").update(team=firm.ops)
    edited("initiative.edited", DAY + ONE)

    efforts = {
        day: [
            figures_on(DAY + day * ONE, firm.product).effort,
            figures_on(DAY + day * ONE, firm.product, together=True).effort,
            figures_on(DAY + day * ONE, firm.ops).effort,
        ]
        for day in (0, 1)
    }
    assert efforts == {0: [6, 14, 5], 1: [4, 12, 7]}
    assert explained(DAY, DAY + ONE, firm.ops).before.effort == 5


def test_own_choice_is_of_discretionary_work_that_the_team_chose(firm):
    """Upkeep is not discretionary, and "Lost" was given."""
    figures = [figures_on(DAY, team) for team in (firm.search, firm.product, firm.ops)]

    assert [(each.own_choice, each.own_choice_aligned) for each in figures] == [(5, 4), (6, 3), (0, 0)]
    assert [(each.reasoned, each.exploring, each.sustaining) for each in figures] == [(4, 0, 0), (3, 2, 0), (0, 0, 5)]


def test_causes_are_in_the_order_in_which_they_came_about(firm):
    """A worker stores an edit later than one that came after it."""
    at = dt.datetime.combine(DAY + ONE, dt.time(9), dt.UTC)
    with transaction.atomic():
        first, second = (make.LogEntryFactory(action=action, at=at) for action in ("first", "second"))
    for key, cause in (("lost", second), ("loose", first)):
        Initiative.objects.filter(key=key).update(effort=7)
        recompute(as_of=DAY + ONE, at=at, cause=cause)

    explanation = explained(DAY, DAY + ONE)

    assert [(cause.entry, cause.change.orphaned) for cause in explanation.causes] == [(second, 4), (first, 6)]


def test_what_happened_after_the_last_day_is_no_cause(firm):
    for day in (1, 2, 3):
        Initiative.objects.filter(key="lost").update(effort=3 + day)
        edited(f"edit.{day}", DAY + day * ONE)

    assert actions(explained(DAY, DAY + 2 * ONE)) == ["edit.1", "edit.2"]
    assert actions(explained(DAY + ONE, DAY + 2 * ONE)) == ["edit.2"]
    assert explained(DAY + ONE, DAY + 2 * ONE).change.orphaned == 1


def test_row_computed_anew_for_a_past_day_is_no_cause_of_a_later_one(firm):
    for day, effort in ((5, 5), (2, 7)):
        Initiative.objects.filter(key="lost").update(effort=effort)
        edited(f"edit.{day}", DAY + day * ONE)

    assert [(cause.entry.action, cause.change.orphaned) for cause in explained(DAY, DAY + 2 * ONE).causes] == [
        ("edit.2", 4)
    ]


def test_move_inside_a_tree_changes_nothing_there(firm):
    Initiative.objects.filter(key="half").update(team=firm.search)
    edited("initiative.edited", DAY + ONE)

    assert explained(DAY, DAY + ONE, firm.product, together=True).causes == []
    assert len(explained(DAY, DAY + ONE, firm.product).causes) == 1


def test_days_that_pass_are_causes(firm):
    Goal.objects.filter(key="growth").update(ends_on=DAY)
    edited("goal.edited", DAY)
    edited("alignment.recomputed", DAY + 15 * ONE)
    explanation = explained(DAY, DAY + 20 * ONE)

    assert actions(explanation) == ["alignment.recomputed"]
    assert explanation.change.aligned == -5


def test_day_is_explained_from_its_end_on(firm):
    Initiative.objects.filter(key="lost").update(effort=5)
    edited("initiative.edited", DAY)

    assert explained(DAY, DAY + ONE).causes == []
    assert explained(DAY - ONE, DAY).after.effort == 21


def test_coverage_that_did_not_exist_has_no_difference(firm):
    Initiative.objects.exclude(key="keep").update(status="paused")
    edited("company.paused", DAY + ONE)
    Initiative.objects.filter(key="faster").update(status="active")
    edited("initiative.resumed", DAY + 2 * ONE)
    paused, resumed = explained(DAY, DAY + 2 * ONE).causes

    assert explained(DAY, DAY + ONE).change.coverage is None
    assert (paused.change.coverage, resumed.change.coverage) == (None, 0.5)
    assert explained(DAY, DAY + 2 * ONE).change.coverage == 0.5
    assert explained(DAY - ONE, DAY).change.coverage is None


def test_figures_computed_for_a_past_day_count_from_when_they_were_computed(firm):
    Initiative.objects.filter(key="lost").update(effort=5)
    edited("initiative.edited", DAY + 5 * ONE)
    Initiative.objects.filter(key="lost").update(effort=7)
    edited("initiative.edited", DAY + 2 * ONE)

    assert [figures_on(DAY + day * ONE).effort for day in (1, 2, 5)] == [19, 23, 23]
    for days in ((0, 2), (0, 5), (2, 5), (1, 9)):
        first, last = (DAY + day * ONE for day in days)
        assert adds_up(explained(first, last), figures_on(first), figures_on(last))


def test_selectors_take_few_queries(firm, django_assert_num_queries):
    for day in range(1, 4):
        Initiative.objects.filter(key="lost").update(effort=10 + day)
        edited("initiative.edited", DAY + day * ONE)
    with django_assert_num_queries(1):
        figures_on(DAY, firm.product, together=True)
    with django_assert_num_queries(3):
        explained(DAY, DAY + 3 * ONE, firm.product, together=True)


def same(one: Any, other: Any, total: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(total, 1e-2)


def adds_up(explanation: Explanation, before: Figures, after: Figures) -> bool:
    """The causes add up to the difference, and it is that between two figures computed in another way."""
    total = max(before.effort, after.effort)
    changes = [cause.change for cause in explanation.causes]
    for name in COUNTED:
        difference = getattr(after, name) - getattr(before, name)
        assert same(getattr(explanation.change, name), difference, total), name
        assert same(math.fsum(getattr(change, name) for change in changes), difference, total), name
    if before.coverage is None or after.coverage is None:
        assert explanation.change.coverage is None
    else:
        steps = math.fsum(change.coverage for change in changes if change.coverage is not None)
        assert explanation.change.coverage == pytest.approx(after.coverage - before.coverage, abs=1e-9)
        assert steps == pytest.approx(after.coverage - before.coverage, abs=1e-9)
    return True


@dataclass
class Past:
    """A company whose figures are remembered by hand: own sums of each team at the end of each day."""

    day: dt.date = DAY
    edits: int = 0
    ends: dict[dt.date, dict[int, Figures]] = field(default_factory=dict)

    def edit(self, change: Callable[[], Any]) -> None:
        change()
        edited(f"edit.{self.edits}", self.day)
        self.edits += 1
        rows = TeamFigures.objects.values_list("team_id", *SUMS)
        self.ends[self.day] = {team: Figures.of(sums) for team, *sums in rows}

    def figures(self, day: dt.date, teams: set[int]) -> Figures:
        known = [each for each in self.ends if each <= day]
        ends = self.ends[max(known)] if known else {}
        rows = [[getattr(figures, name) for name in SUMS] for team, figures in ends.items() if team in teams]
        return Figures.of([math.fsum(column) for column in zip(*rows, strict=True)]) if rows else Figures()


EFFORTS = st.sampled_from(["0.01", "0.1", "0.3", "2.5", "13.37", "99999.99", None])
SHARES = st.sampled_from(["0.000001", "0.1", "0.333333", "0.5"])
AT = st.integers(0, 2)
EDITS = st.one_of(
    st.tuples(st.just("effort"), AT, EFFORTS),
    st.tuples(st.just("status"), AT, st.sampled_from(["active", "paused"])),
    st.tuples(st.just("kind"), AT, st.sampled_from(["goal", "sustain", "explore"])),
    st.tuples(st.just("origin"), AT, st.sampled_from(["team", "assigned"])),
    st.tuples(st.just("team"), AT, AT),
    st.tuples(st.just("share"), AT, SHARES),
    st.tuples(st.just("state"), AT, st.sampled_from(["claimed", "endorsed", "disputed"])),
    st.tuples(st.just("rationale"), AT, st.sampled_from(["", "Because"])),
    st.tuples(st.just("goal"), st.just(0), st.sampled_from(["active", "dropped"])),
    st.tuples(st.just("ends"), AT, st.integers(-1, 4)),
    st.tuples(st.just("days"), st.just(0), st.integers(1, 3)),
)


def build_past() -> tuple[Past, list[Team], list[Initiative], Goal]:
    above = make.TeamFactory()
    teams = [above, make.TeamFactory(parent=above), make.TeamFactory()]
    goal = make.GoalFactory()
    work = [make.InitiativeFactory(team=team, effort="0.3", ends_on=DAY + 3 * ONE) for team in teams]
    for each in work[:2]:
        make.LinkFactory(initiative=each, goal=goal, share="0.5")
    past = Past()
    past.edit(lambda: None)
    return past, teams, work, goal


def apply(past: Past, teams: list[Team], work: list[Initiative], goal: Goal, edit: tuple[str, int, Any]) -> None:
    what, at, value = edit
    one = Initiative.objects.filter(pk=work[at].pk)
    links = Link.objects.filter(initiative=work[at])
    if what == "days":
        past.day += value * ONE
        past.edit(lambda: None)
    elif what == "goal":
        past.edit(lambda: Goal.objects.filter(pk=goal.pk).update(status=value))
    elif what == "team":
        past.edit(lambda: one.update(team=teams[value]))
    elif what == "ends":
        past.edit(lambda: one.update(ends_on=past.day + value * ONE))
    elif what in {"share", "state", "rationale"}:
        past.edit(lambda: links.update(**{what: value}))
    else:
        past.edit(lambda: one.update(**{what: value}))


def sets(teams: list[Team]) -> Iterator[tuple[Team | None, bool, set[int]]]:
    """The company, a team alone, a team with its sub-teams: and which teams each is of."""
    above, below, other = (team.pk for team in teams)
    yield None, False, {above, below, other}
    yield teams[0], False, {above}
    yield teams[0], True, {above, below}
    yield teams[2], False, {other}


@pytest.mark.usefixtures("nothing")
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, max_size=12))
def test_causes_add_up_whatever_happened(edits: list[tuple[str, int, Any]]) -> None:
    with transaction.atomic():
        past, teams, work, goal = build_past()
        for edit in edits:
            apply(past, teams, work, goal, edit)
        days = sorted({DAY - ONE, DAY, DAY + ONE, past.day})
        for team, together, ids in sets(teams):
            for first, last in ((days[0], days[-1]), (days[1], days[-1]), (days[1], days[2])):
                before, after = past.figures(first, ids), past.figures(last, ids)
                explanation = explained(first, last, team, together=together)
                assert adds_up(explanation, before, after)
                assert explanation.before == figures_on(first, team, together=together)
                assert explanation.after == figures_on(last, team, together=together)
                assert math.isclose(explanation.after.effort, after.effort, rel_tol=TOLERANCE)
                numbers = [int(action.removeprefix("edit.")) for action in actions(explanation)]
                assert numbers == sorted(numbers)
        assert InitiativeFigures.objects.count() == figures_on(past.day).initiatives
        transaction.set_rollback(True)
