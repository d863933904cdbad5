"""A generated company on its own servers, and the processes that work on it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from config import devserver as embedded
from tools.bench import report

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
LOG_LINES = 20
OF_THE_SHELL = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
"""The only variables that a run takes from the shell, without its servers and settings."""


@dataclass(frozen=True)
class Size:
    """A company's size, the number of requests in a series, and what is held to. A recompute takes at most `floors`
    scans; this and limits on imports and edits only make sense in a large company, None elsewhere. The p95 of a page's
    SQL is at most `sql_ms` milliseconds, that of a preview of a step `preview_ms`.
    """

    initiatives: int
    goals: int
    teams: int
    requests: int
    floors: float | None = None
    sql_ms: float = 50.0
    preview_ms: float | None = None

    @property
    def limited(self) -> bool:
        return self.floors is not None


SIZES = {
    "XS": Size(60, 20, 8, 1),
    "S": Size(500, 100, 50, 30),
    "M": Size(10_000, 1_000, 200, 30),
    "L": Size(100_000, 10_000, 2_000, 30, floors=12.0, preview_ms=600.0),
    "XL": Size(1_000_000, 100_000, 20_000, 30, floors=8.0, sql_ms=300.0, preview_ms=3_000.0),
}


@dataclass(frozen=True)
class Usage:
    """Seconds and peak memory of a process."""

    seconds: float
    peak_mb: float


class BenchError(Exception):
    """A part failed; the message ends with its last output."""


@dataclass(frozen=True)
class Company:
    folder: Path
    name: str
    """Of its size."""

    @property
    def size(self) -> Size:
        return SIZES[self.name]

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def bundle(self) -> Path:
        return self.folder / "bundle"

    @property
    def imported(self) -> Path:
        return self.folder / "imported"

    @contextlib.contextmanager
    def servers(self) -> Iterator[None]:
        """Makes the folder accessible to the account that runs PostgreSQL for root."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        with embedded.start(self.data_dir):
            yield

    def generate(self) -> Usage:
        size = self.size
        numbers = [f"--teams={size.teams}", f"--initiatives={size.initiatives}", f"--goals={size.goals}"]
        return self.manage("generate_company", str(self.bundle), *numbers, f"--seed={SEED}")

    def fill(self) -> Usage:
        """Imports the bundle into a new database and vacuums it, as autovacuum would."""
        self.migrate()
        usage = self.manage("import_company", str(self.bundle))
        self.settle()
        self.imported.touch()
        return usage

    def migrate(self) -> None:
        """Also collects the static files: a company that was kept has those of before."""
        self.manage("migrate", "--verbosity=0")
        self.manage("collectstatic", "--verbosity=0", "--no-input")

    def settle(self) -> None:
        connection = psycopg2.connect(embedded.database_url(self.data_dir))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")

    def manage(self, *arguments: str) -> Usage:
        return self._run("manage.py", *arguments)

    def measure(self, part: str) -> list[report.Row]:
        """The rows of a part of step.py."""
        output = self.folder / f"{part}.json"
        self._run("-m", "tools.bench.step", part, str(output), self.name)
        return report.read(output)

    def _run(self, *arguments: str) -> Usage:
        """Raises BenchError on failure. Peak memory includes this small process, which the child was forked from."""
        own = {"DATA_DIR": str(self.data_dir), "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment = {name: os.environ[name] for name in OF_THE_SHELL if name in os.environ} | own
        log = self.folder / "log"
        began = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
            )
            _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])
            raise BenchError(f"{' '.join(arguments)} ended with {process.returncode}\n{last}")
        return Usage(seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
