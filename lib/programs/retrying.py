"""Retry options for tasks while the database is down."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError

AGAIN: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    "max_retries": 30,
}
"""About five minutes of retries; after that the periodic sweep takes over."""
