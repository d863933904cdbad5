"""Invites many people at once: a row for each invitation, which a worker mails (accounts/services/mailing.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from accounts.enums import InvitationState
from accounts.models import Invitation, InvitationRound
from lib.mail.addresses import Addressee, name_from
from lib.programs.waking import wake
from lib.services.errors import RefusedError, StaleError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.models import LogEntry, Person
from teams.services.log import record

TASK = "accounts.send_invitations"
NOBODY = "Nobody is left to invite: they have joined, have left, or an invitation to them is on its way."
NOBODY_AGAIN = "None is left to send again: they have joined or left meanwhile, or were invited otherwise."


@writes(permission="accounts.invite_person", queues=False)
def invite_people(
    *, actor: Person, at: dt.datetime, people: Collection[int], new: Sequence[Addressee] = (), role: str
) -> InvitationRound:
    """Leaves an invitation of each of `people`, by id, and of each of `new`, who are made with `role`. Leaves out who
    has joined, is inactive, or has an invitation that waits. A fixed number of statements.

    Raises ValidationError for values that no person can have, RefusedError where nobody is left.
    """
    added, made = _make_people(new, role)
    sent = InvitationRound.objects.create(actor=actor, at=at)
    invited = _queue([*people, *added], actor=actor, at=at, of=sent)
    if not invited:
        raise RefusedError(NOBODY)
    note = {"count": len(invited), "made": made}
    _invited(invited, actor, at, note | ({"role": role} if made else {}))
    return sent


@writes(permission="accounts.invite_person", queues=False)
def invite_again(of: InvitationRound, *, actor: Person, at: dt.datetime, version: int | None = None) -> int:
    """Leaves the invitations that failed to a worker once more; returns how many. `version` is how many had failed on
    the page that asks for it.

    Raises StaleError where others have failed since, RefusedError where none is left to send.
    """
    if version not in (None, now := of.invitations.filter(state=InvitationState.FAILED).count()):
        raise StaleError("Others have failed meanwhile.", current=of, version=now)
    waiting = Invitation.objects.filter(person=OuterRef("person"), state=InvitationState.WAITING)
    still = Person.objects.filter(pk=OuterRef("person"), is_active=True, joined_at=None)
    failed = Invitation.objects.filter(Exists(still), ~Exists(waiting), round=of, state=InvitationState.FAILED)
    rows = dict(failed.select_for_update(of=("self",)).order_by("id").values_list("pk", "person"))
    if not rows:
        raise RefusedError(NOBODY_AGAIN)
    Invitation.objects.filter(pk__in=rows).update(
        state=InvitationState.WAITING, actor=actor, asked_at=at, due_at=at, link_at=None, tries=0, problem=""
    )
    _invited([*rows.values()], actor, at, {"count": len(rows)})
    return len(rows)


@writes(permission=SYSTEM_ONLY, queues=False)
def renew_invitation(person: Person, *, at: dt.datetime) -> None:
    """For whoever opens an invitation that has expired. It names who invited them last, if they are still here."""
    last = LogEntry.objects.about("person", person.pk).filter(action__in=("person.invited", "people.invited"))
    entry = last.filter(actor__is_active=True).select_related("actor").order_by("-id").first()
    if _queue([person.pk], actor=entry.actor if entry else None, at=at, of=None):
        record("person.invitation_asked", actor=None, at=at, subject=person)
        transaction.on_commit(partial(wake, TASK))


def _make_people(new: Sequence[Addressee], role: str) -> tuple[list[int], int]:
    """The ids of all of `new`, and how many of them were made. Raises ValidationError."""
    if not new:
        return [], 0
    people = Person.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=[each.email for each in new])
    here = {*people.values_list("lower_email", flat=True)}
    rows = [_person(each, role) for each in new if each.email not in here]
    Person.objects.bulk_create(rows, ignore_conflicts=True)
    return [*people.values_list("pk", flat=True)], len(rows)


def _person(addressee: Addressee, role: str) -> Person:
    row = Person(email=addressee.email, name=tidy(addressee.name) or name_from(addressee.email), role=role)
    row.set_unusable_password()
    row.clean_fields()
    return row


def _queue(people: Collection[int], *, actor: Person | None, at: dt.datetime, of: InvitationRound | None) -> list[int]:
    """The ids of those who now have an invitation that waits, and had none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_invitation (person_id, actor_id, round_id, state, asked_at, due_at, tries, problem)
            SELECT id, %s, %s, 'waiting', %s, %s, 0, '' FROM teams_person
            WHERE id = ANY(%s) AND is_active AND joined_at IS NULL
            ORDER BY id
            ON CONFLICT (person_id) WHERE state = 'waiting' DO NOTHING
            RETURNING person_id""",
            [actor.pk if actor else None, of.pk if of else None, at, at, [*people]],
        )
        return [person for (person,) in cursor.fetchall()]


def _invited(people: Collection[int], actor: Person, at: dt.datetime, note: dict[str, int | str]) -> None:
    """Has addresses tried again that were refused, and wakes a worker."""
    Person.objects.filter(pk__in=people, refused_at__isnull=False).update(refused_at=None, refusal="")
    record("people.invited", actor=actor, at=at, note=note, refs=[("person", pk) for pk in people])
    transaction.on_commit(partial(wake, TASK))
