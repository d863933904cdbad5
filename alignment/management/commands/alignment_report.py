"""`alignment_report` (spec/interfaces.md): prints the company's alignment as of a day, computed from the current
database.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from alignment.management.arguments import add_as_of, day_of
from alignment.management.table import report_table
from alignment.selectors.report import alignment_report
from lib.programs.commands import DataCommand
from lib.programs.files import write_whole


class Command(DataCommand):
    help = "Prints figures and flags as of a day; stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        add_as_of(parser)
        parser.add_argument("--format", choices=["table", "json"], default="table", help="for people, or for programs")
        parser.add_argument(
            "--output", metavar="PATH", type=Path, help="a file, replaced in one step; without it, the terminal"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        report = alignment_report(on=day_of(options["as_of"]))
        text = _as_json(report) if options["format"] == "json" else report_table(report)
        output: Path | None = options["output"]
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            write_whole(output, text)
        except OSError as error:
            raise CommandError(f"cannot write {output}: {error.strerror or error}") from error


def _as_json(report: dict[str, Any]) -> str:
    """One line with sorted keys; floats are not rounded."""
    flags = sorted(report["flags"], key=lambda flag: (flag["code"], flag["subject"]))
    return json.dumps(report | {"flags": flags}, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
