"""Leases digests to workers: a worker has those with the token of its claim, as long as the lease lasts.

The lease uses the database's clock alone, so that the clocks of machines may differ; a worker measures only elapsed
time. Once the lease of a killed worker is over, another takes its digests.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Q
from django.db.models.functions import Now

from digest.enums import DigestState
from digest.models import Digest, DigestQuerySet, DigestSettings
from digest.schedule import LEAD
from digest.selectors.digests import wanted

RENEWED_AFTER = 0.1
"""Part of the lease. The rest is enough for one digest at the slowest server: a dozen answers, EMAIL_TIMEOUT each."""
SMALLER = 8
UNBUILT = {
    "state": DigestState.DUE,
    "content": None,
    "subject": "",
    "standing": "",
    "told_to": None,
    "built_at": None,
    "attempts": 0,
}
"""A digest that is to be built, once more or for the first time."""
UNWRITTEN = "It could not be written: an error of ours, which is in the log of the worker."


class Claim:
    """`digests` are leased, with their people loaded; `token` is in their rows."""

    def __init__(self, token: uuid.UUID, digests: list[Digest], claimed: float) -> None:
        self.token = token
        self.digests = digests
        self._renewed = claimed
        self._ours = {digest.pk for digest in digests}

    def holds(self, digest: Digest) -> bool:
        """Whether the lease on it still holds; after some time, renews the lease on all that it still holds on."""
        if time.monotonic() - self._renewed > settings.DIGEST_LEASE_SECONDS * RENEWED_AFTER:
            self._renewed = time.monotonic()
            self.rows.update(claimed_at=Now())
            self._ours = set(self.rows.values_list("pk", flat=True))
        return digest.pk in self._ours

    @property
    def rows(self) -> DigestQuerySet:
        """Those still leased and not done."""
        return Digest.objects.filter(claim=self.token)

    def write_anew(self, digests: Collection[Digest]) -> None:
        """Lets go of these, to be built again."""
        gone = {digest.pk for digest in digests}
        self.rows.filter(pk__in=gone).update(claim=None, claimed_at=None, **UNBUILT)
        self.digests = [digest for digest in self.digests if digest.pk not in gone]

    def release(self) -> None:
        """Undoes the claim for sending, its attempt included."""
        self.rows.update(claim=None, claimed_at=None, attempts=F("attempts") - 1)


def free() -> Q:
    """Not leased by a worker."""
    lease = dt.timedelta(seconds=settings.DIGEST_LEASE_SECONDS)
    return Q(claim=None) | Q(claimed_at__lt=Now() - lease)


def to_build(at: dt.datetime) -> DigestQuerySet:
    """Digests due by LEAD after `at`."""
    return _workable().filter(state=DigestState.DUE, not_before__lte=at + LEAD, ends_at__gt=at)


def to_send(at: dt.datetime) -> DigestQuerySet:
    return _workable().filter(state=DigestState.BUILT, not_before__lte=at, due_at__lte=at, ends_at__gt=at)


def _workable() -> DigestQuerySet:
    running = DigestSettings.objects.filter(started_at__isnull=False, paused_at=None)
    return Digest.objects.filter(free(), wanted(), Exists(running))


def claim_for_building(rows: DigestQuerySet, limit: int) -> Claim:
    """Claims the earliest, all of one moment. Those that were set apart come last, in batches an eighth of the size
    each time."""
    with transaction.atomic():
        ours = _lockable(rows).order_by("attempts", "not_before", "id")
        first = ours.first()
        if first is None:
            return _claim([])
        alike = ours.filter(attempts=first.attempts, not_before=first.not_before, due_at=first.due_at)
        return _claim(alike[: max(limit // SMALLER**first.attempts, 1)])


def set_apart(claim: Claim) -> None:
    """Returns a batch that failed, to be tried in smaller ones; a batch of one fails for good."""
    if len(claim.digests) == 1:
        claim.rows.update(state=DigestState.FAILED, problem=UNWRITTEN, claim=None, claimed_at=None)
    else:
        claim.rows.update(attempts=F("attempts") + 1, claim=None, claimed_at=None)


def claim_for_sending(rows: DigestQuerySet, limit: int) -> Claim:
    """Claims the earliest, and counts an attempt for each."""
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
