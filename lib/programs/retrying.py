"""How tasks wait for a database that is away."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError

AGAIN: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    "max_retries": 30,
}
"""Some five minutes, after which the sweep comes anyway."""
