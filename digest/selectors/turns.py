"""Turns in conversations that people were not told of yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from conversations.models import Following, Thread
from conversations.selectors.threads import with_names
from digest.enums import DigestState
from digest.models import Digest, DigestSettings, TurnMail
from digest.schedule import DAY, FURTHEST
from digest.selectors.digests import reached_by_turn_mails, wanted
from strategy.selectors.reading import asked_people
from teams.enums import Role
from teams.models import LogEntry, Person
from teams.selectors.company import company_day

Told = dict[tuple[int, int], dt.datetime]
"""By person and thread, up to when they were told that it is their turn."""


def tells_turns_since(settings: DigestSettings, at: dt.datetime) -> dt.datetime:
    """Turns from before are told by no mail: digests were not started, or they are too old."""
    return max(settings.started_at or at, at - FURTHEST)


def asked_by_mail() -> QuerySet[Person]:
    """Whom a mail about turns may reach, without those of whom nothing is asked, as their teams are not here."""
    return reached_by_turn_mails().filter(Q(role__in=(Role.ADMIN, Role.LEADER)) | Q(pk__in=asked_people().values("pk")))


def turns_told(people: Collection[int], since: dt.datetime) -> Told:
    """What these people were told by mail since then, or by a digest in place of it. One query."""
    told: Told = {}
    rows = TurnMail.objects.filter(person__in=people, told_at__gte=since)
    for person, threads, until in rows.order_by("told_at").values_list("person", "told", "told_at"):
        told |= {(person, thread): until for thread in threads if until}
    return told


@dataclass(frozen=True)
class ToTell:
    """Threads in a person's turn, with names, the most urgent first: those to tell by mail, and those that the digest
    of the day has told. With `waits`, that digest has not left yet."""

    threads: list[Any]
    in_digest: list[Any]
    waits: bool = False


def turns_to_tell(row: TurnMail, *, since: dt.datetime, at: dt.datetime) -> ToTell:
    """What the mail `row` has to say at `at`; nothing of what its person has muted. Reminders are told even where a
    digest told the turn. Four queries, and their roles on teams.
    """
    digest = Digest.objects.filter(
        wanted(), person=row.person, due_at__gt=row.due_at - DAY, due_at__lte=at, ends_at__gt=at
    )
    state, built_at = digest.order_by("-due_at").values_list("state", "built_at").first() or ("", None)
    told = turns_told([row.person_id], since)
    muted = Following.objects.filter(person=row.person, muted=True).order_by().values("thread")
    mine = Thread.objects.in_turn_of(row.person) | Thread.objects.reminded_of_owed(row.person, company_day(at))
    asked = mine.asked_since(since).exclude(pk__in=muted)
    in_turn = with_names(asked)
    new = [
        thread
        for thread in in_turn.order_by(F("due_on").asc(nulls_last=True), "turned_at", "pk")
        if not is_told(told, row.person_id, thread.pk, thread.asked_at)
    ]
    until = built_at if state == DigestState.SENT else None
    in_digest = [thread for thread in new if until and not thread.is_reminded and thread.turned_at <= until]
    waits = state in (DigestState.DUE, DigestState.BUILT)
    return ToTell([thread for thread in new if thread not in in_digest], in_digest, waits)


def is_told(told: Told, person: int, thread: int, asked_at: dt.datetime) -> bool:
    until = told.get((person, thread))
    return until is not None and asked_at <= until


def reminders_by(threads: Collection[Any]) -> dict[Any, Person | None]:
    """Who reminds of them, by thread; of those that nobody was reminded of since it became their turn, nothing. At most
    one query.
    """
    reminded = [thread.pk for thread in threads if thread.is_reminded]
    if not reminded:
        return {}
    log = LogEntry.objects.filter(action="thread.reminded", subject_kind="thread", subject_id__in=reminded)
    return {entry.subject_id: entry.actor for entry in log.select_related("actor").order_by("pk")}
