"""Drift in each stored table alone: it is found, named by what it is of, and mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from alignment.models import (
    Dirty,
    Flag,
    GoalFigures,
    InitiativeFigures,
    InitiativeHistory,
    LinkFigures,
    Recompute,
    TeamFigures,
)
from alignment.refresh import drift, reading
from alignment.refresh.drift import Drift, find_drift, mend_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus
from teams.models import Initiative, LogEntry, Team
from tests import factories as make
from tests.alignment.hills import TOMORROW, Hills, build_hills, open_flags
from tests.alignment.stored import assert_no_drift, stored
from tests.factories import DAY

pytestmark = pytest.mark.django_db

MODES = {"small trees": (100, 2_000), "large trees": (-1, 2_000), "all at once": (100, 0)}
"""By name, `reading.SMALL_TREE` and `drift.REPAIRED_BY_KEY`."""
Spoil = Callable[[Hills], object]


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    """With an initiative that is paused, and so has no figures."""
    hills = build_hills()
    make.InitiativeFactory(key="later", status=InitiativeStatus.PAUSED, team=hills.others)
    return hills


def go_by(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small, by_key = MODES[mode]
    monkeypatch.setattr(reading, "SMALL_TREE", small)
    monkeypatch.setattr(drift, "REPAIRED_BY_KEY", by_key)


def wrong(model: Any, key: str, **values: object) -> Spoil:
    """Values of the stored row of one thing."""
    return lambda _hills: model.objects.filter(**{f"{model._meta.pk.name}__key": key}).update(**values)


def lost(model: Any, key: str) -> Spoil:
    return lambda _hills: model.objects.filter(**{f"{model._meta.pk.name}__key": key}).delete()


def figures_of_another_team(hills: Hills) -> None:
    InitiativeFigures.objects.filter(initiative__key="climb").update(team=hills.others)


def figures_of_paused_work(_hills: Hills) -> None:
    make.InitiativeFiguresFactory(initiative=Initiative.objects.get(key="later"))


def link_of_another_amount(hills: Hills) -> None:
    LinkFigures.objects.filter(link=hills.links["climb"]).update(amount=1)


def link_lost(hills: Hills) -> None:
    LinkFigures.objects.filter(link=hills.links["climb"]).delete()


def link_that_brings_nothing(hills: Hills) -> None:
    make.LinkFiguresFactory(link=hills.links["rest"])


def flag_more(code: str, **of: str) -> Spoil:
    ((subject, key),) = of.items()
    model: Any = Flag._meta.get_field(subject).related_model
    return lambda _hills: Flag.objects.create(code=code, first_seen=DAY, **{subject: model.objects.get(key=key)})


def flag_less(code: str, **of: str) -> Spoil:
    ((subject, key),) = of.items()
    flags = Flag.objects.open().filter(code=code, **{f"{subject}__key": key})
    return lambda _hills: flags.update(resolved_on=DAY)


def flag_of_work_less(hills: Hills) -> None:
    Initiative.objects.filter(key="climb").update(effort=None)
    recompute_alignment(as_of=DAY, at=TOMORROW)
    flag_less("unsized", initiative="climb")(hills)


def uncovered_in_both_tables(hills: Hills) -> None:
    wrong(GoalFigures, "third", covered=False)(hills)
    flag_more("uncovered", goal="third")(hills)


PARTS = {"effort": 3, "aligned": 1, "reasoned": 0, "endorsed": 1, "exploring": 1, "sustaining": 1, "orphaned": 1}
ROWS: list[tuple[Any, str, dict[str, object]]] = [
    (InitiativeFigures, "climb", {**PARTS, "own_choice": False, "unsized": True}),
    (TeamFigures, "crew", {**PARTS, "own_choice": 3, "own_choice_aligned": 3, "initiatives": 3, "unsized": 1}),
    (GoalFigures, "middle", {"live": False, "anchored": False, "covered": False, "reason": "team_root", "effort": 1}),
    (GoalFigures, "middle", {"initiatives": 0, "teams": 0, "unsized": 1}),
    (GoalFigures, "middle", {"meaning_changed_on": DAY, "meaning_changed_at": TOMORROW}),
]
MISTAKES: dict[str, tuple[Spoil, str]] = {
    f"{model.__name__} {name}": (wrong(model, key, **{name: value}), key)
    for model, key, values in ROWS
    for name, value in values.items()
} | {
    "work without figures": (lost(InitiativeFigures, "climb"), "climb"),
    "a team without figures": (lost(TeamFigures, "crew"), "crew"),
    "a goal without figures": (lost(GoalFigures, "leaf"), "leaf"),
    "figures of another team": (figures_of_another_team, "climb"),
    "figures of work that is paused": (figures_of_paused_work, "later"),
    "a link with another amount": (link_of_another_amount, "climb"),
    "a link without its amount": (link_lost, "climb"),
    "a link that brings nothing with an amount": (link_that_brings_nothing, "split"),
    "a flag more of an initiative": (flag_more("orphan", initiative="climb"), "climb"),
    "a flag more of a goal": (flag_more("expired", goal="third"), "third"),
    "a flag more of a top goal's fit": (flag_more("starved", goal="top"), "top"),
    "a flag more of a strategy": (flag_more("ending", strategy="plan"), "plan"),
    "a flag more of a team": (flag_more("directed", team="crew"), "crew"),
    "a flag less of an initiative": (flag_of_work_less, "climb"),
    "a flag less of a goal": (flag_less("unmeasured", goal="leaf"), "leaf"),
    "a flag less of a team": (flag_less("squeezed", team="others"), "others"),
    "a goal that is covered said not to be": (uncovered_in_both_tables, "third"),
}
"""By name, what a mistake of ours does, and the key of what is found."""


def found_of(key: str) -> Drift:
    models = (Initiative, Team, Goal, Strategy)
    return Drift(*(list(model.objects.filter(key=key).values_list("pk", flat=True)) for model in models))


IN_EACH_MODE = [name for name in MISTAKES if name.startswith(("GoalFigures", "a ", "work"))]
"""In which way goals are counted makes no difference to the sums of work and of teams."""


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        *(("small trees", name) for name in MISTAKES),
        *(("large trees", name) for name in IN_EACH_MODE),
        *(("all at once", name) for name in IN_EACH_MODE[::4]),
    ],
)
def test_drift_in_one_table_alone_is_found_and_mended(hills, mode, name, monkeypatch):
    """Who contributes to large trees follows, as after an edit."""
    go_by(mode, monkeypatch)
    spoil, key = MISTAKES[name]
    spoil(hills)
    before = Recompute.objects.count()

    found = mend_drift(at=TOMORROW)

    assert found == found_of(key)
    assert Recompute.objects.count() - before == (1 if mode == "all at once" else 0)
    refresh_waiting(at=TOMORROW)
    assert_no_drift()
    assert find_drift() == Drift([], [], [], [])


@pytest.mark.parametrize("mode", MODES)
def test_mending_writes_history_and_the_log(hills, mode, monkeypatch):
    go_by(mode, monkeypatch)
    InitiativeFigures.objects.filter(initiative__key="climb").update(aligned=1, orphaned=1)
    TeamFigures.objects.filter(team__key="crew").update(effort=9)
    flag = Flag.objects.create(code="orphan", initiative=hills.work["climb"], first_seen=DAY)
    Flag.objects.open().filter(code="squeezed", team=hills.crew).delete()

    mend_drift(at=TOMORROW)

    entry = LogEntry.objects.get(action="alignment.drift_found")
    assert (entry.actor, entry.at, entry.subject_id) == (None, TOMORROW, None)
    assert entry.note == {
        "found": {"initiatives": 1, "teams": 1, "goals": 0, "strategies": 0},
        "initiatives": [hills.work["climb"].pk],
        "teams": [hills.crew.pk],
        "goals": [],
        "strategies": [],
    }
    row = InitiativeHistory.objects.latest("id")
    assert (row.initiative, row.cause, row.as_of) == (hills.work["climb"], entry, DAY)
    assert (row.effort, row.aligned, row.orphaned) == (2, 2, 0)
    assert InitiativeHistory.objects.filter(cause=entry).count() == 1
    flag.refresh_from_db()
    assert flag.resolved_on == DAY
    again = Flag.objects.open().get(code="squeezed", team=hills.crew)
    assert (again.cause, again.first_seen) == (entry, DAY)


@pytest.mark.parametrize("mode", MODES)
def test_drift_of_a_team_writes_no_history(hills, mode, monkeypatch):
    go_by(mode, monkeypatch)
    TeamFigures.objects.filter(team__key="crew").update(effort=9)

    mend_drift(at=TOMORROW)

    assert InitiativeHistory.objects.count() == 3


def test_mending_has_who_contributes_counted_again(hills):
    GoalFigures.objects.filter(goal__key="middle").update(effort=1)

    mend_drift(at=TOMORROW)

    entry = LogEntry.objects.get(action="alignment.drift_found")
    assert list(Dirty.objects.values_list("what", "of", "cause")) == [("counts", None, entry.pk)]


@pytest.mark.parametrize(("limit", "at_once"), [(2, False), (1, True)])
def test_more_drift_than_the_limit_is_mended_at_once(hills, limit, at_once, monkeypatch):
    monkeypatch.setattr(drift, "REPAIRED_BY_KEY", limit)
    GoalFigures.objects.filter(goal__key="middle").update(effort=1)
    TeamFigures.objects.filter(team__key="crew").update(effort=9)

    mend_drift(at=TOMORROW)

    entry, latest = LogEntry.objects.get(action="alignment.drift_found"), Recompute.objects.latest("id")
    assert (latest.cause == entry) is at_once
    assert (latest.as_of, Recompute.objects.count()) == (DAY, 1 + at_once)


def test_log_names_the_first_of_much_drift_and_counts_all(hills, monkeypatch, caplog):
    monkeypatch.setattr(drift, "NAMED", 1)
    GoalFigures.objects.update(effort=9)

    mend_drift(at=TOMORROW)

    note = LogEntry.objects.get(action="alignment.drift_found").note
    assert note["found"] == {"initiatives": 0, "teams": 0, "goals": 5, "strategies": 0}
    assert note["goals"] == [hills.goals["top"].pk]
    assert "0 initiatives, 0 teams, 5 goals" in caplog.text
    assert {record.levelname for record in caplog.records if record.name == "throughline.drift"} == {"ERROR"}


@pytest.mark.parametrize(("part", "differs"), [(1e-12, False), (1e-7, True)])
def test_rounding_is_no_drift(hills, part, differs):
    """The tolerance is 1e-9 of the larger."""
    InitiativeFigures.objects.filter(initiative__key="steady").update(effort=4 * (1 + part), aligned=4 * (1 + part))
    LinkFigures.objects.filter(initiative__key="steady").update(amount=4 * (1 + part))
    GoalFigures.objects.filter(goal__key="beside").update(effort=4 * (1 - part))

    found = find_drift()

    assert found == (
        Drift([hills.work["steady"].pk], [], [hills.goals["beside"].pk], []) if differs else Drift([], [], [], [])
    )


def test_nothing_is_compared_before_the_first_recompute(hills):
    Recompute.objects.all().delete()

    assert find_drift() is None
    assert mend_drift(at=TOMORROW) is None


def test_looking_for_drift_changes_nothing(hills):
    TeamFigures.objects.filter(team__key="crew").update(effort=9)
    before, flags = stored(), open_flags()

    find_drift()

    assert (stored(), open_flags()) == (before, flags)
