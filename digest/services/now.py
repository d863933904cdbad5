"""What is due now, and one person's letter at once, for whoever asks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from digest.enums import LetterState
from digest.models import WAITING, Letter
from digest.schedule import Times, moment, week_at, week_ends
from digest.selectors.letters import digest
from digest.services.building import build_letters
from digest.services.claims import free, wanted
from digest.services.plans import Planned, letters_to_plan
from digest.services.sending import send_letters
from digest.upcoming import times_of
from lib.services.dates import iso_week
from lib.services.errors import RefusedError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person
from teams.selectors.company import company


def check_running() -> None:
    """Raises RefusedError where no letters are sent, with the page on which an administrator changes that."""
    row = digest()
    page = settings.SITE_URL + reverse("digest_administration")
    if row.started_at is None:
        raise RefusedError(f"The weekly letters have not been started: an administrator does that at {page}")
    if row.paused_at is not None:
        raise RefusedError(f"The weekly letters are paused: an administrator resumes them at {page}")


def letters_due(*, at: dt.datetime) -> list[Planned]:
    """The letters whose moment has come and that wait, or are about to be planned; by their moment. Before the digest
    is started, as if it had been."""
    waiting = Letter.objects.filter(wanted(), state__in=WAITING, due_at__lte=at, ends_at__gt=at)
    rows = [Planned(*row) for row in waiting.values_list("person_id", "week", "due_at")]
    return sorted([*rows, *letters_to_plan(at=at)], key=lambda each: (each.due_at, each.person_id))


def letter_of_week(person: Person, *, at: dt.datetime) -> Planned:
    """Their letter of the ISO week that it is where they are, with its moment, be that to come. Raises RefusedError
    where they get no letters, or had this one."""
    _check_person(person)
    times = _times(person)
    week = week_at(at, times.zone)
    letter = Letter.objects.filter(person=person, week=week).select_related("person").first()
    if letter is not None:
        _check_letter(letter, times.zone)
    return Planned(person.pk, week, letter.due_at if letter else moment(week, times))


def send_now(person: Person, *, at: dt.datetime) -> Letter:
    """Builds and sends `letter_of_week`, though its moment may be later: none comes then. With nothing to say it is as
    if nobody had asked. The letter may wait for another try afterwards, or have failed.

    Raises RefusedError as that does, and where nothing is sent.
    """
    planned = letter_of_week(person, at=at)
    letter = _bring_forward(planned, person, at=at)
    build_letters(at=at, person=person)
    send_letters(at=at, person=person)
    letter.refresh_from_db()
    if letter.state == LetterState.NOTHING and planned.due_at > at:
        Letter.objects.filter(pk=letter.pk).delete()
    return letter


@writes(permission=SYSTEM_ONLY)
def _bring_forward(planned: Planned, person: Person, *, at: dt.datetime) -> Letter:
    check_running()
    due, zone = min(at, planned.due_at), _times(person).zone
    made = {"due_at": due, "not_before": at, "ends_at": week_ends(planned.week, zone)}
    rows = Letter.objects.select_for_update(no_key=True)
    letter, is_new = rows.get_or_create(person=person, week=planned.week, defaults=made)
    if not is_new:
        _check_letter(letter, zone)
        letter.due_at, letter.not_before = due, at
        letter.save(update_fields=["due_at", "not_before"])
    return letter


def _times(person: Person) -> Times:
    return times_of((person.timezone, person.letter_weekday, person.letter_hour), digest(), company())


def _check_person(person: Person) -> None:
    if not person.is_active:
        raise RefusedError(f"{person.name} is no longer active here.")
    if person.joined_at is None:
        raise RefusedError(f"{person.name} has not accepted the invitation yet; letters go to people who have.")
    if not person.letters:
        raise RefusedError(f"{person.name} has turned the letters off; only they turn them on again.")
    if person.refused_at is not None:
        raise RefusedError(
            f"A mail server refused the address of {person.name} for good ({person.refusal}); an administrator allows "
            f"it again at {settings.SITE_URL}{reverse('digest_administration')}"
        )


def _check_letter(letter: Letter, zone: str) -> None:
    name, week = letter.person.name, iso_week(letter.week)
    if letter.state == LetterState.SENT and letter.sent_at is not None:
        sent = letter.sent_at.astimezone(ZoneInfo(zone))
        raise RefusedError(f"{name} had the letter of {week} on {sent:%A %-d %B at %-H:%M} ({zone}).")
    if letter.state == LetterState.NOTHING:
        raise RefusedError(f"There was nothing to say to {name} in {week}.")
    if letter.state not in WAITING:
        raise RefusedError(
            f"The letter of {week} to {name} was not sent ({letter.problem or letter.get_state_display()}); an "
            f"administrator sends it again at {settings.SITE_URL}{reverse('digest_administration')}"
        )
    if not Letter.objects.filter(free(), pk=letter.pk).exists():
        raise RefusedError(f"A worker is sending the letter of {week} to {name} just now.")
