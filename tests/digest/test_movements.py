"""What moved the figures of many teams at once, beside what alignment.history.past says of one after the other."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from django.db import transaction

from alignment.history.movements import FROM_NOTHING, movements
from alignment.history.past import COUNTED, explained
from alignment.refresh.recompute import recompute, recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from alignment.selectors.company import company_figures
from alignment.selectors.teams import subtree, with_sums
from teams.models import Initiative, LogEntry, Team
from tests import factories as make
from tests.alignment.edits import Editor
from tests.factories import DAY, NOW
from tests.firm import build_firm

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


def last_entry() -> int:
    return LogEntry.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def edited(action: str) -> LogEntry:
    with transaction.atomic():
        entry = make.LogEntryFactory(action=action, at=NOW)
        recompute(as_of=DAY + ONE, at=NOW, cause=entry)
    return entry


def test_movement_is_laid_to_the_entries_in_their_order():
    firm = build_firm()
    mark = last_entry()
    Initiative.objects.filter(key="lost").update(status="dropped")
    first = edited("initiative.dropped")
    make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth)
    second = edited("link.made")
    movement = movements(mark, []).of(None, company_figures().figures)

    assert movement.before.coverage == pytest.approx(7 / 14)
    assert [(each.entry, each.orphaned) for each in movement.causes] == [(first, -3), (second, -1)]
    assert [each.coverage for each in movement.causes] == [
        pytest.approx(7 / 11 - 7 / 14),
        pytest.approx(8 / 11 - 7 / 11),
    ]


def test_movement_from_nothing_has_nothing_before():
    build_firm()
    now = company_figures().figures
    movement = movements(0, []).of(None, now)

    assert (movement.before.effort, movement.before.initiatives, movement.before.coverage) == (0, 0, None)
    assert movement.causes[0].coverage is None
    assert FROM_NOTHING.of(None, now).before == movement.before


def test_coverage_that_was_gone_meanwhile_is_compared_with_the_last_there_was():
    """So that what is said of causes adds up to the whole."""
    aligned, _orphaned = make.LinkFactory().initiative, make.InitiativeFactory()
    recompute_alignment(as_of=DAY, at=NOW)
    mark = last_entry()
    Initiative.objects.update(status="paused")
    edited("initiative.paused")
    Initiative.objects.filter(pk=aligned.pk).update(status="active")
    edited("initiative.resumed")
    movement = movements(mark, []).of(None, company_figures().figures)

    assert movement.before.coverage == 0.5
    assert [each.coverage for each in movement.causes] == [None, 0.5]


def test_movement_from_nothing_leaves_nothing_of_what_rounding_left():
    """These three, added up, are not what they are in whole grains."""
    team = make.TeamFactory()
    for effort in ("4755.92", "65399.07", "72606.27"):
        make.InitiativeFactory(team=team, effort=effort)
    recompute_alignment(as_of=DAY, at=NOW)
    movement = movements(0, [team.pk]).of(team.pk, company_figures().figures)

    assert (movement.before.orphaned, movement.before.effort, movement.before.coverage) == (0, 0, None)


def test_movement_counts_what_came_after_the_mark_alone():
    build_firm()
    marks = [last_entry()]
    for effort in (5, 9):
        Initiative.objects.filter(key="lost").update(effort=effort)
        marks.append(edited(f"effort.{effort}").pk)
    now = company_figures().figures

    found = [movements(mark, []).of(None, now) for mark in marks]

    assert [[(each.entry.pk, each.orphaned) for each in movement.causes] for movement in found] == [
        [(marks[1], 2), (marks[2], 4)],
        [(marks[2], 4)],
        [],
    ]
    assert [movement.before.orphaned for movement in found] == [5, 7, 11]
    assert [movement.before.initiatives for movement in found] == [7, 7, 7]


def test_movement_is_of_each_team_with_those_above_it_that_are_asked_for():
    firm = build_firm()
    mark = last_entry()
    Initiative.objects.filter(key="half").update(team=firm.ops)
    moved = edited("initiative.edited")

    found = movements(mark, [firm.product.pk, firm.ops.pk])

    assert found.by_team.keys() >= {firm.product.pk, firm.ops.pk}
    assert not found.by_team[None]
    assert {team: counts[moved.pk]["initiatives"] for team, counts in found.by_team.items() if team} == {
        firm.product.pk: -1,
        firm.ops.pk: 1,
    }
    assert firm.product.pk not in movements(mark, [firm.ops.pk]).by_team
    of_teams = movements(mark, [firm.product.pk, firm.ops.pk], of_company=False)
    assert of_teams.by_team == {team: counts for team, counts in found.by_team.items() if team}


@pytest.mark.parametrize("seed", range(4))
def test_movements_of_teams_are_the_differences_of_their_history(seed, monkeypatch):
    firm = build_firm()
    admin = make.PersonFactory(role="admin")
    recompute_alignment(as_of=DAY, at=NOW)
    mark = last_entry()
    recompute_alignment(as_of=DAY + ONE, at=NOW + ONE)
    editor = Editor(Random(seed), admin, NOW + ONE)
    for _ in range(12):
        editor.edit()
    refresh_waiting(at=editor.at)
    recompute_alignment(as_of=editor.at.date(), at=editor.at)

    teams = Team.objects.exclude(pk=firm.quiet.pk)
    found = movements(mark, teams.values_list("pk", flat=True))
    for team in with_sums(teams):
        for much in (0, 5_000):
            monkeypatch.setattr("alignment.history.movements.MUCH", much)
            assert movements(mark, [team.pk], of_company=False).by_team == {
                of: causes for of, causes in found.by_team.items() if of == team.pk
            }
        movement = found.of(team.pk, subtree(team).figures)
        said = explained(DAY, editor.at.date(), team, together=True)
        for name in COUNTED:
            assert getattr(movement.before, name) == pytest.approx(getattr(said.before, name), abs=1e-9)
        assert [(each.entry, each.orphaned, each.coverage) for each in movement.causes] == [
            (
                cause.entry,
                pytest.approx(cause.change.orphaned, abs=1e-9),
                None if cause.change.coverage is None else pytest.approx(cause.change.coverage, abs=1e-9),
            )
            for cause in said.causes
        ]
