"""Threads with what they are about and whose turn it is, for lists and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.db.models import Case, CharField, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject

from conversations.enums import Side
from conversations.kinds import kept_outcomes, thread_kinds
from conversations.models import Following, Message, Thread
from conversations.selectors.parties import party_row
from conversations.topics import Topic, topic, topics
from lib.log.kinds import Ref
from teams.models import Person

PINNED, OPEN, READ = 3, 5, 50
"""How many pinned answers, and open threads, the page of a thing shows, of so many that are read."""
STATES = [("mine", "My turn"), ("open", "Open"), ("late", "Unanswered for too long"), ("ended", "Ended")]


def threads(reader: Person, *, on: dt.date | None = None, kind: str = "", state: str = "") -> QuerySet[Any]:
    """Those that `reader` may see, as `with_names` adds to them. Unordered. `state` is one of STATES; `late` needs
    `on`.
    """
    rows: Any = Thread.objects.in_turn_of(reader) if state == "mine" else Thread.objects.visible_to(reader)
    if state in {"open", "late"}:
        rows = rows.late(on) if state == "late" and on else rows.open()
    elif state == "ended":
        rows = rows.exclude(outcome="")
    return with_names(rows.filter(kind=kind) if kind else rows)


def with_subjects(rows: QuerySet[Any], kinds: Collection[str] | None = None) -> QuerySet[Any]:
    """Adds what the thread is about (`subject`: name and place) and its first message (`question`). Where it is known
    that all are about things of these `kinds`, others are not asked for, as building and planning that takes long.
    """
    first = Message.objects.filter(thread=OuterRef("pk")).order_by("at", "id").values("text")
    told: QuerySet[Any] = rows.annotate(
        subject=of_each("about", lambda of: JSONObject(name=of.name, place=of.place), kinds=kinds),
        question=Subquery(first[:1], output_field=CharField()),
    )
    return told


def with_names(rows: QuerySet[Any], kinds: Collection[str] | None = None) -> QuerySet[Any]:
    """As `with_subjects`, with who answers and who is in turn (`answerer`, `in_turn`: rows for
    `conversations.selectors.parties.party`).
    """
    named: QuerySet[Any] = with_subjects(rows.select_related("asker", "pinned__author"), kinds).annotate(
        answerer=of_each("answers", party_row), in_turn=in_turn(kinds, F("answerer"))
    )
    return named


def with_keys(rows: QuerySet[Any], reader: Person) -> QuerySet[Any]:
    """Adds the keys of what threads are about and of what their other side answers for (`about_key`, `answers_key`), as
    far as `reader` may see it; those of links are "initiative:goal", and the company has none.
    """

    def key(of: Topic) -> JSONObject:
        return JSONObject(key=of.key or of.place)

    keyed: QuerySet[Any] = rows.annotate(
        about_key=KeyTextTransform("key", of_each("about", key)),
        answers_key=KeyTextTransform("key", of_each("answers", key, reader)),
    )
    return keyed


def in_turn(kinds: Collection[str] | None = None, answerer: F | None = None) -> Case:
    """Of each thread, about things of these kinds, whoever is in turn, on either side: a row for
    `conversations.selectors.parties.party`. `answerer` is the column of whoever answers, where there is one already.
    """
    standing = [
        When(
            turn=Side.ASKS,
            kind=kind.code,
            about_kind=about,
            then=_row_of(replace(topic(about), owner=kind.asked_owner, team=kind.asked_team)),
        )
        for kind in thread_kinds()
        if kind.asked_by
        for about in kind.about
        if kinds is None or about in kinds
    ]
    asker = JSONObject(owner=F("asker"), owner_name=F("asker__name"), nobody=Value(False))
    return Case(
        *standing,
        When(turn=Side.ASKS, then=asker),
        default=answerer or of_each("answers", party_row),
        output_field=JSONField(),
    )


def _row_of(of: Any) -> Subquery:
    return Subquery(of.rows.filter(pk=OuterRef("about_id")).order_by().values(row=party_row(of))[:1])


def of_each(
    side: str, row: Callable[[Topic], Any], reader: Person | None = None, kinds: Collection[str] | None = None
) -> Case:
    """For each kind of thing, or of `kinds`, one row of it, as JSON; null for what is gone, and for what `reader` may
    not see.
    """
    whens = []
    for of in topics(kinds):
        things = of.rows if reader is None else of.seen_by(reader)
        one = things.filter(pk=OuterRef(f"{side}_id")).order_by().values(row=row(of))[:1]
        whens.append(When(**{f"{side}_kind": of.kind}, then=Subquery(one)))
    return Case(*whens, default=Value(None, output_field=JSONField()), output_field=JSONField())


def threads_about(reader: Person, *abouts: Ref) -> QuerySet[Any]:
    """Those about one of these things, as `threads`: first what is pinned, open, or kept on the page of the thing, so
    that nothing that has ended pushes it out; the latest first.
    """
    wanted = Q(pk=None)
    for kind, pk in abouts:
        wanted |= Q(about_kind=kind, about_id=pk)
    shown = Q(pinned__isnull=False) | Q(outcome="") | Q(outcome__in=kept_outcomes())
    kinds = {kind for kind, _pk in abouts}
    rows: QuerySet[Any] = with_names(Thread.objects.visible_to(reader, kinds).filter(wanted), kinds)
    found: QuerySet[Any] = rows.annotate(is_over=Case(When(shown, then=0), default=1))
    return found.order_by("is_over", "-last_at", "-id")


def messages_of(thread: Thread) -> QuerySet[Message]:
    """In the order in which they were written, with their authors."""
    return Message.objects.filter(thread=thread).select_related("author", "removed_by").order_by("at", "id")


def following_of(thread: Thread, person: Person) -> bool | None:
    """Whether `person` follows it; False for one who has muted it, None for neither. One query."""
    muted = Following.objects.filter(thread=thread, person=person).values_list("muted", flat=True).first()
    return None if muted is None else not muted


def news(person: Person, *, since: dt.datetime) -> QuerySet[Any]:
    """Threads that `person` follows and in which somebody else wrote after `since`."""
    written = Message.objects.filter(thread=OuterRef("pk"), at__gt=since).exclude(author=person)
    followed = Following.objects.filter(person=person, muted=False).order_by().values("thread")
    return Thread.objects.visible_to(person).filter(Exists(written), pk__in=followed)


def with_subject(thread: Thread) -> Any:
    """A thread that is not saved, with the name of what it is about, as `with_names` has it. One query."""
    of: Any = topic(thread.about_kind)
    row: Any = thread
    found = of.rows.filter(pk=thread.about_id).values_list(JSONObject(name=of.name, place=of.place))
    row.subject = found.first()[0]
    return row
