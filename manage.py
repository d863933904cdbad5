#!/usr/bin/env python
"""Django's commands. Those that need a database or Redis get the embedded servers where none are configured."""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec


def start_servers() -> None:
    """Keeps the servers until this process ends; a SIGTERM or a closed terminal then ends it like any other error."""
    from django.conf import settings

    from config import devserver as embedded

    try:
        embedded.start(settings.DATA_DIR, settings.EMBEDDED_SERVERS)
    except embedded.EmbeddedError as error:
        raise SystemExit(f"throughline: {error}") from error
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("DEMO", "1")  # before settings are read, and for every program that it starts
    if find_spec("django") is None:
        raise SystemExit(
            "throughline: Django is not installed here; run `make setup`, then `./.venv/bin/python manage.py`"
        )
    from django.core.management import execute_from_command_line

    from config.devserver import needs_servers

    if needs_servers(sys.argv[1:]):
        start_servers()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
