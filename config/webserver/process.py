"""One web process: `python -m config.webserver.process THREADS SOCKET READY`, started by config.webserver.front.

SOCKET and READY are inherited file descriptors: where to listen, and where to write a byte once pages can be asked for.
"""

from __future__ import annotations

import os
import socket
import sys
from importlib import import_module
from typing import Any

from config.webserver.buffering import server, stop_on_signals


def main(threads: int, descriptor: int, ready: int) -> None:
    application = _application()
    with socket.socket(fileno=descriptor) as listening:
        running = server(application, listening, threads=threads)
    until = stop_on_signals(running)
    os.write(ready, b".")
    os.close(ready)
    running.serve(until=until)


def _application() -> Any:
    """Django's, with all that its first page would import."""
    from django.conf import settings

    from config.wsgi import application

    import_module(settings.ROOT_URLCONF)
    return application


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
