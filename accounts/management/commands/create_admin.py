"""Creates or promotes an administrator and prints a one-time address to choose a password and sign in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts.selectors.invitations import link_lifetime
from accounts.services.invitations import make_admin
from accounts.services.tokens import one_time_link
from lib.programs.commands import DataCommand
from lib.services.dates import now


class Command(DataCommand):
    help = "Makes or promotes an administrator and prints a one-time sign-in link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        try:
            person = make_admin(email=email, at=now())
        except ValidationError as error:
            raise CommandError(f"“{email}” cannot be an administrator: {' '.join(error.messages)}") from error
        self.stderr.write(f"{person.name} <{person.email}> is an administrator.")
        self.stderr.write(f"This link works once, within {link_lifetime().days} days:")
        self.stdout.write(one_time_link(person))
