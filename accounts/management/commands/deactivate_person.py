"""Ends somebody's access, because they left."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts.services.leaving import deactivate_person, everything_to
from lib.programs.commands import DataCommand
from lib.services.dates import now
from lib.services.errors import RefusedError
from lib.services.permissions import SYSTEM
from teams.models import Person


class Command(DataCommand):
    help = "Ends somebody's access at once; what they own goes to somebody else, or to nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--hand-over-to", metavar="EMAIL", help="gets everything that they own or lead alone")

    def handle(self, *_arguments: Any, email: str, hand_over_to: str | None, **_options: Any) -> None:
        person = _person(email)
        to = everything_to(_person(hand_over_to)) if hand_over_to else {}
        try:
            left = deactivate_person(person, actor=SYSTEM, at=now(), to=to)
        except RefusedError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(dict.fromkeys(error.messages))) from error
        self.stdout.write(left.sentence)


def _person(email: str) -> Person:
    """Raises CommandError where no person has that address."""
    person = Person.objects.with_email(email).first()
    if person is None:
        raise CommandError(f"{email}: nobody here has this e-mail address. Give the one they sign in with.")
    return person
