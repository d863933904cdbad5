"""Cells that hold several values, as JSON: what an edition says of a goal, and what an edit of an amendment plans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

from exchange.bundle.format.kinds import SLUG, Kind, refuse_what_is_no_text
from exchange.bundle.problems import CellError, words

HELD_RIGHT = "leave the row as it was exported"


@dataclass(frozen=True)
class Held(Kind):
    """What an edition says of a goal, as JSON: by their names `fields` of the goal, its `parent` (a key or null) and,
    as `measures`, by their keys those of each measure. Each cell of it is of the kind of its column, a blank one of
    `texts` is '' and any other null; those of `later` may be missing."""

    fields: tuple[tuple[str, Kind], ...]
    measured: tuple[tuple[str, Kind], ...]
    texts: frozenset[str]
    later: frozenset[str]
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        try:
            said = json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise CellError("this is no JSON", HELD_RIGHT) from error
        if not isinstance(said, dict):
            raise CellError("this is no JSON object", HELD_RIGHT)
        parent, measures = said.pop("parent", None), said.pop("measures", {})
        if parent is not None and not (isinstance(parent, str) and SLUG.fullmatch(parent)):
            raise CellError("its parent is no key", HELD_RIGHT)
        if not isinstance(measures, dict) or not all(SLUG.fullmatch(key) for key in measures):
            raise CellError("its measures are not by key", HELD_RIGHT)
        held = self._cleaned(said, self.fields) | {"parent": parent}
        held["measures"] = {key: self._cleaned(each, self.measured) for key, each in measures.items()}
        return json.dumps(held, ensure_ascii=False)

    def _cleaned(self, said: object, columns: tuple[tuple[str, Kind], ...]) -> dict[str, object]:
        known = {name for name, _kind in columns}
        if not isinstance(said, dict) or not known - self.later <= said.keys() <= known:
            raise CellError(f"these are not the fields {words(name for name, _kind in columns)}", HELD_RIGHT)
        return {name: self._value(kind, said[name], name) for name, kind in columns if name in said}

    def _value(self, kind: Kind, value: object, name: str) -> str | None:
        if value is None or value == "":
            return "" if name in self.texts else None
        if not isinstance(value, str):
            raise CellError(f"its {name} is no text", HELD_RIGHT)
        return kind.clean(value)


@dataclass(frozen=True)
class Planned(Kind):
    """By field, its value before and the one planned, as JSON: texts, null for none, or keys where there may be
    several. What a field takes is known by the kind of its edit (exchange.bundle.amendments)."""

    fields: frozenset[str] = frozenset()
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        try:
            changes = json.loads(cell)
        except (ValueError, RecursionError) as error:
            raise CellError("this is no JSON", HELD_RIGHT) from error
        if not isinstance(changes, dict) or not changes or not changes.keys() <= self.fields:
            raise CellError(f"these are not some of the fields {words(sorted(self.fields))}", HELD_RIGHT)
        for name, pair in changes.items():
            if not (isinstance(pair, list) and len(pair) == 2 and all(_is_value(value) for value in pair)):
                raise CellError(f"its {name} is no pair of values", HELD_RIGHT)
        return json.dumps(changes, ensure_ascii=False)


def _is_value(value: object) -> bool:
    several = value if isinstance(value, list) else [value]
    return value is None or all(isinstance(each, str) for each in several)
