"""Lets a form about something published plan its change in the open amendment, instead of making it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.urls import reverse

from lib.forms.pages import FormPage, Success, by_second
from lib.services.dates import now
from lib.services.edits import STALE
from lib.services.errors import StaleError
from lib.text.isolation import isolated
from strategy.enums import EditKind
from strategy.models import Amendment, AmendmentEdit, Goal, Measure, Strategy
from strategy.selectors.amendments import (
    SUCCESSORS,
    amendment_for_goal,
    may_be_planned,
    open_amendment_of,
    planned_for,
    planned_values,
    version_of,
)
from strategy.services.preparing.amendments import plan_edit
from teams.models import Person
from web.editions.taking_back import taking_back_just_made

Row = TypeVar("Row", Strategy, Goal, Measure)
Result = TypeVar("Result")
WITHOUT_FIELDS = frozenset({EditKind.MOVE, EditKind.ACTIVATION, EditKind.NO_MEASURE})
"""Steps whose forms only confirm them."""
ADD, AT_ONCE = "Add to the amendment", "Publish now"


@dataclass(frozen=True)
class Planning(Generic[Row]):
    """`amendment` is None where there is none in which `reader` may plan this; then everything is done at once. `edit`
    is what is planned for the row already."""

    reader: Person
    kind: EditKind
    row: Row
    amendment: Amendment | None
    edit: AmendmentEdit | None = None
    of: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_offered(self) -> bool:
        return self.amendment is not None

    @property
    def meaning(self) -> dict[str, str]:
        """What was answered for the planned edit of a goal, as its form has it."""
        said = self.edit.meaning_changed if self.edit else None
        return {} if said is None else {"meaning_changed": "yes" if said else "no"}

    @property
    def successors(self) -> list[str]:
        """The keys of the goals that take the place of one whose closing is planned. One query where there are any."""
        named = self.edit.changes.get(SUCCESSORS, [[], []])[1] if self.edit else []
        return list(Goal.objects.filter(pk__in=named).values_list("key", flat=True)) if named else []

    @property
    def shown(self) -> Row:
        """The row as its form begins: with what is planned, and a version that changes with either."""
        return self.as_planned(self.row)

    def as_planned(self, row: Row, *, again: bool = False) -> Row:
        """Another state of the row; `again` looks what is planned by now, as a stale form has to."""
        if self.amendment is None:
            return row
        edit = planned_for(self.amendment, self.kind, **self.of) if again else self.edit
        shown = copy(row)
        for name, value in planned_values(self.kind, edit).items():
            if name == SUCCESSORS:
                continue
            setattr(shown, type(row)._meta.get_field(name).attname, value)  # type: ignore[union-attr]
        shown.version = version_of(row, edit)
        return shown

    def now(self, row: Row) -> Row:
        return self.as_planned(row, again=True)

    def offer(self, page: FormPage, *, at_once: str = AT_ONCE) -> None:
        """The buttons."""
        if self.amendment is not None:
            page.action_label, page.second = ADD, at_once
            page.notice = self._begins_with

    @property
    def _begins_with(self) -> str:
        """What the form says where it begins with what is planned, '' where it does not."""
        if self.edit is None or not self.edit.changes or self.kind in WITHOUT_FIELDS:
            return ""
        planner = self.edit.person
        who = "you" if planner == self.reader else isolated(planner.name) if planner else "the system"
        return f"The form begins with what {who} planned in the amendment, and not with what is published."

    def save(
        self, request: HttpRequest, version: int, at_once: Callable[[int], Result], values: Mapping[str, Any]
    ) -> Result | AmendmentEdit:
        """Plans the `values`, or (`at_once`) saves them with the row's own version. Raises what either raises."""
        if self.amendment is None:
            return at_once(version)
        if by_second(request):
            if version != version_of(self.row, self.edit):
                raise StaleError(STALE, current=self.row, row=self.row, version=version)
            return at_once(self.row.version)
        wanted = {name: value for name, value in values.items() if name != "because"}
        return self.plan(version, wanted)

    def plan(self, version: int, values: Mapping[str, Any]) -> AmendmentEdit:
        assert self.amendment is not None  # noqa: S101 -- who plans has looked
        given = {**self.of, **values}
        return plan_edit(self.amendment, actor=self.reader, at=now(), step=self.kind, version=version, **given)

    def done(self, otherwise: Callable[[Any], Success]) -> Callable[[Any], Success]:
        """What is said, and where it leads; `otherwise` does so where it was done at once."""

        def success(result: Any) -> Success:
            if not isinstance(result, AmendmentEdit) or self.amendment is None:
                said = otherwise(result)
                return said if said.undo else replace(said, take_back=taking_back_just_made(self.reader, self.row))
            url = reverse("amendment_detail", args=[self.amendment.strategy.key])
            text = PLANNED if result.changes else UNPLANNED
            return Success(text, url)

        return success


PLANNED = "It is in the amendment, and not published yet."
UNPLANNED = "That is what is published already, so the amendment plans nothing of it."


def planning_strategy(reader: Person, strategy: Strategy) -> Planning[Strategy]:
    found = open_amendment_of(strategy) if reader.has_perm("strategy.amend_strategy", strategy) else None
    edit = planned_for(found, EditKind.STRATEGY) if found else None
    return Planning(reader, EditKind.STRATEGY, strategy, found, edit)


def planning_goal(reader: Person, goal: Goal, kind: EditKind) -> Planning[Goal]:
    found = amendment_for_goal(reader, goal) if may_be_planned(goal, kind) else None
    is_new = kind == EditKind.NEW_MEASURE
    edit = planned_for(found, kind, goal=goal) if found and not is_new else None
    return Planning(reader, kind, goal, found, edit, {"goal": goal})


def planning_measure(reader: Person, measure: Measure, kind: EditKind) -> Planning[Measure]:
    goal = measure.goal
    found = amendment_for_goal(reader, goal) if may_be_planned(goal, kind) else None
    of: dict[str, Any] = {"goal": goal, "measure": measure}
    return Planning(reader, kind, measure, found, planned_for(found, kind, **of) if found else None, of)


def planning_new_goal(reader: Person, place: Strategy | Goal) -> Amendment | None:
    """The amendment that is to add a new company goal there, None where there is none, or `place` is a draft."""
    if isinstance(place, Goal):
        return amendment_for_goal(reader, place)
    return open_amendment_of(place) if reader.has_perm("strategy.amend_strategy", place) else None


def plan_goal(reader: Person, amendment: Amendment, goal: Goal) -> AmendmentEdit:
    """Has the amendment publish a new draft."""
    version, step = goal.version, EditKind.ACTIVATION
    return plan_edit(amendment, actor=reader, at=now(), step=step, version=version, goal=goal)
