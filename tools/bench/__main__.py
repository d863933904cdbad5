"""Runs the parts, prints the table, and exits with 1 when a figure exceeds its limit."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.bench import first, report
from tools.bench.company import SIZES, BenchError, Company
from tools.bench.report import Row

OF_THE_COMPANY = ("import", "recompute", "edits", "previews", "digests", "pages")
PARTS = (*OF_THE_COMPANY, "first")
IMPORT_LIMITS = {"seconds": 60.0, "peak_mb": 500.0}
"""For each 100,000 initiatives, and whatever their number; longer on a slower machine."""


def main() -> None:
    size, parts = os.environ.get("BENCH_SIZE") or "L", _parts()
    if size not in SIZES:
        raise SystemExit(f"bench: BENCH_SIZE is {size!r}; expected one of {', '.join(SIZES)}")
    try:
        with _folder() as folder:
            rows = _measured(folder, size, parts)
    except BenchError as error:
        raise SystemExit(f"bench: {error}") from error
    print(report.table(rows))
    if path := os.environ.get("BENCH_JSON"):
        machine = {"cores": os.cpu_count(), "platform": platform.platform(), "python": platform.python_version()}
        report.write(Path(path), rows, size=size, machine=machine)
    beyond = [row for row in rows if row.ok is False]
    for row in beyond:
        if row.slowest:
            print(f"{row.what}: most SQL at {row.slowest}")
    if beyond:
        raise SystemExit(f"bench: {len(beyond)} of {len(rows)} are beyond their limits")


def _parts() -> list[str]:
    parts = (os.environ.get("BENCH_ONLY") or ",".join(PARTS)).split(",")
    if unknown := [part for part in parts if part not in PARTS]:
        raise SystemExit(f"bench: BENCH_ONLY names {', '.join(map(repr, unknown))}; expected some of {','.join(PARTS)}")
    return parts


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_DIR"):
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="tl-bench-") as folder:
        yield Path(folder)


def _measured(folder: Path, name: str, parts: list[str]) -> list[Row]:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    rows = _of_the_company(folder, name, parts) if {*parts} & {*OF_THE_COMPANY} else []
    if "first" in parts:
        _say("first pages")
        once = {"starts": 1, "rounds": 1} if SIZES[name].requests == 1 else {}
        rows += first.measured(folder / "first", **once)
    return rows


def _of_the_company(folder: Path, name: str, parts: list[str]) -> list[Row]:
    company = Company(folder / name, name)
    with company.servers():
        rows = _filled(company)
        if "import" not in parts:
            rows = []
        for part in OF_THE_COMPANY[1:]:
            if part in parts:
                _say(part)
                rows += company.measure(part)
                company.settle()
    return rows + _beside_small(folder, rows) if name == "L" and "pages" in parts else rows


def _filled(company: Company) -> list[Row]:
    if company.imported.exists():
        company.migrate()
        return []
    _say("generate")
    generated = company.generate()
    _say("import")
    imported = company.fill()
    figures = {"seconds": imported.seconds, "peak_mb": imported.peak_mb}
    (pace,) = company.measure("pace")
    times = pace.figures["times"] * company.size.initiatives / 100_000
    limits = IMPORT_LIMITS | {"seconds": IMPORT_LIMITS["seconds"] * times}
    return [
        pace,
        Row("import", "generate_company", {"seconds": generated.seconds, "peak_mb": generated.peak_mb}),
        Row("import", "import_company, its recompute included", figures, limits if company.size.limited else {}),
    ]


def _beside_small(folder: Path, large: list[Row]) -> list[Row]:
    """How the lists scale from a company of 500 initiatives: the ratio of their median SQL times, large ÷ small."""
    small = Company(folder / "S", "S")
    with small.servers():
        _filled(small)
        _say("lists at S")
        lists = {row.what: row.figures for row in small.measure("lists")}
    return [
        Row("pages", f"{row.what}, SQL beside S", {"times": row.figures["sql_p50_ms"] / lists[row.what]["sql_p50_ms"]})
        for row in large
        if row.figures and row.what in lists
    ]


def _say(step: str) -> None:
    print(f"bench: {step} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
