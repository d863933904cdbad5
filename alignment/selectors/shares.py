"""How the links of one initiative divide its effort, for readers who may not see every goal."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import BooleanField, ExpressionWrapper

from alignment.engine.model import MILLION
from alignment.engine.parts import split
from alignment.models import Link
from strategy.models import Goal
from strategy.models.goal import goals_seen_by
from teams.models import Initiative, Person


@dataclass(frozen=True)
class Share:
    """A link's share: `share` as given (None: an equal part of the remainder), `part` the resulting part of the effort
    (0..1). `goal` is None where the reader may not see it."""

    link: Link
    goal: Goal | None
    share: Decimal | None
    part: float


def shares_of(initiative: Initiative, reader: Person) -> list[Share]:
    """One for every link, in the order they were made; one query."""
    seen = ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField())
    rows: Any = Link.objects.filter(initiative=initiative).select_related("goal").annotate(seen=seen).order_by("id")
    links = list(rows)
    given = [-1 if link.share is None else round(link.share * MILLION) for link in links]
    parts = split(np.zeros(len(links), dtype=np.int64), np.array(given, dtype=np.int64), 1)
    return [
        Share(link, link.goal if link.seen else None, link.share, float(part))
        for link, part in zip(links, parts, strict=True)
    ]


def shares_version(links: Iterable[Link]) -> int:
    """Changes whenever a link is added, removed or gets another share; a form about all of them carries it."""
    given = sorted((link.pk, -1 if link.share is None else round(link.share * MILLION)) for link in links)
    return zlib.crc32(repr(given).encode()) or 1


def given_shares(links: Iterable[Link]) -> Decimal:
    return sum((link.share for link in links if link.share is not None), Decimal(0))
