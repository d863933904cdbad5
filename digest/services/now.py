"""The digests due now, and sending one person's digest at once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from digest.enums import DigestState
from digest.models import WAITING, Digest
from digest.schedule import Times, moment, week_at, week_ends
from digest.selectors.digests import digest_settings, wanted
from digest.services.building import build_digests
from digest.services.claims import free
from digest.services.plans import Planned, digests_to_plan
from digest.services.sending import send_digests
from digest.upcoming import times_of
from lib.services.dates import iso_week
from lib.services.errors import RefusedError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person
from teams.selectors.company import company


def check_running() -> None:
    """Raises RefusedError where no digests are sent, with the page on which an administrator changes that."""
    row = digest_settings()
    page = settings.SITE_URL + reverse("digest_administration")
    if row.started_at is None:
        raise RefusedError(f"The weekly digests have not been started: an administrator does that at {page}")
    if row.paused_at is not None:
        raise RefusedError(f"The weekly digests are paused: an administrator resumes them at {page}")


def digests_due(*, at: dt.datetime) -> list[Planned]:
    """The digests whose moment has passed and that wait or will be planned, by moment. Before digests are started, as
    if they had been."""
    waiting = Digest.objects.filter(wanted(), state__in=WAITING, due_at__lte=at, ends_at__gt=at)
    rows = [Planned(*row) for row in waiting.values_list("person_id", "week", "due_at")]
    return sorted([*rows, *digests_to_plan(at=at)], key=lambda each: (each.due_at, each.person_id))


def digest_of_week(person: Person, *, at: dt.datetime) -> Planned:
    """A person's digest of the current ISO week in their zone, with its moment, even if later. Raises RefusedError
    where they get no digests, or had this one."""
    _check_person(person)
    times = _times(person)
    week = week_at(at, times.zone)
    digest = Digest.objects.filter(person=person, week=week).select_related("person").first()
    if digest is not None:
        _check_digest(digest, times.zone)
    return Planned(person.pk, week, digest.due_at if digest else moment(week, times))


def send_now(person: Person, *, at: dt.datetime) -> Digest:
    """Builds and sends `digest_of_week`, in place of the one due at its moment. Without content, nothing changes. The
    digest may be left for a retry, or fail.

    Raises RefusedError as `digest_of_week`, and where nothing is sent.
    """
    planned = digest_of_week(person, at=at)
    digest = _bring_forward(planned, person, at=at)
    build_digests(at=at, person=person)
    if not send_digests(at=at, person=person):  # it waited, and was no longer right
        build_digests(at=at, person=person)
        send_digests(at=at, person=person)
    digest.refresh_from_db()
    if digest.state == DigestState.NOTHING and planned.due_at > at:
        Digest.objects.filter(pk=digest.pk).delete()
    return digest


@writes(permission=SYSTEM_ONLY)
def _bring_forward(planned: Planned, person: Person, *, at: dt.datetime) -> Digest:
    check_running()
    due, zone = min(at, planned.due_at), _times(person).zone
    made = {"due_at": due, "not_before": at, "ends_at": week_ends(planned.week, zone)}
    rows = Digest.objects.select_for_update(no_key=True)
    digest, is_new = rows.get_or_create(person=person, week=planned.week, defaults=made)
    if not is_new:
        _check_digest(digest, zone)
        digest.due_at, digest.not_before = due, at
        digest.save(update_fields=["due_at", "not_before"])
    return digest


def _times(person: Person) -> Times:
    return times_of((person.timezone, person.digest_weekday, person.digest_hour), digest_settings(), company())


def _check_person(person: Person) -> None:
    if not person.is_active:
        raise RefusedError(f"{person} is no longer active here.")
    if person.joined_at is None:
        raise RefusedError(f"{person} has not accepted the invitation yet; digests go to people who have.")
    if not person.digests:
        raise RefusedError(f"{person} has turned the digests off; only they turn them on again.")
    if person.refused_at is not None:
        raise RefusedError(
            f"A mail server refused the address of {person} for good ({person.refusal}); an administrator allows "
            f"it again at {settings.SITE_URL}{reverse('digest_administration')}"
        )


def _check_digest(digest: Digest, zone: str) -> None:
    name, week = digest.person.name, iso_week(digest.week)
    if digest.state == DigestState.SENT and digest.sent_at is not None:
        sent = digest.sent_at.astimezone(ZoneInfo(zone))
        raise RefusedError(f"{name} had the digest of {week} on {sent:%A %-d %B at %-H:%M} ({zone}).")
    if digest.state == DigestState.NOTHING:
        raise RefusedError(f"There was nothing new for {name} in {week}.")
    if digest.state not in WAITING:
        raise RefusedError(
            f"The digest of {week} to {name} was not sent ({digest.problem or digest.get_state_display()}); an "
            f"administrator sends it again at {settings.SITE_URL}{reverse('digest_administration')}"
        )
    if not Digest.objects.filter(free(), pk=digest.pk).exists():
        raise RefusedError(f"A worker is sending the digest of {week} to {name} just now.")
