"""Editions in bundles: they come back as they were and are never changed, and an import that changes what is published
makes the next one.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from strategy.models import Edition, Goal, Strategy
from strategy.selectors.differences import difference
from strategy.selectors.snapshots import snapshot_of
from strategy.services import goals, measures, strategies
from teams.models import LogEntry, Person
from tests.exchange.bundles import AT, COMPANY, counted, exported, imported, lines_of, places, refused, undone
from tests.strategy.editions import add_edition, assert_differences_add_up, assert_editions_are_up_to_date

pytestmark = pytest.mark.django_db

EDITIONS = "strategy,number,at,by,kind,because,title\n"
FIRST = "plan,1,2026-01-05T08:00:00Z,ada@example.org,published,,The plan\n"
SAYS: dict[str, Any] = {
    "title": "Grow",
    "situation": "",
    "why": "",
    "boundaries": "",
    "kind": "committed",
    "weight": "1",
    "starts_on": None,
    "ends_on": None,
    "visibility": "company",
    "status": "active",
    "closing_reason": "",
    "learned": "",
    "parent": None,
    "measures": {},
}


def says(**values: Any) -> str:
    text = json.dumps(SAYS | values)
    return '"' + text.replace('"', '""') + '"'


def plan() -> Strategy:
    """A strategy that was published twice, and changed meanwhile: with a goal and a measure that are gone."""
    by: dict[str, Any] = {"actor": Person.objects.get(name="Ada"), "at": AT - dt.timedelta(days=2)}
    draft = strategies.create_strategy(title="Another plan", narrative="Less\npaper, “quoted”.", **by)
    kept = goals.create_goal(title="Kept", strategy=draft, weight=Decimal("2.5"), **by)
    gone = goals.create_goal(title="Gone", parent=kept, **by)
    measures.create_measure(gone, title="Gone too", target=Decimal("1.5"), **by)
    published = strategies.publish_strategy(draft, version=draft.version, **by)
    measure = measures.create_measure(kept, title="Removed", target=Decimal(3), because="To see.", **by)
    measures.remove_measure(measure, version=measure.version, because="Nobody looks.", **by)
    row = strategies.unpublish_strategy(published, version=published.version, **by)
    removed = Goal.objects.get(pk=gone.pk)
    goals.remove_goal(removed, version=removed.version, **by)
    row = Strategy.objects.get(pk=row.pk)
    return strategies.publish_strategy(row, version=row.version, because="Now, =it is.", **by)


def test_editions_survive_the_round_trip() -> None:
    with undone():
        imported(dict(COMPANY))
        plan()
        before = exported()
    for words in ("taken_back", "Nobody looks.", '"Now, =it is."', "Gone too", "Removed"):
        assert words in before["editions.csv"] + before["edition_goals.csv"]

    imported(dict(before))
    assert exported() == before
    for strategy in Strategy.objects.all():
        assert_differences_add_up(strategy)
    assert_editions_are_up_to_date()
    again = imported(dict(before), AT + dt.timedelta(days=40))
    assert not again.changed
    assert again.tables["editions"].unchanged == Edition.objects.count() == 6


def test_what_comes_published_gets_its_first_edition() -> None:
    imported(dict(COMPANY))

    assert {*Edition.objects.values_list("number", "kind", "at")} == {(1, "imported", AT)}
    assert Edition.objects.count() == Strategy.objects.exclude(status="draft").count() > 0
    assert {*Edition.objects.values_list("entry__action", flat=True)} == {"company.imported"}


def test_import_that_changes_what_is_published_makes_one_edition_of_it() -> None:
    imported(dict(COMPANY))
    before = Edition.objects.count()
    changed = {"goals": "key,title,why\ngrowth,Growth of another kind,Because.\nrepair,Repairs,\n"}
    imported(dict(changed))

    made = Edition.objects.get(number=2)
    assert Edition.objects.count() == before + 1
    assert (made.kind, made.because, made.entry) == ("imported", "", LogEntry.objects.latest("pk"))
    first, second = (snapshot_of(edition) for edition in made.strategy.editions.order_by("number"))
    assert {change.title for change in difference(first, second).goals} == {"Growth of another kind"}
    assert not imported(dict(changed)).changed
    assert Edition.objects.count() == before + 1


def test_editions_are_exported_by_their_numbers() -> None:
    imported(dict(COMPANY))
    plan = Strategy.objects.get(key="plan")
    for number in range(2, 12):
        add_edition(plan, {"title": f"Plan {number}", "goals": {}})

    numbers = [line.split(",")[1] for line in lines_of("editions")[1:]]
    assert numbers == [str(number) for number in range(1, 12)]


def test_dry_run_makes_none() -> None:
    imported(dict(COMPANY), dry_run=True)

    assert not Edition.objects.exists()


def a_plan() -> None:
    imported(
        {
            "people": "email,name,role\nada@example.org,Ada,admin\n",
            "strategies": "key,title,status\nplan,The plan,published\n",
            "goals": "key,strategy,title,status\ngrow,plan,Grow,active\n",
            "editions": EDITIONS + FIRST,
            "edition_goals": f"strategy,number,goal,says\nplan,1,grow,{says()}\n",
        }
    )


def test_editions_come_with_what_they_are_of() -> None:
    a_plan()

    made = Edition.objects.get()
    assert (made.number, made.kind, made.person) == (1, "published", Person.objects.get(name="Ada"))
    assert snapshot_of(made)["goals"].keys() == {str(Goal.objects.get().pk)}
    assert lines_of("editions")[1:] == ["plan,1,2026-01-05T08:00:00.000000Z,ada@example.org,published,,The plan,,,"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("plan,1,2026-01-06T08:00:00Z,ada@example.org,published,,The plan\n", "at"),
        ("plan,1,2026-01-05T08:00:00Z,,published,,The plan\n", "by"),
        ("plan,1,2026-01-05T08:00:00Z,ada@example.org,amended,,The plan\n", "kind"),
        ("plan,1,2026-01-05T08:00:00Z,ada@example.org,published,So.,The plan\n", "because"),
        ("plan,1,2026-01-05T08:00:00Z,ada@example.org,published,,Another\n", "title"),
    ],
)
def test_edition_that_is_there_stays_as_it_is(row: str, column: str) -> None:
    a_plan()

    (found,) = refused({"editions": EDITIONS + row})
    assert (found.file, found.line, found.column) == ("editions.csv", 2, column)
    assert found.wrong == "this differs from the edition that is there"


def test_what_an_edition_says_of_a_goal_stays_as_it_is() -> None:
    a_plan()
    content = f"strategy,number,goal,says\nplan,1,grow,{says(title='Shrink')}\n"

    (found,) = refused({"edition_goals": content})
    assert (found.file, found.column) == ("edition_goals.csv", "says")


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("plan,3,2026-01-07T08:00:00Z,,amended,,The plan\n", ("editions.csv", 2, "number")),
        ("none,1,2026-01-07T08:00:00Z,,amended,,The plan\n", ("editions.csv", 2, "strategy")),
        ("plan,2,2026-01-07T08:00:00Z,nobody@example.org,amended,,Plan\n", ("editions.csv", 2, "by")),
        ("plan,2,2100-01-07T08:00:00Z,,amended,,The plan\n", ("editions.csv", 2, "at")),
        ("plan,2,2026-01-07T08:00:00Z,,other,,The plan\n", ("editions.csv", 2, "kind")),
        ("plan,2,2026-01-07T08:00:00Z,,amended,,\n", ("editions.csv", 2, "title")),
        (2 * "plan,2,2026-01-07T08:00:00Z,,amended,,Plan\n", ("editions.csv", 3, "number")),
        ("plan,0,2026-01-07T08:00:00Z,,amended,,Plan\n", ("editions.csv", 2, "number")),
    ],
)
def test_edition_that_cannot_be_is_refused(rows: str, place: tuple[str, int, str]) -> None:
    a_plan()

    assert places(refused({"editions": EDITIONS + rows})) == [place]


@pytest.mark.parametrize(
    "cell",
    [
        *("{", "[]", '"{}"', says().replace('""title""', '""titel""'), says(parent=3), says(parent="No key")),
        *(says(measures=[]), says(measures={"m": {}}), says(measures={"No key": {}}), says(status="open")),
        *(says(weight="heavy"), says(weight=1), says(starts_on="soon"), says(title="Two\nlines"), says(title={})),
        "[" * 5_000,
    ],
)
def test_cell_that_says_nothing_of_a_goal_is_refused(cell: str) -> None:
    a_plan()
    rows = {
        "editions": f"{EDITIONS}plan,2,2026-01-07T08:00:00Z,,amended,,The plan\n",
        "edition_goals": f"strategy,number,goal,says\nplan,2,grow,{cell}\n",
    }

    assert places(refused(rows)) == [("edition_goals.csv", 2, "says")]


def test_goal_of_an_edition_that_did_not_change_it_is_refused() -> None:
    a_plan()
    content = f"strategy,number,goal,says\nplan,2,grow,{says()}\nplan,1,other,{says()}\n"

    assert places(refused({"edition_goals": content})) == [
        ("edition_goals.csv", 2, "goal"),
        ("edition_goals.csv", 3, "goal"),
    ]


def test_next_edition_of_a_bundle_goes_on_from_what_is_there() -> None:
    a_plan()
    rows = {
        "editions": f"{EDITIONS}plan,2,2026-01-07T08:00:00Z,,amended,Not yet.,The plan\n",
        "edition_goals": f"strategy,number,goal,says\nplan,2,grow,\nplan,2,gone,{says(title='Gone')}\n",
    }
    assert counted(dict(rows)) == {"editions": (1, 0, 0), "edition_goals": (2, 0, 0)}

    second, third = Edition.objects.filter(number__gt=1).order_by("number")
    assert [goal["title"] for goal in snapshot_of(second)["goals"].values()] == ["Gone"]
    assert (third.kind, [goal["title"] for goal in snapshot_of(third)["goals"].values()]) == ("imported", ["Grow"])
    assert_differences_add_up(second.strategy)
