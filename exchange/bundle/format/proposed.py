"""The file of proposed goals, each of a thread."""

from __future__ import annotations

from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import Instant, Line, Lines, Reference, References
from exchange.bundle.format.talk import is_there
from lib.db.fields import LINES_LIMIT

PROPOSALS = Table(
    "proposals",
    "alignment_proposal",
    ("thread",),
    (
        Column("thread", Reference("threads"), required=True),
        Column("title", Line(), required=True),
        Column("measure", Line()),
        Column("because", Lines(LINES_LIMIT)),
        Column("work", References("initiatives", "alignment_proposalwork", "proposal_id"), field="initiative_id"),
        Column("goal", Reference("goals")),
        Column("linked_at", Instant()),
    ),
    immutable=True,
    apart=True,
    only=f"EXISTS (SELECT FROM conversations_thread h WHERE h.id = t.thread_id AND {is_there('h')})",
)
