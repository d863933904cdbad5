"""Importing this registers every section (digest.registry)."""

from digest.sections import (
    company,
    ending,
    flags,
    goals,
    judgements,
    links,
    mail,
    own,
    published,
    spotlight,
    strategy,
    support,
    team,
    waiting,
)

__all__ = [
    "company",
    "ending",
    "flags",
    "goals",
    "judgements",
    "links",
    "mail",
    "own",
    "published",
    "spotlight",
    "strategy",
    "support",
    "team",
    "waiting",
]
