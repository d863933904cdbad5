"""`recompute_alignment` (spec/interfaces.md): stores figures and flags as of a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from alignment.management.arguments import add_as_of, day_of
from alignment.refresh.recompute import recompute_alignment
from lib.programs.commands import DataCommand
from lib.services.dates import now


class Command(DataCommand):
    help = "Computes the whole company anew and stores figures and flags; says what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        add_as_of(parser)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        as_of = day_of(options["as_of"])
        result = recompute_alignment(as_of=as_of, at=now())
        self.stdout.write(
            f"As of {as_of}. Figures changed: initiatives {result.initiatives}, teams {result.teams}, "
            f"goals {result.goals}. Flags: opened {result.flags_opened}, resolved {result.flags_resolved}."
        )
