"""What every service that writes has in common: one transaction that has the company, and another try after a deadlock.

Edits of a few rows share the company, those that change what hangs where take it alone: so the figures that an edit
refreshes are counted on ground that stands still (lib.locks).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

from lib.locks import company_locked

TRIES = 4

_AGAIN = {"40P01", "40001"}  # deadlock detected, serialization failure

Given = ParamSpec("Given")
Result = TypeVar("Result")


def writes(*, alone: bool = False) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorates a service. `alone` is for edits of what hangs where and what counts: goals, strategies, settings.

    A service that calls another with `alone` is `alone` itself; otherwise the call raises WidenedLockError.
    """

    def decorate(service: Callable[Given, Result]) -> Callable[Given, Result]:
        @functools.wraps(service)
        def write(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            outermost = not connection.in_atomic_block
            for attempt in range(TRIES):
                try:
                    with company_locked(alone=alone):
                        return service(*args, **kwargs)
                except OperationalError as error:
                    if not outermost or attempt == TRIES - 1 or not _is_worth_another_try(error):
                        raise
            raise AssertionError("the last try returns or raises")

        return write

    return decorate


def _is_worth_another_try(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in _AGAIN
