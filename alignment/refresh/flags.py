"""Opens, resolves and keeps flags as the engine computes them."""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.engine.flags import Holds
from alignment.engine.model import Ints
from alignment.enums import FlagCode, Subject
from alignment.flags import HOUSEKEEPING
from alignment.refresh.differences import Rows, parts_of, run, staged
from lib.db.columns import Table, places, read

SAME_FOR = dt.timedelta(days=7)
"""A flag that opens again so soon after it was resolved is the same flag (spec/alignment.md, *Flags*)."""
CODES = tuple(FlagCode)
MOST_FIRST = sorted(range(len(CODES)), key=lambda at: CODES[at] not in HOUSEKEEPING)
"""Positions in CODES, those of most flags first."""

Pairs = tuple[Ints, Ints]
"""Flags as positions in CODES and the ids of their subjects."""


def _flag_keys(subject: Subject) -> str:
    """SQL that numbers an open flag: its subject's id × the number of codes + the position of its code."""
    cases = " ".join(f"WHEN '{CODES[at].value}' THEN {at}" for at in MOST_FIRST)
    return f"{subject.value}_id * {len(CODES)} + CASE code {cases} END"


FLAGS = {
    subject: Table(
        f"alignment_flag WHERE resolved_on IS NULL AND {subject.value}_id IS NOT NULL",
        {"key": ("l", _flag_keys(subject))},
    )
    for subject in Subject
}


def store_flags(
    subject: Subject,
    ids: Ints,
    holds: Holds,
    as_of: dt.date,
    cause: int,
    *,
    at: Ints | None = None,
    stored: Rows | None = None,
) -> tuple[int, int]:
    """Opens what `holds` marks, with the log entry `cause` unless it was open lately, resolves what it no longer marks,
    keeps the rest; returns the number opened and resolved. `holds` has a column for each of `ids`; codes that are not
    in it are left alone."""
    if at is not None:
        ids, holds = ids[at], {code: marked[at] for code, marked in holds.items()}
    stored = read(FLAGS[subject].columns, FLAGS[subject].source) if stored is None else stored
    new, gone = flag_differences(ids, holds, stored["key"])
    _open_flags(subject, new, as_of, cause)
    _resolve_flags(subject, gone, as_of)
    return len(new[0]), len(gone[0])


def store_all_flags(subject: Subject, ids: Ints, holds: Holds, as_of: dt.date, cause: int) -> tuple[int, int]:
    """As `store_flags`, for all subjects of this kind, part by part."""
    table, opened, resolved = FLAGS[subject], 0, 0
    for at, among in parts_of(ids):
        stored = read(table.columns, f"{table.source} AND {among.format(key=f'{subject.value}_id')}")
        new, gone = store_flags(subject, ids, holds, as_of, cause, at=at, stored=stored)
        opened, resolved = opened + new, resolved + gone
    return opened, resolved


def flag_differences(ids: Ints, holds: Holds, stored: Ints) -> tuple[Pairs, Pairs]:
    """Flags to open and flags to resolve, of the codes in `holds`; `stored` are open flags as `_flag_keys` numbers
    them."""
    marked = np.zeros((len(CODES), len(ids) + 1), dtype=bool)  # the last column is for subjects not in `ids`
    asked = np.zeros(len(CODES), dtype=bool)
    for flag_code, marks in holds.items():
        marked[CODES.index(flag_code), :-1], asked[CODES.index(flag_code)] = marks, True
    of, code = np.divmod(stored[asked[stored % len(CODES)]], len(CODES))
    at, is_open = places(of, ids), np.zeros_like(marked)
    is_open[code, at] = True
    new_code, new_at = np.nonzero(marked & ~is_open)
    gone = ~marked[code, at]
    return (new_code, ids[new_at]), (code[gone], of[gone])


def _open_flags(subject: Subject, new: Pairs, as_of: dt.date, cause: int) -> None:
    """One that was resolved at most SAME_FOR before `as_of` is open again as it was; the others are new."""
    if not len(new[0]):
        return
    source, parameters = staged({"code": ("i", new[0]), "subject_id": ("l", new[1])})
    of = f"{subject.value}_id"
    run(
        f"""
        WITH found AS MATERIALIZED (
            SELECT (%s::text[])[code + 1] AS code, subject_id FROM {source}
        ), last AS (
            SELECT DISTINCT ON (flag.code, flag.{of}) flag.id
                FROM found JOIN alignment_flag flag ON flag.{of} = subject_id AND flag.code = found.code
                WHERE flag.resolved_on >= %s ORDER BY flag.code, flag.{of}, flag.resolved_on DESC, flag.id DESC
        ), again AS (
            UPDATE alignment_flag SET resolved_on = NULL WHERE id IN (SELECT id FROM last) RETURNING code, {of}
        )
        INSERT INTO alignment_flag (code, {of}, first_seen, cause_id)
            SELECT code, subject_id, %s, %s FROM found
            WHERE NOT EXISTS (SELECT FROM again WHERE again.code = found.code AND again.{of} = subject_id)
        """,  # noqa: S608 -- our own names
        [[code.value for code in CODES], *parameters, as_of - SAME_FOR, as_of, cause],
    )


def _resolve_flags(subject: Subject, gone: Pairs, as_of: dt.date) -> None:
    if not len(gone[0]):
        return
    source, parameters = staged({"code": ("i", gone[0]), "subject_id": ("l", gone[1])})
    run(
        f"UPDATE alignment_flag SET resolved_on = GREATEST(first_seen, %s) FROM {source}"  # noqa: S608 -- our own names
        f" WHERE resolved_on IS NULL AND {subject.value}_id = ANY(%s) AND {subject.value}_id = staged.subject_id"
        " AND alignment_flag.code = (%s::text[])[staged.code + 1]",
        [as_of, *parameters, gone[1].tolist(), [code.value for code in CODES]],
    )
