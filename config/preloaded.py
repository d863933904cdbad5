"""The demo's web server: its code is loaded while the database starts, and it serves once it is told to.

`python -m config.preloaded` waits for a line on its standard input, with granian's arguments as a JSON list. Whoever
started it and ended before that wants nothing of it any more.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config.supervisor import launch

COMMAND = [sys.executable, "-m", "config.preloaded"]


@functools.cache
def web_server() -> subprocess.Popen[bytes]:
    """Whoever asks first starts it."""
    return launch(COMMAND, Path(__file__).resolve().parent.parent, stdin=subprocess.PIPE)


def serve(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """The web server, told to serve. That it has ended meanwhile is for a supervisor to find."""
    program = web_server()
    if program.stdin:
        with contextlib.suppress(BrokenPipeError), program.stdin as told:
            told.write(json.dumps([*arguments]).encode() + b"\n")
    return program


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.urls import get_resolver
    from granian.cli import entrypoint

    try:
        django.setup()
        get_resolver().url_patterns  # noqa: B018 -- loads every page
    except SystemExit:  # the environment makes no sense: whoever started us finds that too, and says so
        return
    if told := sys.stdin.readline():
        sys.argv[1:] = json.loads(told)
        entrypoint()


if __name__ == "__main__":
    main()
