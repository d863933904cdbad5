"""What a person did, as the log has it, as far as a reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from lib.log.kinds import Kind, Ref, kind, kinds
from teams.models import LogEntry, LogRef, Person

TOLD = frozenset(
    {
        *("strategy", "goal", "measure", "contextpage", "decision", "persona"),
        *("initiative", "support", "link", "flag", "proposal", "team", "membership"),
    }
)
"""The kinds of subjects whose entries are told: the work, and not what people do to accounts, settings and digests."""
TITLES = {
    **dict.fromkeys(("initiative", "goal", "strategy", "contextpage", "decision"), ("key", "title")),
    **dict.fromkeys(("persona", "team"), ("key", "name")),
    "person": (None, "name"),
}
"""The kinds that have a name and a page, in the order in which a sentence names them: the fields of key and name."""


class Titled(NamedTuple):
    pk: int
    key: str
    title: str


def done_by(person: Person, reader: Person) -> QuerySet[LogEntry]:
    """The entries of what `person` did, each with its references as `about`.

    An entry is seen by those who see all that it refers to, as it is now: what a goal was called while it was not
    confidential is not told. What is gone is seen by nobody, but a part of something (a link, a measure) by those who
    see what it was a part of.
    """
    refs = LogRef.objects.filter(entry=OuterRef("pk"))
    seen = reduce(or_, (Q(kind=each.name) & _seen(each, reader) for each in kinds()))
    about = refs.order_by("kind", "object_id").values(ref=JSONObject(kind="kind", id="object_id"))
    entries = LogEntry.objects.filter(actor=person, subject_kind__in=TOLD).exclude(Exists(refs.exclude(seen)))
    return entries.annotate(about=ArraySubquery(about))


def _seen(of: Kind, reader: Person) -> Q:
    """Matches references of this kind to what `reader` may see."""
    visible = Q(Exists(of.visible_to(reader).filter(pk=OuterRef("object_id")).order_by()))
    if not of.parents:
        return visible
    return visible | ~Q(Exists(QuerySet(of.model).filter(pk=OuterRef("object_id")).order_by()))


def subjects(entry: Any) -> list[Ref]:
    """What an entry of `done_by` is said of: its subject, or what that is a part of where it has no page of its own."""
    if entry.subject_kind in TITLES:
        return [(entry.subject_kind, entry.subject_id)]
    refs = [(ref["kind"], ref["id"]) for ref in entry.about]
    return [ref for name in TITLES for ref in refs if ref[0] == name]


def titles(entries: Iterable[LogEntry], reader: Person) -> Mapping[Ref, Titled]:
    """The names of what entries of `done_by` are said of, as far as `reader` may see it. One query."""
    wanted: dict[str, set[int]] = {name: {0} for name in TITLES}
    for entry in entries:
        for name, pk in subjects(entry):
            wanted[name].add(pk)
    first, *rest = [_titled(name, ids, reader) for name, ids in wanted.items()]
    return {(name, pk): Titled(pk, key, title) for name, pk, key, title in first.union(*rest, all=True)}


def _titled(name: str, ids: set[int], reader: Person) -> QuerySet[Any, Any]:
    key, title = TITLES[name]
    rows: QuerySet[Any] = kind(name).visible_to(reader).filter(pk__in=ids).order_by()
    of_kind, of_key = Value(name, CharField()), F(key) if key else Value("", CharField())
    told: QuerySet[Any, Any] = rows.annotate(of_kind=of_kind, of_key=of_key)
    return told.values_list("of_kind", "pk", "of_key", title)
