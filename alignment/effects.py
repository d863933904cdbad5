"""What a step (publishing, closing, moving, judging, editing …) would do: compares the engine's results for the company
as it is and for the hypothetical one (alignment.engine.changed). Nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

import numpy as np
from django.db.models import CharField, F, Manager, QuerySet, Value

from alignment.asking_again import AskedAgain, asked_again
from alignment.engine import Change, Company, changed, compute
from alignment.engine.comparison import Comparison, FigureChange, TeamFlag, coverage
from alignment.engine.goal_status import ACTIVE, DRAFT
from alignment.engine.model import Ints, Table, day_number
from alignment.engine.parts import Parts
from alignment.engine.trees import Forest
from alignment.enums import FlagCode, LinkState, Subject
from alignment.models import Link, Recompute
from alignment.narrative.effects import headline_sentences
from alignment.selectors.columns import company_columns
from lib.services.dates import day_in
from lib.services.edits import GONE
from lib.services.errors import RefusedError
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.models import Initiative, Person, Team
from teams.selectors.company import company_day

ROWS = 30
"""The most rows of one list; the others are counted."""

PUBLISHED, ARCHIVED = (
    tuple(StrategyStatus).index(StrategyStatus.PUBLISHED),
    tuple(StrategyStatus).index(StrategyStatus.ARCHIVED),
)
CLOSED = tuple(GoalStatus).index(GoalStatus.ACHIEVED)
"""Achieved, missed and dropped have the same effect."""

Convert = Callable[[Any], tuple[str, float]]


def _as(column: str, value: Callable[[Any], float]) -> Convert:
    return lambda field: (column, value(field))


PERIOD: dict[str, Convert] = {name: _as(name, day_number) for name in ("starts_on", "ends_on")}
COLUMNS: dict[type, tuple[Table, dict[str, Convert]]] = {
    Strategy: ("strategies", PERIOD),
    Goal: ("goals", {**PERIOD, "weight": _as("weight", float), "why": _as("explained", bool)}),
    Initiative: (
        "initiatives",
        {
            "effort": _as("effort", lambda effort: float(effort or 0)),
            "ends_on": _as("ends_on", day_number),
            "kind": _as("kind", tuple(InitiativeKind).index),
            "origin": _as("origin", tuple(Origin).index),
            "status": _as("status", tuple(InitiativeStatus).index),
        },
    ),
}
"""By kind of row, its table and, by field, the column and its value."""

BELOW_ITSELF = "A goal cannot hang below itself. Choose a goal that is not among those below it."

Edit = Callable[[Company], Company]
"""Gives the company as it would be; a function of its columns, because their references are positions."""

Names = dict[tuple[Subject, int], tuple[str, str, str]]
"""Key, title and team of things by their subject and id."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class FirstRows(Generic[Row]):
    """The first rows, and the number of `others`."""

    rows: list[Row] = field(default_factory=list)
    others: int = 0

    @property
    def count(self) -> int:
        return len(self.rows) + self.others


@dataclass(frozen=True)
class TeamEffect:
    """Coverage of a team's own initiatives, 0..1 or None without discretionary effort."""

    key: str
    name: str
    now: float | None
    after: float | None


@dataclass(frozen=True)
class WorkEffect:
    """What of an active initiative reaches a published strategy, before and after: person-weeks, or the share of it
    (0..1) where nobody has sized it, as in `unsized`, before and after."""

    key: str
    title: str
    team: str
    now: float
    after: float
    unsized: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class GoalEffect:
    """`key` and `title` are '' for a goal that the reader may not see. `joins` is whether it would newly count, without
    work; otherwise work reaches it now."""

    key: str
    title: str
    joins: bool


@dataclass(frozen=True)
class FlagEffect:
    code: FlagCode
    opened: int
    resolved: int


@dataclass(frozen=True)
class TeamFlagEffect:
    """A flag of a team that would open, or be resolved."""

    key: str
    name: str
    code: FlagCode
    opens: bool


@dataclass(frozen=True)
class Effect:
    """`figures` are the company's headline figures, coverage first. Rows are sorted by the size of the change, largest
    first; `orphaned` is work that would have more orphaned effort or no longer reach anything, `regained` the reverse.
    """

    figures: list[FigureChange]
    teams: FirstRows[TeamEffect]
    orphaned: FirstRows[WorkEffect]
    regained: FirstRows[WorkEffect]
    uncovered: FirstRows[GoalEffect]
    flags: list[FlagEffect]
    team_flags: FirstRows[TeamFlagEffect] = field(default_factory=FirstRows)
    asked: AskedAgain = field(default_factory=AskedAgain)

    @property
    def sentences(self) -> list[str]:
        """Every headline figure that moves, or that none does."""
        return headline_sentences(self.figures)

    @property
    def is_nothing(self) -> bool:
        """Whether no figure and no flag would change."""
        lists = (self.teams, self.orphaned, self.regained, self.uncovered)
        moves = any(figure.moves for figure in self.figures)
        return not (moves or self.flags or any(each.count for each in lists))


def figures_day(at: dt.datetime) -> dt.date:
    """The day of the stored figures, so that an effect compares with what the pages show; before the first recompute
    the company's day at `at`."""
    latest = Recompute.objects.values_list("as_of", flat=True).first()
    return latest or company_day(at)


def publishing(strategy: Strategy, *, reader: Person, on: dt.date) -> Effect:
    """Publishes the strategy, and makes the draft company goals of its trees active."""

    def edit(columns: Company) -> Iterator[Change]:
        yield Change("strategies", strategy.pk, "status", PUBLISHED)
        goals, here = columns.goals, place_of(columns.strategies.id, strategy)
        of_strategy = (goals.strategy == here)[Forest(goals.parent).root]
        for goal in goals.id[of_strategy & ~goals.team & (goals.status == DRAFT)].tolist():
            yield Change("goals", goal, "status", ACTIVE)

    return effect_of(lambda columns: changed(columns, edit(columns)), reader, on)


def restoring(strategy: Strategy, *, reader: Person, on: dt.date) -> Effect:
    """As `publishing`, with its goals unchanged."""
    return _of_cell(Change("strategies", strategy.pk, "status", PUBLISHED), reader, on)


def archiving(strategy: Strategy, *, reader: Person, on: dt.date) -> Effect:
    return _of_cell(Change("strategies", strategy.pk, "status", ARCHIVED), reader, on)


def closing(goal: Goal, *, reader: Person, on: dt.date) -> Effect:
    return _of_cell(Change("goals", goal.pk, "status", CLOSED), reader, on)


def carrying(goals: Iterable[int], *, reader: Person, on: dt.date) -> Effect:
    """Carries a strategy over: closes these goals, by their ids. The draft that is made counts for nothing."""
    changes = [Change("goals", goal, "status", CLOSED) for goal in goals]
    return effect_of(lambda columns: changed(columns, changes), reader, on)


def activating(goal: Goal, *, reader: Person, on: dt.date) -> Effect:
    return _of_cell(Change("goals", goal.pk, "status", ACTIVE), reader, on)


def judging(link: Link, state: LinkState, *, reader: Person, on: dt.date) -> Effect:
    """Endorses or disputes the link, or (claimed) withdraws its judgement."""
    return _of_cell(Change("links", link.pk, "state", tuple(LinkState).index(state)), reader, on)


def editing(row: Initiative | Goal | Strategy, values: Mapping[str, Any], *, reader: Person, on: dt.date) -> Effect:
    """Edits the row's fields; those of `values` on which nothing rests have no effect. With `meaning_changed` an active
    goal means something else from now on.
    """
    table, columns = COLUMNS[type(row)]
    differ = any(_differs(row, name, value) for name, value in values.items())

    def edit(company: Company) -> Iterator[Change]:
        for name, value in values.items():
            if name in columns:
                yield Change(table, row.pk, *columns[name](value))
        if isinstance(row, Initiative) and differ:
            yield Change(table, row.pk, "touched_on", day_number(on))
            if "team" in values:
                yield Change(table, row.pk, "team", place_of(company.teams.id, values["team"]))
        if isinstance(row, Goal) and row.status == GoalStatus.ACTIVE and values.get("meaning_changed"):
            yield Change(table, row.pk, "meaning_changed_on", day_number(on))
            yield Change(table, row.pk, "meaning_changed_at", np.inf)

    return effect_of(lambda company: changed(company, edit(company)), reader, on)


def _differs(row: Initiative | Goal | Strategy, name: str, value: Any) -> bool:
    """Sets, such as who contributes, are compared as such; that takes a query."""
    now = getattr(row, name, value)
    return set(now.all()) != set(value) if isinstance(now, Manager) else bool(now != value)


def moving(goal: Goal, *, parent: Goal | None, strategy: Strategy | None, reader: Person, on: dt.date) -> Effect:
    """Moves the goal with all below it under `parent`, to the top of `strategy`, or (neither) to the top of its team's
    own.

    Raises RefusedError for a place below itself, or one that is gone, as the company is when it is read.
    """

    def edit(columns: Company) -> Iterator[Change]:
        here, place = place_of(columns.goals.id, goal), place_of(columns.goals.id, parent)
        above = place
        while above >= 0:
            if above == here:
                raise RefusedError(BELOW_ITSELF)
            above = int(columns.goals.parent[above])
        yield Change("goals", goal.pk, "parent", place)
        yield Change("goals", goal.pk, "strategy", place_of(columns.strategies.id, strategy) if parent is None else -1)

    return effect_of(lambda columns: changed(columns, edit(columns)), reader, on)


def setting(
    *, default_effort: Decimal, grace_days: int, silent_days: int, timezone: str, reader: Person, at: dt.datetime
) -> Effect:
    """Edits the company's settings: what unsized work counts as, the days of grace and until work is silent, and the
    zone that decides what day it is.
    """

    def edit(columns: Company) -> Company:
        rules = replace(
            columns.rules, default_effort=float(default_effort), grace_days=grace_days, silent_days=silent_days
        )
        return replace(columns, rules=rules)

    return effect_of(edit, reader, figures_day(at), then=day_in(timezone, at))


def place_of(ids: Ints, row: Goal | Strategy | Team | Initiative | None) -> int:
    """The position of the row, -1 for none. Raises RefusedError where it is gone."""
    if row is None:
        return -1
    at = int(np.searchsorted(ids, row.pk))
    if at == len(ids) or ids[at] != row.pk:
        raise RefusedError(GONE)
    return at


def _of_cell(change: Change, reader: Person, on: dt.date) -> Effect:
    return effect_of(lambda columns: changed(columns, [change]), reader, on)


def effect_of(edit: Edit, reader: Person, on: dt.date, *, then: dt.date | None = None) -> Effect:
    """What `edit` would do to the figures of day `on`; `then` is the day it is afterwards, where that is another. One
    read of the company, and one query for the names.

    Raises RefusedError where what is edited is gone.
    """
    columns = company_columns()
    try:
        edited = edit(columns)
    except LookupError:
        raise RefusedError(GONE) from None
    return compared(columns, edited, reader, on, then)


def compared(before: Company, after: Company, reader: Person, on: dt.date, then: dt.date | None = None) -> Effect:
    sides = compute(before, day_number(on)), compute(after, day_number(then or on))
    return _named(Comparison(*sides), reader)


def _named(found: Comparison, reader: Person) -> Effect:
    teams, orphaned, regained, goals = found.teams(), found.orphaned(), found.regained(), found.uncovered()
    of_teams = found.team_flags()
    tables = found.before.company
    names = _names(
        reader,
        teams=tables.teams.id[np.r_[teams[:ROWS], _flagged(of_teams)]],
        initiatives=tables.initiatives.id[np.r_[orphaned[:ROWS], regained[:ROWS]]],
        goals=tables.goals.id[goals[:ROWS]],
    )
    now, after = coverage(found.before), coverage(found.after)
    joins = ~found.before.goal_statuses.anchored

    def team(at: int) -> TeamEffect:
        key, name, _none = names[Subject.TEAM, tables.teams.id[at]]
        return TeamEffect(key, name, _figure(now[at]), _figure(after[at]))

    def team_flag(flag: TeamFlag) -> TeamFlagEffect:
        key, name, _none = names[Subject.TEAM, tables.teams.id[flag.at]]
        return TeamFlagEffect(key, name, flag.code, flag.opens)

    def work(at: int) -> WorkEffect:
        sides = [_reaches(each.parts, at) for each in (found.before, found.after)]
        (reached, unsized), (reached_after, unsized_after) = sides
        named = names[Subject.INITIATIVE, tables.initiatives.id[at]]
        return WorkEffect(*named, reached, reached_after, (unsized, unsized_after))

    def goal(at: int) -> GoalEffect:
        key, title, _none = names[Subject.GOAL, tables.goals.id[at]]
        return GoalEffect(key, title, bool(joins[at]))

    return Effect(
        figures=found.figures(),
        teams=_listed(teams, team),
        orphaned=_listed(orphaned, work),
        regained=_listed(regained, work),
        uncovered=_listed(goals, goal),
        flags=[FlagEffect(code, opened, resolved) for code, (opened, resolved) in found.flags().items()],
        team_flags=FirstRows([team_flag(each) for each in of_teams[:ROWS]], max(len(of_teams) - ROWS, 0)),
        asked=asked_again(found.to_confirm().tolist(), reader, limit=ROWS),
    )


def _flagged(found: list[TeamFlag]) -> Ints:
    """The teams of the rows that are shown."""
    return np.array([flag.at for flag in found[:ROWS]], dtype=np.int64)


def _reaches(parts: Parts, at: int) -> tuple[float, bool]:
    """Person-weeks that reach a published strategy, or the share where it is unsized, and whether it is."""
    unsized = bool(parts.unsized[at])
    aligned = float(parts.aligned[at])
    return (aligned / float(parts.effort[at]) if unsized else aligned), unsized


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _listed(found: Ints, row: Callable[[int], Row]) -> FirstRows[Row]:
    return FirstRows([row(at) for at in found[:ROWS].tolist()], max(len(found) - ROWS, 0))


def _names(reader: Person, *, teams: Ints, initiatives: Ints, goals: Ints) -> Names:
    """Keys, titles and teams of these ids, blank for what the reader may not see (or what is gone). One query."""
    nobody = Value("", output_field=CharField())
    tables: list[tuple[Subject, QuerySet[Any], Ints, F, Value | F]] = [
        (Subject.TEAM, Team.objects.all(), teams, F("name"), nobody),
        (Subject.INITIATIVE, Initiative.objects.all(), initiatives, F("title"), F("team__name")),
        (Subject.GOAL, Goal.objects.visible_to(reader), goals, F("title"), nobody),
    ]
    first, *others = (
        rows.filter(pk__in=ids.tolist())
        .order_by()
        .annotate(subject=Value(subject.value), label=label, of=of)
        .values_list("subject", "pk", "key", "label", "of")
        for subject, rows, ids, label, of in tables
    )
    names: Names = defaultdict(lambda: ("", "", ""))
    for subject, pk, key, label, of in first.union(*others, all=True):
        names[Subject(subject), pk] = key, label, of
    return names
