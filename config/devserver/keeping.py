"""Starts servers of a lease again when they were killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from config.devserver.errors import EmbeddedError
from config.devserver.layout import Server
from config.devserver.lease import Lease

LOOK_EVERY = 0.5
"""Seconds between two looks."""
TRIES = 3
NAMES = {Server.POSTGRES: "PostgreSQL", Server.VALKEY: "Valkey"}


@contextmanager
def kept_running(lease: Lease, *, told: Callable[[str], None], failed: Callable[[str], None]) -> Iterator[None]:
    """While inside. `told` gets a line for each server started again; `failed` the reason once TRIES starts failed in a
    row, after which nothing more is tried. Both are called by a thread.
    """
    ended = Event()
    thread = Thread(target=_keep, args=(lease, ended, told, failed), name="keeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep(lease: Lease, ended: Event, told: Callable[[str], None], failed: Callable[[str], None]) -> None:
    failures = 0
    while not ended.wait(LOOK_EVERY):
        try:
            revived = lease.revive()
        except (EmbeddedError, OSError) as error:
            failures += 1
            if failures == TRIES:
                failed(str(error))
                return
            continue
        failures = 0
        for server in revived:
            told(f"The embedded {NAMES[server]} had ended, and was started again.")
