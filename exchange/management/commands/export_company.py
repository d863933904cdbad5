"""Writes the company as a bundle (spec/bundle.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from exchange.bundle.export import export_bundle
from exchange.bundle.files.writing import BundleTargetError
from lib.programs.commands import DataCommand


class Command(DataCommand):
    help = "Writes the company as a bundle: a folder of CSV files, or a zip where PATH ends in .zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder or the zip; a bundle that is there is replaced")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            export_bundle(options["path"])
        except BundleTargetError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The company is in {options['path']}.")
