"""The engine's input: a company as columns.

Days are days since 1970-01-01 with `NEVER` for "no date"; `EARLY` and `LATE` are bounds that never bind. Instants are
seconds since then, 0 where only the day is known. Enumerations are their positions in the apps' enums. References are
positions in the other table (-1: none), ids are the database's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = -(2**31)
EPOCH = dt.date(1970, 1, 1)
MILLION = 1_000_000


def day_number(day: dt.date | None) -> int:
    return NEVER if day is None else (day - EPOCH).days


def instant_number(at: dt.datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


@dataclass(frozen=True)
class Rules:
    """The company's settings. The stance columns have one value for each stance, in the order of `Stance`."""

    grace_days: int
    silent_days: int
    default_effort: float
    coverage_floor: Floats
    exploring_floor: Floats
    exploring_ceiling: Floats
    autonomy_floor: Floats
    sustaining_ceiling: Floats


@dataclass(frozen=True)
class Strategies:
    id: Ints
    status: Ints
    starts_on: Ints
    ends_on: Ints


@dataclass(frozen=True)
class Goals:
    """`team` is whether a team owns the goal, `here` whether that team is here (or none owns it), `explained` whether
    it has a why, `measured` whether it has a measure of its own."""

    id: Ints
    parent: Ints
    strategy: Ints
    team: Bools
    here: Bools
    status: Ints
    starts_on: Ints
    ends_on: Ints
    weight: Floats
    explained: Bools
    measured: Bools
    meaning_changed_on: Ints
    meaning_changed_at: Floats


@dataclass(frozen=True)
class Teams:
    """`here` is whether the team and all above it are here."""

    id: Ints
    parent: Ints
    mission: Bools
    stance: Ints
    stance_until: Ints
    here: Bools


@dataclass(frozen=True)
class Missions:
    """One row for each goal that a team's mission serves."""

    team: Ints
    goal: Ints


@dataclass(frozen=True)
class Initiatives:
    """`effort` is in person-weeks, 0 where it is not sized."""

    id: Ints
    team: Ints
    kind: Ints
    origin: Ints
    status: Ints
    effort: Floats
    ends_on: Ints
    touched_on: Ints


@dataclass(frozen=True)
class Links:
    """`share` is in millionths, -1 where none is given; `reasoned` is whether the rationale has any content."""

    id: Ints
    initiative: Ints
    goal: Ints
    share: Ints
    state: Ints
    outcome: Ints
    reasoned: Bools
    confirmed_on: Ints
    confirmed_at: Floats
    review_on: Ints


@dataclass(frozen=True)
class Asks:
    """Support that an initiative's team asked of another."""

    initiative: Ints
    status: Ints
    asked_on: Ints


@dataclass(frozen=True)
class Company:
    rules: Rules
    strategies: Strategies
    goals: Goals
    teams: Teams
    missions: Missions
    initiatives: Initiatives
    links: Links
    asks: Asks


Table = Literal["strategies", "goals", "teams", "initiatives", "links"]


@dataclass(frozen=True)
class Change:
    """One cell of a hypothetical company: `column` of the row `id` of `table`, as the columns store it (positions, day
    numbers)."""

    table: Table
    id: int
    column: str
    value: float | bool


def changed(company: Company, changes: Iterable[Change]) -> Company:
    """A copy of the company with some cells changed; columns without a change are shared.

    Raises LookupError for a row or a column that does not exist.
    """
    tables: dict[str, dict[str, npt.NDArray[Any]]] = {}
    for change in changes:
        rows = getattr(company, change.table)
        at = np.flatnonzero(rows.id == change.id)
        if change.column == "id" or not hasattr(rows, change.column) or not len(at):
            raise LookupError(f"no {change.column} of {change.id} in {change.table}")
        columns = tables.setdefault(change.table, {})
        column = columns.setdefault(change.column, getattr(rows, change.column).copy())
        column[at] = change.value
    return replace(company, **{table: replace(getattr(company, table), **columns) for table, columns in tables.items()})


def with_link(company: Company, **cells: float | bool) -> Company:
    """A copy of the company with one more link, of which `cells` are all columns."""
    links = company.links
    columns = {
        column.name: np.append(old := getattr(links, column.name), np.array([cells[column.name]], dtype=old.dtype))
        for column in fields(Links)
    }
    return replace(company, links=Links(**columns))


def without_link(company: Company, link: int) -> Company:
    """A copy of the company without the link of this id. Raises LookupError where there is none."""
    stays = company.links.id != link
    if stays.all():
        raise LookupError(f"no link {link}")
    columns = {column.name: getattr(company.links, column.name)[stays] for column in fields(Links)}
    return replace(company, links=Links(**columns))
