"""What happened, as the log has it: with one thing and what belongs to it, by one person, or in the whole company."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, JSONField, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Concat, JSONObject

from alignment.models import Link
from lib.log.kinds import Kind, Ref, kind, kinds
from strategy.models import Edition, Goal
from teams.models import Initiative, LogEntry, LogRef, Person

TOLD = frozenset(
    {
        *("strategy", "amendment", "goal", "measure", "contextpage", "decision", "persona"),
        *("initiative", "support", "link", "flag", "team", "membership", "thread", "proposal"),
    }
)
"""The kinds of subjects whose entries are told: the work, and not what people do to accounts, settings and digests."""
UNTOLD = frozenset(
    {
        *("thread.written", "thread.unpinned", "amendment.published"),
        *("proposal.accepted", "proposal.linked", "proposal.unlinked"),
    }
)
"""Actions of these kinds that are not: remarks, and what another entry of the same write says."""

NAMES: Mapping[str, Mapping[str, Any]] = {
    "initiative": {"key": "key", "title": "title"},
    "strategy": {"key": "key", "title": "title"},
    "contextpage": {"key": "key", "title": "title"},
    "decision": {"key": "key", "title": "title"},
    "measure": {"key": "key", "title": "title"},
    "goal": {"key": "key", "title": "title", "path": "path"},
    "persona": {"key": "key", "title": "name"},
    "team": {"key": "key", "title": "name"},
    "person": {"key": "pk", "title": "name"},
    "company": {"key": "pk", "title": "purpose"},
    "thread": {"key": "key", "title": "kind"},
    "checkin": {"key": "pk", "title": "note"},
    "link": {
        "key": "initiative__key",
        "title": Concat("initiative__title", Value(" → "), "goal__title", output_field=TextField()),
    },
}
"""The kinds that sentences name: the fields of their key and title."""

NAMES_ITS_OWN = (*("strategy.published", "strategy.unpublished", "goal.closed", "goal.reopened", "team.mission_set"),)
"""Actions of which those are told who see their subject: what else they refer to is named to whoever sees that."""

OPENINGS = Q(action__in=("strategy.published", "goal.activated", "goal.moved", "decision.concluded")) | Q(
    action__in=("goal.edited", "decision.edited"), changes__has_key="visibility"
)
"""Entries after which more people may see a strategy, goal or decision than before."""


ALONGSIDE = frozenset({"message", "checkin"})
"""Kinds that an entry refers to beside what they are a part of, so that whoever sees that sees them."""


def entries_seen_by(reader: Person) -> QuerySet[LogEntry]:
    """The entries that `reader` may be told.

    An entry is told to those who see all that it refers to, as it is now (but NAMES_ITS_OWN). What is gone is seen by
    nobody, but a part of something (a link, a measure) by those who see what it was a part of.
    """
    checked = [each for each in kinds() if each.name not in ALONGSIDE]
    seen = reduce(or_, (Q(kind=each.name) & _seen(each, reader) for each in checked), Q(kind__in=ALONGSIDE))
    subject = Q(kind=F("entry__subject_kind"), object_id=F("entry__subject_id"))
    matters = subject | ~Q(entry__action__in=NAMES_ITS_OWN)
    unseen = LogRef.objects.filter(matters, entry=OuterRef("pk")).exclude(seen)
    return LogEntry.objects.filter(subject_kind__in=TOLD).exclude(action__in=UNTOLD).exclude(Exists(unseen))


def _seen(of: Kind, reader: Person) -> Q:
    """Matches references of this kind to what `reader` may see."""
    visible = Q(Exists(of.visible_to(reader).filter(pk=OuterRef("object_id")).order_by()))
    if not of.parents:
        return visible
    return visible | ~Q(Exists(QuerySet(of.model).filter(pk=OuterRef("object_id")).order_by()))


def with_names(entries: QuerySet[LogEntry], reader: Person) -> QuerySet[LogEntry]:
    """Adds `about`: what each entry refers to (kind, id, and `named` as NAMES, as far as `reader` sees it); `made`: the
    edition that it caused; and the actor."""
    refs = LogRef.objects.filter(entry=OuterRef("pk")).order_by("kind", "object_id")
    names = [When(kind=name, then=_named(name, reader)) for name in NAMES]
    named = Case(*names, default=Value(None, JSONField()), output_field=JSONField())
    editions = Edition.objects.visible_to(reader).filter(entry=OuterRef("pk")).order_by("pk")
    made = editions.values(row=JSONObject(number="number", because="because", key="strategy__key"))
    return entries.select_related("actor").annotate(
        about=ArraySubquery(refs.values(ref=JSONObject(kind="kind", id="object_id", named=named))),
        made=Subquery(made[:1]),
    )


def _named(name: str, reader: Person) -> Subquery:
    """Of what NAMES_ITS_OWN refer to, goals alone may be hidden."""
    of = kind(name)
    rows: QuerySet[Any] = of.visible_to(reader) if name == "goal" else QuerySet(of.model)
    found = rows.filter(pk=OuterRef("object_id")).order_by()
    return Subquery(found.values(row=JSONObject(**NAMES[name])), output_field=JSONField())


def referring_to(ref: Ref) -> Q:
    """Matches the entries about a thing, and about its parts."""
    return _among(Q(kind=ref[0], object_id=ref[1]))


def referring_to_any(name: str, rows: QuerySet[Any]) -> Q:
    """Matches the entries that refer to one of `rows`, which are of this kind."""
    return _among(Q(kind=name, object_id__in=rows.order_by().values("pk")))


def _among(refs: Q, entries: Q | None = None) -> Q:
    found = LogRef.objects.filter(refs)
    if entries is not None:
        found = found.filter(entry__in=LogEntry.objects.filter(entries).order_by().values("pk"))
    return Q(pk__in=found.order_by().values("entry_id"))


OF_WORK = ("initiative.status_changed", "initiative.kind_declared", "link.outcome_recorded", "support.delivered")
OF_GOALS = ("goal.created", "goal.edited", "goal.activated", "goal.closed", "goal.reopened", "goal.moved")


def _of_team(pk: int) -> Q:
    """What was done to a team and its people, what it began, ended and learned, and what was asked of it."""
    work = Initiative.objects.filter(team=pk).order_by().values("pk")
    return referring_to(("team", pk)) | _among(Q(kind="initiative", object_id__in=work), Q(action__in=OF_WORK))


def _of_strategy(pk: int) -> Q:
    """What was done to a strategy and its amendments, and what became of its goals."""
    roots = Goal.objects.filter(strategy=pk).values("pk")
    goals = Goal.objects.filter(path__0__in=roots).order_by().values("pk")
    return referring_to(("strategy", pk)) | _among(Q(kind="goal", object_id__in=goals), Q(action__in=OF_GOALS))


IN_DISPUTES = ("thread.answered", "thread.ended", "thread.reopened", "thread.pinned")


def _with_disputes(ref: Ref, links: QuerySet[Link]) -> Q:
    """With what was said about its links in conversations after these began."""
    disputes = _among(Q(kind="link", object_id__in=links.order_by().values("pk")), Q(action__in=IN_DISPUTES))
    return referring_to(ref) | disputes


_BELONGING: Mapping[str, Callable[[int], Q]] = {
    "team": _of_team,
    "strategy": _of_strategy,
    "goal": lambda pk: _with_disputes(("goal", pk), Link.objects.filter(goal=pk)),
    "initiative": lambda pk: _with_disputes(("initiative", pk), Link.objects.filter(initiative=pk)),
    "person": lambda pk: Q(actor=pk),
}


def belonging_to(ref: Ref) -> Q:
    """Matches what happened with a thing and what belongs to it; with a person: what they did."""
    return _BELONGING[ref[0]](ref[1]) if ref[0] in _BELONGING else referring_to(ref)


CHECKED_IN, OUTCOMES = ("measure.checked_in", "measure.corrected"), ("link.outcome_recorded", "goal.closed")
OF_KIND: Mapping[str, Q] = {
    "strategy": Q(subject_kind__in=("strategy", "amendment", "goal", "measure")) & ~Q(action__in=CHECKED_IN),
    "check_ins": Q(action__in=CHECKED_IN),
    "work": Q(subject_kind="initiative"),
    "bets": Q(subject_kind="link"),
    "outcomes": Q(action__in=OUTCOMES),
    "talk": Q(subject_kind="thread"),
    "teams": Q(subject_kind__in=("team", "membership")),
    "support": Q(subject_kind="support"),
    "context": Q(subject_kind__in=("contextpage", "decision", "persona")),
    "flags": Q(subject_kind="flag"),
}
"""Which entries are of a kind that one can filter by; some are of two."""


def timeline(reader: Person, *matching: Q) -> QuerySet[LogEntry]:
    """What happened as far as `reader` may be told, with its names; in the order `-id`."""
    return with_names(entries_seen_by(reader).filter(*matching), reader)


def refs_named(entry: Any, *names: str) -> list[dict[str, Any]]:
    """What an entry of `timeline` refers to of these kinds and may name, in the order of `names`."""
    return [ref for name in names for ref in entry.about if ref["kind"] == name and ref["named"]]


CONFINED = ("goal", "strategy", "decision")


def without_words(entries: Iterable[Any], reader: Person) -> set[int]:
    """Of entries of `timeline` those whose words `reader` is not told, though they may see what it is about today:
    what was written before it was opened to more people than its seers. One query, none for who sees everything.
    """
    if reader.sees_everything:
        return set()
    things = {entry.pk: _confined(entry) for entry in entries if entry.actor_id != reader.pk}
    opened = _opened({thing for those in things.values() for thing in those})
    return {pk for pk, those in things.items() if any(pk <= opened.get(thing, 0) for thing in those)}


def _confined(entry: Any) -> set[Ref]:
    """The strategies and decisions that an entry refers to, and the goals with those above them."""
    found: set[Ref] = set()
    for ref in refs_named(entry, *CONFINED):
        found |= {(ref["kind"], pk) for pk in ref["named"].get("path", (ref["id"],))}
    return found


def _opened(things: Collection[Ref]) -> Mapping[Ref, int]:
    """The last entry that opened each thing to more people."""
    if not things:
        return {}
    those = reduce(
        or_,
        (Q(kind=name, object_id__in=[pk for of, pk in things if of == name]) for name in CONFINED),
    )
    rows = LogRef.objects.filter(those, entry__in=LogEntry.objects.filter(OPENINGS).order_by().values("pk"))
    found = rows.order_by().values("kind", "object_id").annotate(last=Max("entry_id"))
    return {(name, pk): last for name, pk, last in found.values_list("kind", "object_id", "last")}
