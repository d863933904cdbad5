"""Arguments that alignment's commands share."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import CommandError, CommandParser

from lib.services.dates import parse_day, today
from teams.selectors.company import company


def add_as_of(parser: CommandParser) -> None:
    parser.add_argument("--as-of", metavar="DATE", help="a day like 2026-03-31; without it, today where the company is")


def day_of(as_of: str | None) -> dt.date:
    """The day given with --as-of. Raises CommandError for anything but a day of 1970 to 2100."""
    if as_of is None:
        return today(company())
    try:
        return parse_day(as_of)
    except ValueError as error:
        raise CommandError(f"--as-of {as_of}: {error}") from error
