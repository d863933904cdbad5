"""Runs one part in its own process and writes its rows to OUTPUT."""

from __future__ import annotations

import argparse
from pathlib import Path

import django

from tools.bench.report import Row, write


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["recompute", "edits", "digests", "pages", "lists"])
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--limited", action="store_true", help="hold the recompute and the edits to what they are measured by"
    )
    parser.add_argument("--requests", type=int, help="in a series")
    given = parser.parse_args()
    django.setup()
    write(given.output, measured(given))


def measured(given: argparse.Namespace) -> list[Row]:
    from tools.bench import digests, edits, pages, recompute

    if given.part == "recompute":
        return recompute.measured(limited=given.limited)
    if given.part == "edits":
        return edits.measured(requests=given.requests, limited=given.limited)
    if given.part == "digests":
        return digests.measured(limited=given.limited)
    return pages.measured(requests=given.requests, whole=given.part == "pages")


if __name__ == "__main__":
    main()
