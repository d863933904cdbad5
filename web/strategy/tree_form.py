"""The form with all goals of a strategy: a row for each, and rows for new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from lib.db import fields
from lib.forms.inputs import Day, Line, Number
from lib.forms.merging import VERSION
from lib.forms.pages import VersionedForm
from lib.services.errors import StaleError
from lib.text.clean import tidy
from lib.text.isolation import isolated
from lib.text.numbers import typable
from strategy.enums import CLOSED, GoalStatus
from strategy.models import Goal
from strategy.services.preparing.writing import GoalRow
from teams.models import Person
from teams.selectors.people import named
from web.people.naming import PersonField
from web.strategy.row_tree import STEPS, RowTree

SHOWN = 200
CHOOSABLE = 40
"""With more rows than these, the goal above is not chosen from a list in each row: the buttons move it."""
BLANK = 3
DEEPEST = 6
DROP = "drop"
"""The move that static/js/rows.js made already."""
FIELDS = ("title", "weight", "ends_on", "owner", "below")
SAY_WHAT = "Say in a line what will be so."
CIRCLE = "It cannot stand below itself, or below what is below it. Choose another goal."
GONE = "Somebody else removed this goal meanwhile. Save again to write it anew, or empty it."
STARTED = "“{}” became active while you had it open, so “{}” was not saved. Edit it by its own form."


def texts_of(goal: Goal) -> dict[str, str]:
    """What the fields of its row say, as a browser sends it."""
    texts = {
        "title": goal.title,
        "weight": typable(Decimal(f"{goal.weight.normalize():f}")),
        "ends_on": goal.ends_on.isoformat() if goal.ends_on else "",
        "owner": named(goal.owner) if goal.owner else "",
        "below": str(goal.parent_id or ""),
    }
    return {f"{name}-{goal.pk}": text for name, text in texts.items()}


@dataclass(frozen=True)
class DrawnRow:
    """A row as the page has it. Without `fields`, the goal is published, and only shown. `steps` are its moves,
    `pressed` is the one that was just made."""

    key: str
    goal: Goal | None
    name: str
    level: int
    fields: Mapping[str, forms.BoundField]
    steps: Sequence[str]
    pressed: str

    @property
    def is_closed(self) -> bool:
        return self.goal is not None and self.goal.status in CLOSED

    @property
    def depth(self) -> int:
        """How far it is indented."""
        return min(self.level, DEEPEST)


class TreeForm(VersionedForm):
    """`goals` are those of the strategy as they stand. Its version names each draft with its version; a button `move`
    ("12 in", "12 add", "add") changes the tree and saves nothing.
    """

    merges = True

    def __init__(self, data: QueryDict | None, *, goals: Sequence[Goal], reader: Person) -> None:
        self.goals = {str(goal.pk): goal for goal in goals}
        self.reader, self.pressed = reader, ("", "")
        given: Any = data.copy() if data is not None else None
        self.moves = given is not None and "move" in given
        self.tree = self._tree(given)
        if given is None:
            for _row in range(1 if self.goals else BLANK):
                self.tree.add()
        elif self.moves:
            self._press(given["move"])
        texts = self._initial()
        super().__init__(self._complete(given, texts), initial=texts)
        self.fields[VERSION] = forms.CharField(required=False, widget=forms.HiddenInput())
        for key, _depth in self.tree.rows():
            if self._is_written(key):
                self.fields |= {f"{name}-{key}": made for name, made in self._fields_of(key)}
        title = self.fields.get(f"title-{self.pressed[0]}")
        if title is not None and self.pressed[1] in {"add", DROP}:
            title.widget.attrs["autofocus"] = True

    def drafts(self) -> dict[str, Goal]:
        return {key: goal for key, goal in self.goals.items() if goal.status == GoalStatus.DRAFT}

    def _is_written(self, key: str) -> bool:
        """Whether it is edited here: what is published has forms of its own."""
        return key not in self.goals or self.goals[key].status == GoalStatus.DRAFT

    def _tree(self, given: Any) -> RowTree:
        """The tree as it was sent, with goals that were not on view; or as it stands."""
        stored = {key: str(goal.parent_id or "") for key, goal in self.goals.items()}
        if given is None:
            return RowTree(self.goals, stored)
        keys = [key for key in given.getlist("row") if _is_key(key)]
        keys = [key for key in keys if key in self.goals or f"title-{key}" in given]
        sent = {key: given[f"below-{key}"] for key in keys if self._is_written(key) and f"below-{key}" in given}
        return RowTree([*keys, *self.goals], {**stored, **sent})

    def _press(self, button: str) -> None:
        key, _space, step = button.rpartition(" ")
        if step == "add":
            self.pressed = (self.tree.add(key), step)
            return
        self.pressed = (key, step)
        if step in {"up", "down"} or self._is_written(key):
            self.tree.move(key, step)

    def _initial(self) -> dict[str, str]:
        drafts = self.drafts()
        texts = {name: text for goal in drafts.values() for name, text in texts_of(goal).items()}
        for key, below in self.tree.below.items():
            if key not in self.goals:
                texts |= {f"title-{key}": "", f"weight-{key}": "1", f"below-{key}": below}
                texts[f"owner-{key}"] = named(self.reader)
        return texts | {VERSION: versions(drafts)}

    def _complete(self, given: Any, texts: Mapping[str, str]) -> Any:
        """What was sent, with what goals say that were not on view, and where a move has put each."""
        if given is None:
            return None
        came = {key: goal for key, goal in self.drafts().items() if f"title-{key}" not in given}
        given[VERSION] = f"{given.get(VERSION, '')} {versions(came)}".strip()
        for name, text in texts.items():
            given.setdefault(name, text)
        if self.moves:
            given.setlist("row", [*self.tree.keys])
            for key, below in self.tree.below.items():
                given[f"below-{key}"] = below
        return given

    def _fields_of(self, key: str) -> Iterator[tuple[str, forms.Field]]:
        goal = self.goals.get(key)
        name = f"“{isolated(goal.title)}”" if goal is not None else "a new goal"
        yield (
            "title",
            Line(
                label=f"Title of {name}",
                max_length=fields.NAME_LIMIT,
                required=goal is not None,
                error_messages={"required": SAY_WHAT},
            ),
        )
        yield (
            "weight",
            Number(
                label=f"Weight of {name}",
                max_digits=8,
                decimal_places=4,
                min_value=Decimal("0.0001"),
                error_messages={"min_value": "Give a number above 0, such as 1 or 2.5."},
            ),
        )
        yield "ends_on", Day(label=f"Last day of {name}", required=False)
        owner = PersonField(label=f"Owner of {name}")
        owner.known = goal.owner if goal is not None else self.reader
        yield "owner", owner
        yield "below", self._place(key, name)
        if goal is not None:
            yield "removed", forms.BooleanField(label=f"Remove {name}", required=False)

    def _place(self, key: str, name: str) -> forms.Field:
        """Where it stands: to be chosen while the tree is small."""
        place = forms.CharField(label=f"Where {name} stands", required=False, widget=forms.HiddenInput())
        if len(self.tree.keys) <= CHOOSABLE:
            rows = [(each, depth) for each, depth in self.tree.rows() if each != key]
            choices = [(each, f"{'– ' * depth}{self._title(each)}") for each, depth in rows]
            place.widget = forms.Select(choices=[("", "None, at the top"), *choices])
        return place

    def _title(self, key: str) -> str:
        typed = self.data.get(f"title-{key}", "").strip()
        goal = self.goals.get(key)
        return typed or (goal.title if goal is not None else f"New goal {key[1:]}")

    def full_clean(self) -> None:
        """A button that moves a row asks nothing of what is not finished."""
        if self.is_bound and self.moves:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        if self.is_bound:
            self.tree = self._tree(self.data)
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for key in self.tree.misplaced:
            if f"below-{key}" in self.fields:
                self.add_error(f"below-{key}", CIRCLE)
        for key in self.tree.keys:
            named_wrong = f"title-{key}" in self.errors or typed.get(f"title-{key}")
            if key not in self.goals and not named_wrong and not self._is_blank(key):
                self.add_error(f"title-{key}", SAY_WHAT)
        self._check_gone()
        return typed

    def _is_blank(self, key: str) -> bool:
        """A new row in which nobody wrote, and below which nothing stands, is not saved."""
        if key in self.goals or any(self._typed(name, key) for name in ("title", "ends_on")):
            return False
        return all(self._is_blank(each) for each, below in self.tree.below.items() if below == key)

    def _typed(self, name: str, key: str) -> str:
        return tidy(str(self.data.get(f"{name}-{key}", "")))

    def _check_gone(self) -> None:
        """Says what became of rows that somebody else removed or published meanwhile, once."""
        data: Any = self.data
        sent = _read(data[VERSION])
        for key in sent:
            goal, title = self.goals.get(key), self._typed("title", key)
            if goal is None and f"title-{key}" in self.fields and not self._is_blank(key):
                self.add_error(f"title-{key}", GONE)
            elif goal is not None and not self._is_written(key) and title not in {"", goal.title}:
                self.add_error(None, STARTED.format(isolated(goal.title), isolated(title)))
        drafts = self.drafts()
        data[VERSION] = " ".join(f"{key}.{version}" for key, version in sent.items() if key in drafts)

    def check_current(self) -> None:
        """Raises StaleError where a draft is at another version than the form was opened with."""
        sent, drafts = _read(self.data[VERSION]), self.drafts()
        stale = [goal for key, goal in drafts.items() if goal.version != sent.get(key)]
        if stale:
            now = {name: text for goal in stale for name, text in texts_of(goal).items()}
            row = stale[0]
            current = now | {VERSION: versions(drafts)}
            raise StaleError("", current=current, row=row, version=sent.get(str(row.pk), 0))

    def now(self, current: Goal | Mapping[str, str]) -> Mapping[str, str]:
        """What a StaleError carries, as the form's values: of one goal, where it changed while this was saved."""
        if isinstance(current, Goal):
            self.goals[str(current.pk)] = current
            return texts_of(current) | {VERSION: versions(self.drafts())}
        return current

    def rows(self) -> list[GoalRow]:
        """What the service writes, those above first."""
        return [self._row(key) for key, _depth in self.tree.rows() if not self._is_blank(key)]

    def _row(self, key: str) -> GoalRow:
        goal, typed, below = self.goals.get(key), self.cleaned_data, self.tree.below[key]
        if not self._is_written(key):
            return GoalRow(key, below, goal)
        values = {name: typed[f"{name}-{key}"] for name in ("title", "weight", "ends_on", "owner")}
        version = goal.version if goal is not None else 0
        return GoalRow(key, below, goal, version, values, removed=bool(typed.get(f"removed-{key}")))

    def seen(self) -> list[int]:
        data: Any = self.data
        return [int(text) for text in data.getlist("seen") if text.isascii() and text.isdigit() and len(text) < 19]

    def drawn(self) -> Iterator[DrawnRow]:
        if self.is_bound:
            self.tree = self._tree(self.data)
        for key, depth in self.tree.rows():
            names = [name for name in (*FIELDS, "removed") if f"{name}-{key}" in self.fields]
            moves = STEPS if names else STEPS[:2]
            yield DrawnRow(
                key,
                self.goals.get(key),
                self._title(key),
                depth,
                {name: self[f"{name}-{key}"] for name in names},
                moves,
                self.pressed[1] if self.pressed[0] == key else "",
            )


def versions(drafts: Mapping[str, Goal]) -> str:
    return " ".join(f"{key}.{goal.version}" for key, goal in drafts.items())


def _read(text: str) -> dict[str, int]:
    """By key; what is no version is left out."""
    pairs = (pair.partition(".") for pair in text.split())
    return {
        key: int(number) for key, _point, number in pairs if number.isascii() and number.isdigit() and len(number) < 10
    }


def _is_key(key: str) -> bool:
    """A goal's id, or "n" and a number."""
    return key.isascii() and key.removeprefix("n").isdigit() and len(key) < 19
