"""Tries steps out: whether a service would refuse one, and what would be so after several. Nothing is saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import TypeVar

from django.db import transaction

from lib.db.locks import company_locked
from lib.services.changes import gathered
from lib.services.finishing import apart

Result = TypeVar("Result")

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


def rehearsed(work: Callable[[], Result]) -> Result:
    """Runs `work`, which calls services, with the company alone, takes back all that they wrote, and returns its
    result. Nobody hears of it: neither figures nor editions follow.
    """
    with company_locked(alone=True), apart(), gathered():
        try:
            return work()
        finally:
            transaction.set_rollback(True)


def is_trial() -> bool:
    return _trying.get()


def stop_a_trial() -> None:
    """Called where all rules of a service have been checked. Raises TriedError in a trial."""
    if is_trial():
        raise TriedError
