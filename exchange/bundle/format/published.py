"""The files of what strategies said, and of what is prepared of them."""

from __future__ import annotations

from decimal import Decimal

from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.held import Held, Planned
from exchange.bundle.format.kinds import (
    Amount,
    Instant,
    Key,
    Lines,
    Reference,
    choice,
)
from exchange.bundle.format.tables import GOALS, MEASURES, STRATEGIES
from lib.db import fields
from strategy.enums import EditionKind, EditKind
from strategy.models.edition import GOAL_FIELDS, LATER_FIELDS, MEASURE_FIELDS, STRATEGY_FIELDS
from strategy.selectors.amendments import FIELDS, SUCCESSORS


def _of_edition(column: Column) -> str:
    return f"(t.says ->> '{column.name}')::{column.kind.sql}"


def _key_of_goal(goal: str) -> str:
    """SQL of the key of a goal, given its id, or of the one that it had if it is gone, which all editions have."""
    gone = f"SELECT says ->> 'key' FROM strategy_editiongoal WHERE goal_id = {goal} AND says IS NOT NULL LIMIT 1"  # noqa: S608 - our own names
    return f"coalesce((SELECT key FROM strategy_goal WHERE id = {goal}), ({gone}))"  # noqa: S608 - our own names


WHAT_IT_SAYS = f"""((t.says - 'key') || jsonb_build_object(
    'parent', {_key_of_goal("(t.says ->> 'parent')::bigint")},
    'measures', (
        SELECT coalesce(jsonb_object_agg(coalesce(m.key, e.value ->> 'key'), e.value - 'key'), '{{}}')
            FROM jsonb_each(t.says -> 'measures') e LEFT JOIN strategy_measure m ON m.id = e.key::bigint
    )
))::text"""  # noqa: S608 - our own names
"""Goals and measures by their keys."""
OF_A_STRATEGY = "EXISTS (SELECT FROM strategy_strategy s WHERE s.id = t.strategy_id)"
EDITION_NUMBER = Column("number", Amount(9, 0, Decimal(1), Decimal(999_999_999)), required=True)
EDITIONS = Table(
    "editions",
    "strategy_edition",
    ("strategy", "number"),
    (
        Column("strategy", Reference("strategies"), required=True),
        EDITION_NUMBER,
        Column("at", Instant(), required=True),
        Column("by", Reference("people"), field="person_id"),
        Column("kind", choice(EditionKind.values), required=True),
        Column("because", Lines(fields.LINES_LIMIT)),
        *(
            Column(each.name, each.kind, required=each.required, told=_of_edition(each))
            for each in (STRATEGIES.by_name[name] for name in STRATEGY_FIELDS)
        ),
    ),
    immutable=True,
    apart=True,
    only=OF_A_STRATEGY,
)
EDITION_GOALS = Table(
    "edition_goals",
    """(
        SELECT g.*, e.strategy_id, e.number FROM strategy_editiongoal g JOIN strategy_edition e ON e.id = g.edition_id
    )""",
    ("strategy", "number", "goal"),
    (
        Column("strategy", Reference("strategies"), required=True),
        EDITION_NUMBER,
        Column("goal", Key(), required=True, told=_key_of_goal("t.goal_id")),
        Column(
            "says",
            Held(
                fields=tuple((name, GOALS.by_name[name].kind) for name in GOAL_FIELDS),
                measured=tuple((name, MEASURES.by_name[name].kind) for name in MEASURE_FIELDS),
                texts=frozenset({"title", "situation", "why", "boundaries", "closing_reason", "learned", "unit"}),
                later=LATER_FIELDS,
            ),
            told=WHAT_IT_SAYS,
        ),
    ),
    immutable=True,
    apart=True,
    only=OF_A_STRATEGY,
)

BY_KEY = {"parent": "strategy_goal", "strategy": "strategy_strategy"}


def _planned(side: int) -> str:
    """SQL of a planned value with keys and addresses in the place of ids."""
    value = f"(e.value ->> {side})::bigint"
    keys = " ".join(
        f"WHEN '{name}' THEN to_jsonb((SELECT key FROM {table} WHERE id = {value}))"  # noqa: S608 - our own names
        for name, table in BY_KEY.items()
    )
    return f"""CASE e.key {keys}
        WHEN 'keeper' THEN to_jsonb((SELECT email FROM teams_person WHERE id = {value}))
        WHEN 'successors' THEN (
            SELECT coalesce(jsonb_agg(g.key ORDER BY g.key COLLATE "C"), '[]') FROM strategy_goal g
            WHERE g.id IN (SELECT jsonb_array_elements_text(e.value -> {side})::bigint))
        ELSE e.value -> {side} END"""  # noqa: S608 - our own names


WHAT_IT_PLANS = f"""(SELECT jsonb_object_agg(e.key, jsonb_build_array({_planned(0)}, {_planned(1)}))
    FROM jsonb_each(t.changes) e)::text"""  # noqa: S608 - our own names
OPEN = """t.state = 'open'
    AND EXISTS (SELECT FROM strategy_strategy s WHERE s.id = t.strategy_id AND s.status = 'published')"""
AMENDMENTS = Table(
    "amendments",
    "strategy_amendment",
    ("strategy", "at"),
    (
        Column("strategy", Reference("strategies"), required=True),
        Column("at", Instant(), required=True, told="t.opened_at"),
        Column("by", Reference("people"), field="opened_by_id"),
        Column("because", Lines(fields.LINES_LIMIT)),
    ),
    apart=True,
    only=OPEN,
)
AMENDMENT_EDITS = Table(
    "amendment_edits",
    """(
        SELECT e.*, a.state, a.strategy_id, row_number() OVER (PARTITION BY a.id ORDER BY e.id) AS number
        FROM strategy_amendmentedit e JOIN strategy_amendment a ON a.id = e.amendment_id
        LEFT JOIN strategy_goal g ON g.id = e.goal_id LEFT JOIN strategy_measure m ON m.id = e.measure_id
        WHERE e.changes <> '{}' AND (e.goal_id IS NULL OR g.id IS NOT NULL)
            AND (e.measure_id IS NULL OR m.id IS NOT NULL)
    )""",
    ("strategy", "number"),
    (
        Column("strategy", Reference("strategies"), required=True),
        EDITION_NUMBER,
        Column("kind", choice(EditKind.values), required=True),
        Column("goal", Reference("goals")),
        Column("measure", Reference("measures")),
        Column(
            "changes", Planned(frozenset().union(*FIELDS.values(), {SUCCESSORS})), required=True, told=WHAT_IT_PLANS
        ),
        Column(
            "meaning_changed",
            choice(("yes", "no")),
            told="CASE WHEN t.meaning_changed THEN 'yes' WHEN NOT t.meaning_changed THEN 'no' END",
        ),
        Column("by", Reference("people"), field="person_id"),
        Column("at", Instant(), required=True),
    ),
    apart=True,
    only=OPEN,
)
