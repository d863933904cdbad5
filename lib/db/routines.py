"""Functions of the database that are written here: PostgreSQL keeps their plans as long as a connection lives, also
behind a pooler, where the plan of a large statement would be made anew each time.

Measured with 10,000 initiatives: an edit takes 9 to 13 times as long as a bare insert; 13 to 19 times with the same
statements sent from outside, beyond the limit of 15 (docs/performance.md).

They are made after every `migrate`. Each carries its text in its name, so that processes of an older release find
theirs while a newer one comes up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import connection

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_GENERIC = "SET plan_cache_mode = force_generic_plan"  # the plan of any few rows will do for any other few
_routines: list[Routine] = []


@dataclass(frozen=True)
class Routine:
    """`parameters` are names and types; `declared` and `body` are PL/pgSQL, in which %(name)s stands for a parameter or
    a declared variable. It returns JSON."""

    stem: str
    parameters: Mapping[str, str]
    declared: Mapping[str, str]
    body: str

    def __post_init__(self) -> None:
        _routines.append(self)

    @cached_property
    def _definition(self) -> str:
        given = ", ".join(f"in_{name} {kind}" for name, kind in self.parameters.items())
        declared = "".join(f"in_{name} {kind}; " for name, kind in self.declared.items())
        body = _PLACEHOLDER.sub(r"in_\1", self.body).replace("%%", "%")
        text = f"DECLARE {declared}BEGIN {body} END"
        return f"({given}) RETURNS json LANGUAGE plpgsql {_GENERIC} AS $routine$ {text} $routine$"

    @cached_property
    def name(self) -> str:
        return f"{self.stem}_{sha256(self._definition.encode()).hexdigest()[:12]}"

    def make(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE OR REPLACE FUNCTION {self.name}{self._definition}")

    def __call__(self, **values: Any) -> Any:
        arguments = ", ".join(f"%({name})s::{kind}" for name, kind in self.parameters.items())
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.name}({arguments})", values)
            (answer,) = cursor.fetchone()
        return answer


def make_routines(**_sent: Any) -> None:
    """For post_migrate."""
    for routine in _routines:
        routine.make()


def are_missing() -> bool:
    """Whether the database has not been migrated since a routine was changed."""
    names = [routine.name for routine in _routines]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT proname) FROM pg_proc WHERE proname = ANY(%s)", [names])
        (found,) = cursor.fetchone()
    return bool(found < len(names))
