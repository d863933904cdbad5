"""Which digests a worker holds: those that bear the token of its claim, as long as the lease lasts.

The lease counts by the database's clock alone, so that the clocks of machines may differ; a worker itself counts only
how much time passed. A worker that was killed is followed by another once the lease is over.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from digest.enums import DigestState
from digest.models import Digest, DigestQuerySet, DigestSettings
from digest.schedule import LEAD
from lib.log.actions import actions
from teams.models import LogEntry, Person

RENEWED_AFTER = 0.1
"""Of the lease. The rest is enough for one digest at the slowest server: a dozen answers, EMAIL_TIMEOUT for each."""
SMALLER = 8
UNWRITTEN = "It could not be written: an error of ours, which is in the log of the worker."
OTHER_RIGHTS = ("person.role_changed", "person.made_admin")
KEPT = dt.timedelta(days=1)
"""What is older was built anew long ago (digestplans.STAYS_TRUE)."""


class Claim:
    """`digests` are held from now on, with their people; `token` is in their rows."""

    def __init__(self, token: uuid.UUID, digests: list[Digest], claimed: float) -> None:
        self.token = token
        self.digests = digests
        self._renewed = claimed
        self._ours = {digest.pk for digest in digests}

    def holds(self, digest: Digest) -> bool:
        """Whether it is still ours to send; where some time has passed, the lease of all that are is begun anew."""
        if time.monotonic() - self._renewed > settings.DIGEST_LEASE_SECONDS * RENEWED_AFTER:
            self._renewed = time.monotonic()
            self.rows.update(claimed_at=Now())
            self._ours = set(self.rows.values_list("pk", flat=True))
        return digest.pk in self._ours

    @property
    def rows(self) -> DigestQuerySet:
        """What is still ours and has not come to anything yet."""
        return Digest.objects.filter(claim=self.token)

    def release(self) -> None:
        """As if they had not been claimed for sending."""
        self.rows.update(claim=None, claimed_at=None, attempts=F("attempts") - 1)


def free() -> Q:
    """No worker holds it."""
    lease = dt.timedelta(seconds=settings.DIGEST_LEASE_SECONDS)
    return Q(claim=None) | Q(claimed_at__lt=Now() - lease)


def recipients() -> QuerySet[Person]:
    """Who may get digests, wants them, and can be reached."""
    return Person.objects.filter(is_active=True, joined_at__isnull=False, digests=True, refused_at=None).order_by()


def wanted() -> Exists:
    """It is for one of `recipients`."""
    return Exists(recipients().filter(pk=OuterRef("person_id")))


def outdated(at: dt.datetime) -> Q:
    """Its person may have got other rights since it was built: by a change of their role, by an import, or because a
    goal that it names is confidential now, or somebody else's."""
    since = LogEntry.objects.filter(at__gt=OuterRef("built_at"))
    of_person = since.filter(subject_kind="person", subject_id=OuterRef("person_id"), action__in=OTHER_RIGHTS)
    of_company = since.filter(subject_kind="", subject_id=None, action="company.imported")
    of_goals = since.filter(_other_sight(), at__gt=at - KEPT)
    return Q(Exists(of_person)) | Q(Exists(of_company)) | Q(Exists(of_goals))


def _other_sight() -> Q:
    """Entries that may bring a goal into or out of somebody's sight."""
    found = {action.name: action.sight for action in actions().values() if action.sight}
    fields = [Q(action=name, changes__has_any_keys=sight) for name, sight in found.items()]
    return Q(action__in=found) & reduce(or_, fields)


def to_build(at: dt.datetime) -> DigestQuerySet:
    """In time for their moment."""
    return _workable().filter(state=DigestState.DUE, not_before__lte=at + LEAD, ends_at__gt=at)


def to_send(at: dt.datetime) -> DigestQuerySet:
    return _workable().filter(
        ~outdated(at), state=DigestState.BUILT, not_before__lte=at, due_at__lte=at, ends_at__gt=at
    )


def _workable() -> DigestQuerySet:
    running = DigestSettings.objects.filter(started_at__isnull=False, paused_at=None)
    return Digest.objects.filter(free(), wanted(), Exists(running))


def claim_for_building(rows: DigestQuerySet, limit: int) -> Claim:
    """The earliest, all of one moment. Those that were set apart come last, an eighth of a batch each time it
    happened."""
    with transaction.atomic():
        ours = _lockable(rows).order_by("attempts", "not_before", "id")
        first = ours.first()
        if first is None:
            return _claim([])
        alike = ours.filter(attempts=first.attempts, not_before=first.not_before, due_at=first.due_at)
        return _claim(alike[: max(limit // SMALLER**first.attempts, 1)])


def set_apart(claim: Claim) -> None:
    """What could not be built together: one digest alone has failed."""
    if len(claim.digests) == 1:
        claim.rows.update(state=DigestState.FAILED, problem=UNWRITTEN, claim=None, claimed_at=None)
    else:
        claim.rows.update(attempts=F("attempts") + 1, claim=None, claimed_at=None)


def claim_for_sending(rows: DigestQuerySet, limit: int) -> Claim:
    """The earliest; an attempt to send each is counted."""
    with transaction.atomic():
        claim = _claim(_lockable(rows)[:limit])
        claim.rows.update(attempts=F("attempts") + 1)
    return claim


def _lockable(rows: DigestQuerySet) -> DigestQuerySet:
    locked = rows.select_related("person").select_for_update(skip_locked=True, no_key=True, of=("self",))
    return locked.order_by("not_before", "id")


def _claim(rows: Iterable[Digest]) -> Claim:
    token, claimed, digests = uuid.uuid4(), time.monotonic(), list(rows)
    Digest.objects.filter(pk__in=[digest.pk for digest in digests]).update(claim=token, claimed_at=Now())
    return Claim(token, digests, claimed)
