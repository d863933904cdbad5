"""Imports a company bundle (spec/bundle.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from exchange.bundle.counts import Counts, ImportResult
from exchange.bundle.problems import BundleProblems
from exchange.services import import_bundle
from lib.programs.commands import DataCommand
from lib.services.dates import now
from lib.services.permissions import SYSTEM

HEADINGS = ("created", "updated", "unchanged")


class Command(DataCommand):
    help = "Imports a company bundle, a folder or a zip of CSV files: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or the zip")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            result = import_bundle(options["path"], actor=SYSTEM, at=now(), dry_run=options["dry_run"])
        except BundleProblems as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise SystemExit(1) from error
        self.stdout.write(table(result))
        for notice in result.notices:
            self.stdout.write(str(notice))
        if not result.changed:
            self.stdout.write("Nothing changed: everything in the bundle was here already.")
        elif options["dry_run"]:
            self.stdout.write("A dry run: nothing was changed.")


def table(result: ImportResult) -> str:
    width = max([len(name) for name in result.tables], default=0)
    lines = [" " * width + "".join(f"  {heading:>9}" for heading in HEADINGS)]
    lines += [f"{name:<{width}}" + _numbers(counts) for name, counts in result.tables.items()]
    return "\n".join(lines)


def _numbers(counts: Counts) -> str:
    return "".join(f"  {getattr(counts, heading):>9}" for heading in HEADINGS)
