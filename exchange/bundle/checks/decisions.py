"""The rules between decisions: each takes the place of at most one that was decided, and none of a later one."""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.format.tables import DECISIONS
from exchange.bundle.overlay import over
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage

OF_THE_LAST = "name the last one that held before it"
RULES = (
    (
        """SELECT w.line, r.supersedes FROM whole_decisions w JOIN raw_decisions r ON r.line = w.line
           JOIN {all_of_them} d ON d.id = w.supersedes_id WHERE d.status = 'draft'""",
        "{} is a draft",
        "name one that was decided",
    ),
    (
        """SELECT w.line, r.supersedes FROM whole_decisions w JOIN raw_decisions r ON r.line = w.line
           WHERE EXISTS (SELECT FROM {all_of_them} d WHERE d.supersedes_id = w.supersedes_id AND d.id <> w.id)""",
        "another decision takes the place of {} already",
        OF_THE_LAST,
    ),
    (
        """WITH RECURSIVE before AS (
             SELECT w.line, w.id AS first, w.supersedes_id AS id, ARRAY[w.id] AS path FROM whole_decisions w
             WHERE w.supersedes_id IS NOT NULL
             UNION ALL
             SELECT b.line, b.first, d.supersedes_id, b.path || d.id FROM before b JOIN {all_of_them} d ON d.id = b.id
             WHERE d.supersedes_id IS NOT NULL AND NOT d.id = ANY(b.path))
           SELECT b.line, r.supersedes FROM before b JOIN raw_decisions r ON r.line = b.line WHERE b.id = b.first""",
        "{} comes after this one",
        OF_THE_LAST,
    ),
)
"""What is found, what is wrong about it, and what would be right."""


def refuse_bad_successions(names: set[str], stage: Stage) -> None:
    """Reported at the decision that supersedes."""
    if not stage.has(DECISIONS, "supersedes"):
        return
    decisions = over("decisions", names, "supersedes_id", "status")
    for text, wrong, right in RULES:
        for line, key in sql.found(text, all_of_them=decisions):
            if not stage.problems.reported(DECISIONS.file, line, "supersedes"):
                quoted = shown(key)
                stage.problems.add(DECISIONS.file, line, "supersedes", wrong.format(quoted), right, cell=quoted)
