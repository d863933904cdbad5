"""Runs one part in its own process and writes its rows to OUTPUT."""

from __future__ import annotations

import argparse
from pathlib import Path

import django

from tools.bench.company import SIZES, Size
from tools.bench.report import Row, write


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["recompute", "pace", "edits", "digests", "previews", "pages", "lists"])
    parser.add_argument("output", type=Path)
    parser.add_argument("size", choices=SIZES)
    given = parser.parse_args()
    django.setup()
    write(given.output, measured(given.part, SIZES[given.size]))


def measured(part: str, size: Size) -> list[Row]:
    from tools.bench import digests, edits, pace, pages, previews, recompute

    if part == "pace":
        return [pace.pace()]
    if part == "recompute":
        return recompute.measured(floors=size.floors)
    if part == "edits":
        return edits.measured(requests=size.requests, limited=size.limited)
    if part == "digests":
        return digests.measured(limited=size.limited)
    if part == "previews":
        return previews.measured(requests=size.requests, preview_ms=size.preview_ms)
    return pages.measured(requests=size.requests, sql_ms=size.sql_ms, whole=part == "pages")


if __name__ == "__main__":
    main()
