"""Tries a step out: whether its service would refuse it. Nothing is saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar

from django.db import transaction

_trying: ContextVar[bool] = ContextVar("trying", default=False)


class TriedError(Exception):
    """The service came as far as its entry in the log, and so would refuse nothing."""


def tried(step: Callable[[], object]) -> bool:
    """Runs `step`, which calls one service, up to its entry in the log, with the locks of a save, and takes back what
    it wrote. True, or whatever it raises.
    """
    token = _trying.set(True)
    try:
        with transaction.atomic():
            with suppress(TriedError):
                step()
            transaction.set_rollback(True)
    finally:
        _trying.reset(token)
    return True


def is_trial() -> bool:
    return _trying.get()


def stop_a_trial() -> None:
    """Called where all rules of a service have been checked. Raises TriedError in a trial."""
    if is_trial():
        raise TriedError
