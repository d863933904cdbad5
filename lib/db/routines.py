"""Database functions defined in Python. PostgreSQL caches their plans for each connection, also behind a pooler, where
a large statement would be planned anew each time.

Measured with 10,000 initiatives: an edit takes 9 to 13 times as long as a bare insert; 13 to 19 times with the same
statements sent by the client, which exceeds the limit of 15 (docs/performance.md).

They are created after every `migrate`. A hash of the definition is part of each name, so that processes of an older
release still find their version during a deployment.
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
_GENERIC = "SET plan_cache_mode = force_generic_plan"  # every call has few rows, so one plan fits all
_routines: list[Routine] = []


@dataclass(frozen=True)
class Routine:
    """A function that returns JSON. `parameters` maps names to types; `declared` and `body` are PL/pgSQL, in which
    %(name)s refers to a parameter or a declared variable.
    """

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
    """Receives post_migrate."""
    for routine in _routines:
        routine.make()


def are_missing() -> bool:
    """Whether a routine has changed since the last `migrate`."""
    names = [routine.name for routine in _routines]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT proname) FROM pg_proc WHERE proname = ANY(%s)", [names])
        (found,) = cursor.fetchone()
    return bool(found < len(names))
