"""What happened in conversations, and who of many people sees what they are about, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from alignment.models import Link
from conversations.models import Following, Mention, Message
from lib.log.kinds import Ref
from strategy.enums import StrategyStatus
from strategy.models import Decision, Goal, Strategy
from strategy.selectors.seen import Confidential
from teams.models import LogEntry, Person

OPEN_TO_ALL = {"initiative", "team", "company", "contextpage", "support"}
"""Kinds of things that everybody sees."""
WRITTEN = {"thread.opened", "thread.written", "thread.answered"}
TURNED = {"thread.opened", "thread.answered", "thread.reopened"}
Sees = Callable[[Person, Ref], bool]
Sayings = list[Any]
"""Messages with their authors, in their order."""


@dataclass(frozen=True)
class Happened:
    """Since an entry of the log, by thread: who `ended` it, whether the turn went over, and what was `written`; by
    person which threads they follow and which they have muted; by thing (kind, id) the messages that mention it.
    """

    ended: Mapping[int, int | None]
    turned: frozenset[int]
    written: Mapping[int, Sayings]
    follows: Mapping[int, set[int]]
    muted: Mapping[int, set[int]]
    mentions: Mapping[Ref, Sayings]


@dataclass
class _Entries:
    ended: dict[int, int | None] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    at: dict[int, set[dt.datetime]] = field(default_factory=lambda: defaultdict(set))


def happened_since(mark: int, people: Collection[int], teams: Collection[int]) -> Happened:
    """Since the log entry with id `mark`. Four queries. A message is told with its entry, which has its instant."""
    entries = _entries(mark)
    threads = {*entries.at, *entries.ended}
    follows: dict[int, set[int]] = defaultdict(set)
    muted: dict[int, set[int]] = defaultdict(set)
    followings = Following.objects.filter(person__in=people, thread__in=threads)
    for person, thread, is_muted in followings.values_list("person", "thread", "muted"):
        (muted if is_muted else follows)[person].add(thread)
    written: dict[int, Sayings] = defaultdict(list)
    by_id: dict[int, Any] = {}
    rows = Message.objects.filter(thread__in=[*entries.at]).select_related("author").order_by("at", "id")
    for message in rows:
        if message.at in entries.at[message.thread_id]:
            written[message.thread_id].append(message)
            by_id[message.pk] = message
    named = Q(kind="person", object_id__in=people) | Q(kind="team", object_id__in=teams)
    mentions: dict[Ref, Sayings] = defaultdict(list)
    found = Mention.objects.filter(named, message__in=by_id).order_by("message__at", "message_id")
    for kind, pk, place in found.values_list("kind", "object_id", "message"):
        mentions[kind, pk].append(by_id[place])
    return Happened(entries.ended, frozenset(entries.turned), written, follows, muted, mentions)


def _entries(mark: int) -> _Entries:
    found = _Entries()
    rows = LogEntry.objects.filter(pk__gt=mark, subject_kind="thread").order_by("pk")
    for thread, action, at, actor in rows.values_list("subject_id", "action", "at", "actor"):
        if thread is None:
            continue
        if action in WRITTEN:
            found.at[thread].add(at)
        if action in TURNED:
            found.turned.add(thread)
        if action == "thread.ended":
            found.ended[thread] = actor
        elif action == "thread.reopened":
            found.ended.pop(thread, None)
    return found


def works_of_links(links: Iterable[int]) -> dict[int, Any]:
    """By id, with the path and the owner of their goal, and of their work the owner and the team. One query."""
    rows = Link.objects.filter(pk__in=links).select_related("goal", "initiative")
    return {link.pk: link for link in rows.order_by()}


def seen_by_many(abouts: Iterable[Ref], links: Mapping[int, Any], hidden: Confidential) -> Sees:
    """Says whether a person sees the thing of a thread, as its `visible_to` does; one of another kind is for leaders.
    Whether it is still there is not asked. Three queries."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, pk in abouts:
        ids[kind].add(pk)
    goals = {goal.pk: goal for goal in Goal.objects.filter(pk__in=ids["goal"]).only("path", "owner_id").order_by()}
    goals_of = {"goal": goals, "link": {pk: link.goal for pk, link in links.items()}}
    strategies = Strategy.objects.filter(pk__in=ids["strategy"]).order_by()
    drafts = strategies.filter(status=StrategyStatus.DRAFT).values_list("pk", "owner")
    closed = Decision.objects.filter(pk__in=ids["decision"]).exclude(Decision.open_to_all()).order_by()
    owners = {"strategy": dict(drafts), "decision": dict(closed.values_list("pk", "owner"))}

    def sees(person: Person, about: Ref) -> bool:
        kind, pk = about
        if person.sees_everything or kind in OPEN_TO_ALL:
            return True
        if kind in goals_of:
            goal = goals_of[kind].get(pk)
            return goal is not None and not hidden.hides(person, goal.path, goal.owner_id)
        return kind in owners and owners[kind].get(pk, person.pk) == person.pk

    return sees
