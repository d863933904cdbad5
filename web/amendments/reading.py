"""What the page of an amendment shows: what its edition would say, and the edits that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from alignment.selectors.links import WorkOnGoal
from lib.http.access import query
from lib.text.isolation import isolated
from lib.text.spans import Span
from strategy.enums import EditKind
from strategy.models import AmendmentEdit, Goal, Measure
from strategy.narrative import Said, field_name, goal_said, strategy_said, succeeded, value_words
from strategy.selectors.amendments import MODELS, SUCCESSORS, Conflict, Planned, version_of
from strategy.selectors.differences import Difference, GoalChange
from strategy.services.preparing.amending import changes_meaning, meaning_by_default
from web.amendments.edits import PLANNED
from web.editions.reading import naming
from web.flags.answers import Answer

Naming = Callable[[int], Span]
GONE = {
    EditKind.MEASURE: "Somebody removed this measure meanwhile, or it is of another goal now. Take the edit out.",
}
GOAL_GONE = "Somebody removed this goal meanwhile, or it is in another strategy now. Take the edit out."


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed after it was planned: both texts, and the buttons that decide."""

    label: str
    now: str
    planned: str
    answers: list[Answer]


@dataclass(frozen=True)
class PlannedEdit:
    """`of` names it among those of all goals. `is_so`: nothing of it is left to be done. `meaning` says whether teams
    are asked about it, '' where that is not at issue."""

    edit: AmendmentEdit
    label: str
    of: str
    gone: str
    is_so: bool
    meaning: str
    clashes: list[Clash]
    answers: list[Answer]


@dataclass(frozen=True)
class PlannedGoal:
    """What would become of a goal; `work` is linked to it today, None where there is none."""

    title: str
    url: str
    said: list[Said]
    work: WorkOnGoal | None
    edits: list[PlannedEdit] = field(default_factory=list)


def goals_named(rows: Sequence[Planned]) -> set[int]:
    """The ids of the goals that the page may name."""
    places = (row.edit.changes.get("parent", []) for row in rows if row.kind == EditKind.MOVE)
    now = (row.now.get("parent") for row in rows if row.kind == EditKind.MOVE and row.now)
    new = (row.row.parent_id for row in rows if row.kind == EditKind.ACTIVATION and isinstance(row.row, Goal))
    follow = (pk for row in rows for pk in _successors(row))
    moved = (each for pair in places for each in pair)
    return {pk for pk in (*(row.edit.goal_id for row in rows), *moved, *now, *new, *follow) if pk}


def planned_of_strategy(found: Difference, rows: Sequence[Planned]) -> PlannedGoal | None:
    own = [row for row in rows if row.kind == EditKind.STRATEGY]
    if not own:
        return None
    return PlannedGoal("", "", strategy_said(found), None, [_edit(row, lambda _pk: Span(""), "") for row in own])


def planned_goals(
    found: Difference, rows: Sequence[Planned], today: Mapping[int, Goal], work: Mapping[int, WorkOnGoal]
) -> list[PlannedGoal]:
    """Those of which something is planned, in the order in which it first was."""
    changes = {change.pk: change for change in found.goals}
    of: dict[int, list[Planned]] = {}
    for row in rows:
        if row.edit.goal_id is not None:
            of.setdefault(row.edit.goal_id, []).append(row)
    return [_goal(changes.get(pk), own, today, work.get(pk)) for pk, own in of.items()]


def _goal(
    change: GoalChange | None, rows: Sequence[Planned], today: Mapping[int, Goal], work: WorkOnGoal | None
) -> PlannedGoal:
    goal = today.get(rows[0].edit.goal_id or 0)
    name, title = naming(today), goal.title if goal else "A goal that is gone"
    follow = [pk for row in rows for pk in _successors(row)]
    said = goal_said(change, name) if change else []
    return PlannedGoal(
        title=title,
        url=reverse("goal_detail", args=[goal.key]) if goal else "",
        said=[*said, succeeded([name(pk) for pk in follow])] if follow else said,
        work=work,
        edits=[_edit(row, name, title) for row in rows],
    )


def _successors(row: Planned) -> list[int]:
    """The ids of the goals that take the place of one whose closing is planned."""
    return list(row.left.get(SUCCESSORS, [[], []])[1])


def _edit(row: Planned, name: Naming, title: str) -> PlannedEdit:
    edit, label = row.edit, _label(row)
    removal = Answer("Take it out", reverse("amendment_edit_removal", args=[edit.pk]), version=edit.version)
    meaning, turned = _meaning(row)
    return PlannedEdit(
        edit=edit,
        label=label,
        of=f"{label}, {isolated(title)}" if title else label,
        gone=GONE.get(row.kind, GOAL_GONE) if row.is_gone else "",
        is_so=not row.is_gone and not row.left,
        meaning=meaning,
        clashes=[_clash(row, each, name) for each in row.conflicts],
        answers=[*turned, removal],
    )


def _label(row: Planned) -> str:
    """What it does; of a measure also to which, as a goal may have several."""
    title = row.row.title if isinstance(row.row, Measure) else row.edit.changes.get("title", ["", ""])[1]
    if MODELS[row.kind] is not Measure or not title:
        return str(row.kind.label)
    return f"{row.kind.label}: “{isolated(title)}”"


def _meaning(row: Planned) -> tuple[str, list[Answer]]:
    """Whether it counts as a change of meaning, and the button that says otherwise."""
    edit = row.edit
    if row.kind != EditKind.GOAL or not changes_meaning(row.left):
        return "", []
    said = meaning_by_default(row.left) if edit.meaning_changed is None else edit.meaning_changed
    address = reverse("amendment_edit_meaning", args=[edit.pk])
    if said:
        text = "Teams will be asked to look at their links to it again."
        return text, [Answer("It means the same", f"{address}?changed=no", version=edit.version)]
    text = "It counts as said better, and not as another meaning."
    return text, [Answer("It means something else", f"{address}?changed=yes", version=edit.version)]


def _clash(row: Planned, found: Conflict, name: Naming) -> Clash:
    answers = []
    address = reverse("amendment_edit_decision", args=[row.edit.pk])
    version = version_of(row.row, row.edit) if row.row else 0
    for keeps, label in ((PLANNED, "Keep what is planned"), ("now", "Keep what is there now")):
        if keeps != PLANNED or row.may_be_kept:
            answers.append(Answer(label, f"{address}{query({}, field=found.field, keeps=keeps)}", version=version))
    return Clash(
        label=field_name(MODELS[row.kind], found.field),
        now=_words(row, found.field, found.now, name),
        planned=_words(row, found.field, found.planned, name),
        answers=answers,
    )


def _words(row: Planned, field_of: str, value: Any, name: Naming) -> str:
    if field_of == "parent":
        return name(int(value)).text if value else "The top of a strategy"
    if field_of == "strategy":
        return "Another strategy" if value else "Below another goal"
    return value_words(MODELS[row.kind], field_of, value)
