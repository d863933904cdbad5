"""What a link cites, beside an edit of it, which its callers log: pages of the business context, and personas."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, QuerySet, Value

from alignment.models import Link, LinkPage, LinkPersona
from lib.log.values import Pairs
from strategy.models import ContextPage, Persona
from strategy.services.sets import cite
from teams.models import LogEntry, Person

CITED = {"pages": (LinkPage, "page"), "personas": (LinkPersona, "persona")}
"""By field of a link, its pairs and the column of what is cited."""
MODELS = {"pages": ContextPage, "personas": Persona}


def cite_for_link(link: Link, wanted: Mapping[str, Collection[Any] | None], actor: Person, *, is_new: bool) -> Pairs:
    """Has the saved `link` cite just what is `wanted`, by field; None leaves it as it is. Returns the changes for the
    log. Raises ValidationError by field. No query for a new link that cites nothing."""
    given = {name: rows for name, rows in wanted.items() if rows is not None and (rows or not is_new)}
    return cite(link, "link", {name: CITED[name] for name in given}, given, actor)


def cited_note(link: Link) -> dict[str, list[int]]:
    """What it cites, for the note of its removal. One query."""
    pages, personas = (
        QuerySet[Any](pairs).filter(link=link).values_list(Value(name, CharField()), f"{column}_id")
        for name, (pairs, column) in CITED.items()
    )
    found: dict[str, list[int]] = {}
    for name, pk in pages.union(personas, all=True):
        found.setdefault(name, []).append(pk)
    return {name: sorted(ids) for name, ids in found.items()}


def cite_again(link: Link, removal: LogEntry, actor: Person) -> None:
    """Has a link that is back cite what it did, as far as that is there."""
    ids = {name: removal.note[name] for name in CITED if name in removal.note}
    there = {name: list(QuerySet[Any](MODELS[name]).filter(pk__in=named)) for name, named in ids.items()}
    cite_for_link(link, there, actor, is_new=True)
