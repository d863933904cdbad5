"""`send_digest` (spec/interfaces.md): runs the weekly job now, in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser

from digest.enums import DigestState
from digest.models import Digest
from digest.rendering import subject
from digest.schedule import week_at
from digest.selectors.digests import progress_of_weeks
from digest.services.building import build_digests
from digest.services.now import check_running, digest_of_week, digests_due, send_now
from digest.services.plans import Planned, put_in_order
from digest.services.sending import send_digests
from digest.writing import Wanted, is_sent, written
from lib.programs.commands import DataCommand
from lib.services.dates import iso_week, now, parse_week
from lib.services.errors import RefusedError
from teams.models import Person
from teams.selectors.company import company

SHOWN = 20
BEGINS_FIRST, ENDS_LAST = "Etc/GMT-14", "Etc/GMT+12"
"""The time zones in which a week begins first and ends last."""


class Command(DataCommand):
    help = "Plans, builds and sends the weekly digests that are due now, as the worker does every minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", metavar="YYYY-Www", help="does nothing unless it is this week")
        parser.add_argument("--to", metavar="EMAIL", help="this person's digest of the week, also before its moment")
        parser.add_argument("--dry-run", action="store_true", help="says who would get what, and sends nothing")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        at = now()
        week = _week(options["week"], at)
        try:
            person = _person(options["to"])
            if person is not None and week is not None:
                _check_week_of(person, week, at)
            if options["dry_run"]:
                self._tell([digest_of_week(person, at=at)] if person else digests_due(at=at), at)
            elif person is not None:
                self.stdout.write(_outcome(send_now(person, at=at), person))
            else:
                check_running()
                self._send(at)
        except RefusedError as error:
            raise CommandError(str(error)) from error

    def _send(self, at: dt.datetime) -> None:
        put_in_order(at=at)
        while build_digests(at=now()):
            pass
        while send_digests(at=now()):
            pass
        first = week_at(at, ENDS_LAST)
        weeks = [each for each in progress_of_weeks(first) if each.week >= first]
        for week in weeks:
            self.stdout.write(
                f"{iso_week(week.week)}: due {week.due}, built {week.built}, sent {week.sent}, "
                f"nothing to say {week.nothing}, failed {week.failed}, waiting for another try {week.retrying}."
            )
        if not weeks:
            self.stdout.write("No digest is due yet.")

    def _tell(self, planned: Sequence[Planned], at: dt.datetime) -> None:
        zone = ZoneInfo(company().timezone)
        for each, told in zip(planned, _told(planned[:SHOWN], at), strict=False):
            when = "now" if each.due_at <= at else f"{each.due_at.astimezone(zone):%a %-d %b %-H:%M}"
            self.stdout.write(f"{iso_week(each.week)}  {when}  {told}")
        shown = f", the first {SHOWN} of which are above" if len(planned) > SHOWN else ""
        self.stdout.write(f"{len(planned)} to be written{shown}. A dry run: nothing was sent or changed.")


def _check_week_of(person: Person, week: dt.date, at: dt.datetime) -> None:
    """Raises CommandError where it is another week in the person's zone; RefusedError as `digest_of_week`."""
    theirs = digest_of_week(person, at=at).week
    if theirs != week:
        raise CommandError(f"--week {iso_week(week)}: where {person} is, it is {iso_week(theirs)}. Give that one.")


def _week(text: str | None, at: dt.datetime) -> dt.date | None:
    """Raises CommandError for a week that is current nowhere on Earth."""
    if text is None:
        return None
    try:
        week = parse_week(text)
    except ValueError as error:
        raise CommandError(f"--week {text}: {error}") from error
    running = sorted({week_at(at, zone) for zone in (BEGINS_FIRST, ENDS_LAST)})
    if week not in running:
        right = " or ".join(map(iso_week, running))
        why = "It is over, and its digests are not sent any more" if week < running[0] else "It has not begun"
        raise CommandError(f"--week {text}: {why}. Give {right}, or leave it out.")
    return week


def _person(email: str | None) -> Person | None:
    """Raises CommandError where no person has that address."""
    if email is None:
        return None
    person = Person.objects.with_email(email).first()
    if person is None:
        raise CommandError(f"--to {email}: nobody here has this e-mail address. Give the one they sign in with.")
    return person


def _told(planned: Sequence[Planned], at: dt.datetime) -> list[str]:
    """The address and subject of each."""
    people = Person.objects.in_bulk([each.person_id for each in planned])
    wanted = [Wanted(people[each.person_id], each.week, each.due_at) for each in planned]
    told = []
    for digest, content in zip(wanted, written(wanted, at=at), strict=True):
        said = subject(content) if is_sent(content, digest.person) else "(nothing to say)"
        told.append(f"{digest.person.email}  {said}")
    return told


def _outcome(digest: Digest, person: Person) -> str:
    """Raises CommandError for a digest that was not sent."""
    week = iso_week(digest.week)
    if digest.state == DigestState.SENT:
        return f"Sent to {person.email}: {digest.subject}"
    if digest.state == DigestState.NOTHING:
        return f"There is nothing new for {person} in {week}, so nothing was sent."
    if digest.state == DigestState.FAILED:
        raise CommandError(f"The digest of {week} to {person.email} was refused: {digest.problem}")
    raise CommandError(f"The digest of {week} to {person.email} waits for another try: {digest.problem or 'not taken'}")
