"""Writes a synthetic company for load tests, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exchange.bundle.files.writing import BundleTargetError
from exchange.synthetic.generate import generate_bundle


class Command(BaseCommand):
    help = "Writes a synthetic company as a bundle: the same bytes for the same arguments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder, or the zip where it ends in .zip")
        parser.add_argument("--teams", type=int, required=True)
        parser.add_argument("--initiatives", type=int, required=True)
        parser.add_argument("--goals", type=int, required=True)
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        numbers = {name: options[name] for name in ("teams", "initiatives", "goals", "seed")}
        try:
            generate_bundle(options["path"], **numbers)
        except (BundleTargetError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"A company is in {options['path']}.")
