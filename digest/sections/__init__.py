"""Importing this registers every section (digest.registry)."""

from digest.sections import (
    checking_in,
    company,
    confirming,
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
    "checking_in",
    "company",
    "confirming",
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
