"""What a file of the bundle is: its table and its columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from exchange.bundle.format.kinds import (
    NOUNS,
    Kind,
    Reference,
    References,
)


@dataclass(frozen=True)
class Column:
    """`default` is the value of a blank cell, and of a missing column for a new row: '' is nothing. With `keeps`, a
    blank cell keeps the row's value, and a new row gets the day of the import. `same_as` names the column whose value
    is the default. `field` is the database's column where its name differs. `instant` is a second one, which orders
    what happened on that day: where the bundle brings another day, it becomes that of the import for a column that
    `keeps`, as what the bundle says happened after all else on that day, and unknown for others. `advice` is what
    would be right in the place of a blank or of what cannot be read. `told` is SQL for a column that the database does
    not have: the export tells it from the row `t`."""

    name: str
    kind: Kind
    required: bool = False
    default: str = ""
    keeps: bool = False
    same_as: str = ""
    field: str = ""
    instant: str = ""
    advice: str = ""
    told: str = ""

    @property
    def stored(self) -> str:
        return self.field or (f"{self.name}_id" if isinstance(self.kind, Reference) else self.name)


@dataclass(frozen=True)
class Table:
    """The file `<name>.csv` and its table in the database. `identity` identifies a row: one column of its own, or two
    or more references and an instant, or a key that may be blank. `given` are columns of the database that the file
    does not have, as SQL for a new row. `immutable` rows are imported once and stay as they are; those of one identity
    are told apart by their order. `computed` rows are made by the recompute, and a bundle says more of those that are
    there. `apart` are rows that a module of their own brings in. `only` is SQL for the rows `t` that are exported."""

    name: str
    target: str
    identity: tuple[str, ...]
    columns: tuple[Column, ...]
    given: tuple[tuple[str, str], ...] = ()
    immutable: bool = False
    computed: bool = False
    apart: bool = False
    only: str = "true"

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def noun(self) -> str:
        return NOUNS.get(self.name, "row")

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def keyed(self) -> bool:
        """Whether other files may refer to its rows."""
        return len(self.identity) == 1

    @property
    def nested(self) -> bool:
        return "parent" in self.by_name

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns that the database has too; sets are tables of their own."""
        return tuple(column for column in self.columns if not column.told and not isinstance(column.kind, References))

    @property
    def sets(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if isinstance(column.kind, References))
