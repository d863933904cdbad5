"""How much slower this machine is than the one where limits in seconds were set: they are as much longer here."""

from __future__ import annotations

import time
from statistics import median

from django.db import connection

from tools.bench.report import Row

READ = "SELECT count(*) FROM generate_series(1, 100000) AS n WHERE n % 7 = 0"
USUAL_MS = 6.5
"""What PostgreSQL takes for READ where it takes 36 ms for the scan floor at L."""
RUNS = 15


def pace() -> Row:
    took = median(_read() for _ in range(RUNS))
    return Row("pace", f"this machine (plain counting {took:.1f} ms)", {"times": max(1.0, took / USUAL_MS)})


def _read() -> float:
    """In milliseconds."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(READ)
    return (time.perf_counter() - began) * 1000
