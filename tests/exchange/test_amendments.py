"""Open amendments in bundles: they come back as they were, and none that is open is changed."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from strategy.enums import EditKind
from strategy.models import Amendment, AmendmentEdit, Edition, Goal, Measure, Strategy
from strategy.selectors.amendments import amendment_version, planned_for, version_of
from strategy.services import goals, measures, strategies
from strategy.services.preparing import amendments
from teams.models import Person
from tests.exchange.bundles import AT, COMPANY, counted, exported, imported, lines_of, places, refused, undone

pytestmark = pytest.mark.django_db

HEAD = "strategy,at,by,because\n"
EDITS = "strategy,number,kind,goal,measure,changes,meaning_changed,by,at\n"
OPENED = "plan,2026-06-14T08:00:00Z,ada@example.org,For now.\n"


def plan() -> Amendment:
    """An amendment with an edit of each kind, one of them taken out again."""
    by: dict[str, Any] = {"actor": Person.objects.get(name="Ada"), "at": AT - dt.timedelta(days=2)}
    draft = strategies.create_strategy(title="Another plan", narrative="Less paper.", **by)
    first = goals.create_goal(title="First", strategy=draft, **by)
    goals.create_goal(title="Below", parent=first, **by)
    goals.create_goal(title="Second", strategy=draft, **by)
    measures.create_measure(first, title="Faults", target=Decimal(1), baseline=Decimal("9.5"), **by)
    measures.create_measure(first, title="Removed", target=Decimal(3), **by)
    row = strategies.publish_strategy(draft, version=draft.version, **by)
    first, below = Goal.objects.get(title="First"), Goal.objects.get(title="Below")
    kept = Measure.objects.get(title="Faults")
    added = goals.create_goal(title="Added", parent=first, **by)
    found = amendments.open_amendment(row, **by)

    def plans(kind: EditKind, of: Goal | Measure | None = None, **values: Any) -> AmendmentEdit:
        about: dict[str, Any] = {"measure": of, "goal": of.goal} if isinstance(of, Measure) else {"goal": of}
        edit = None if kind == EditKind.NEW_MEASURE else planned_for(found, kind, **about)
        version = version_of(of or found.strategy, edit)
        return amendments.plan_edit(found, step=kind, version=version, **about, **values, **by)

    second = Goal.objects.get(title="Second")
    plans(EditKind.STRATEGY, narrative="Less paper,\n“fewer” forms.", ends_on=dt.date(2026, 12, 31))
    plans(EditKind.GOAL, first, weight=Decimal("2.5"), why="We must.", meaning_changed=True)
    plans(EditKind.MOVE, second, parent=first)
    plans(EditKind.CLOSING, below, status="dropped", reason="It is over.", learned="Ask.", successors=[second])
    plans(EditKind.ACTIVATION, added)
    plans(EditKind.NEW_MEASURE, second, title="Calls", target=Decimal(5), keeper=by["actor"])
    plans(EditKind.MEASURE, kept, target=Decimal("0.5"))
    gone = plans(EditKind.NO_MEASURE, Measure.objects.get(title="Removed"))
    plans(EditKind.NEW_MEASURE, second, title="Visits", target=Decimal(7))
    amendments.withdraw_edit(gone, version=gone.version, **by)
    found = Amendment.objects.get(pk=found.pk)
    amendments.explain_amendment(found, version=amendment_version(found), because="Now, =so.", **by)
    return found


def test_open_amendment_survives_the_round_trip() -> None:
    with undone():
        imported(dict(COMPANY))
        plan()
        before = exported()
    assert before["amendments.csv"].count("\n") == 2
    assert [line.split(",")[2] for line in before["amendment_edits.csv"].splitlines() if "another-plan" in line] == [
        *("strategy", "goal", "move", "closing", "activation", "new_measure", "measure", "new_measure"),
    ]
    imported(dict(before))
    assert exported() == before
    again = imported(dict(before), AT + dt.timedelta(days=40))
    assert not again.changed
    assert (again.tables["amendments"].unchanged, again.tables["amendment_edits"].unchanged) == (1, 8)


def test_amendment_that_came_in_a_bundle_is_published() -> None:
    with undone():
        imported(dict(COMPANY))
        plan()
        before = exported()
    imported(dict(before))
    found = Amendment.objects.get()
    by: dict[str, Any] = {"actor": Person.objects.get(name="Ada"), "at": AT}
    amendments.publish_amendment(found, version=amendment_version(found), because=found.because, **by)

    assert Edition.objects.filter(strategy=found.strategy).count() == 2
    assert Goal.objects.get(title="First").weight == Decimal("2.5")
    below = Goal.objects.get(title="Below")
    assert (below.status, [*below.successors.values_list("title", flat=True)]) == ("dropped", ["Second"])
    assert {*Measure.objects.filter(goal__title="Second").values_list("title", flat=True)} == {"Calls", "Visits"}
    assert lines_of("amendments")[1:] == []


def edits(**changed: str) -> str:
    cells = {
        "strategy": "plan", "number": "1", "kind": "goal", "goal": "growth", "measure": "",
        "changes": json.dumps({"why": ["Because", "We must."]}), "meaning_changed": "no", "by": "ada@example.org",
        "at": "2026-06-14T08:00:00Z",
    }  # fmt: skip
    return EDITS + ",".join('"' + cell.replace('"', '""') + '"' for cell in (cells | changed).values()) + "\n"


@pytest.mark.usefixtures("company")
def test_amendment_is_opened_once_and_stays() -> None:
    files = {"amendments": f"{HEAD}{OPENED}", "amendment_edits": edits()}
    assert counted(dict(files)) == {"amendments": (1, 0, 0), "amendment_edits": (1, 0, 0)}
    assert counted(dict(files)) == {"amendments": (0, 0, 1), "amendment_edits": (0, 0, 1)}
    written_otherwise = edits(changes='{ "why" : ["Because","We must."] }')
    assert counted({**files, "amendment_edits": written_otherwise})["amendment_edits"] == (0, 0, 1)
    other = {"amendments": f"{HEAD}{OPENED.replace('For now.', 'Later.')}"}
    (found,) = refused(dict(other))
    assert (found.column, found.wrong) == ("because", "this differs from the amendment that is open")
    again = {"amendments": f"{HEAD}{OPENED}", "amendment_edits": edits(number="2")}
    assert places(refused(again)) == [("amendment_edits.csv", 2, "strategy")]


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a kind that is none": ({"kind": "merge"}, "kind"),
    "no goal": ({"goal": ""}, "goal"),
    "a goal that is not there": ({"goal": "no-such"}, "goal"),
    "a measure of a goal's edit": ({"measure": "orders"}, "measure"),
    "no JSON": ({"changes": "{"}, "changes"),
    "nothing planned": ({"changes": "{}"}, "changes"),
    "a field of its own": ({"changes": '{"colour": [null, "red"]}'}, "changes"),
    "a field of another kind": ({"changes": '{"narrative": ["", "No."]}'}, "changes"),
    "no pair": ({"changes": '{"why": ["So"]}'}, "changes"),
    "no text": ({"changes": '{"why": ["", 7]}'}, "changes"),
    "no such value": ({"changes": '{"weight": ["1", "much"]}'}, "changes"),
    "below nothing": ({"kind": "move", "changes": '{"parent": [null, "no-such"]}'}, "changes"),
    "somebody who is not there": ({"by": "x@example.org"}, "by"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG)
def test_edit_that_cannot_be_is_named(what: str) -> None:
    changed, column = WRONG[what]
    found = refused({"amendments": f"{HEAD}{OPENED}", "amendment_edits": edits(**changed)})
    assert places(found) == [("amendment_edits.csv", 2, column)]
    assert not Amendment.objects.exists()


@pytest.mark.usefixtures("company")
def test_only_what_is_published_is_amended() -> None:
    Strategy.objects.filter(key="plan").update(status="archived")
    assert places(refused({"amendments": f"{HEAD}{OPENED}"})) == [("amendments.csv", 2, "strategy")]
    later = OPENED.replace("2026-06-14", "2026-06-16")
    Strategy.objects.filter(key="plan").update(status="published")
    assert places(refused({"amendments": f"{HEAD}{later}"})) == [("amendments.csv", 2, "at")]
    assert places(refused({"amendment_edits": edits()})) == [("amendment_edits.csv", 2, "strategy")]
