"""What every service that writes has in common: one transaction, its place in the queue, another try after a deadlock.

Edits of a few rows hold the company together (shared), those that change what hangs where hold it alone: so the figures
that an edit refreshes are counted on ground that stands still. Locks are taken in one order everywhere: the company,
then the rows edited by table and id, then the figures (docs/architecture.md, *Writing*).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

TRIES = 4
COMPANY_LOCK = 7_203_901
"""Key of the advisory lock."""

_AGAIN = {"40P01", "40001"}  # deadlock detected, serialization failure

Given = ParamSpec("Given")
Result = TypeVar("Result")


def hold_company(*, alone: bool = False) -> None:
    """To the end of the transaction: with others, or alone.

    No trigger is ignored; to be told so spares each of them a subtransaction of its own (measured: the import).
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('pgtrigger.ignore', '{{}}', true), {lock}(%s)", [COMPANY_LOCK])


def writes(*, alone: bool = False) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorates a service. `alone` is for edits of what hangs where and what counts: goals, strategies, settings.

    A service that calls another with `alone` is `alone` itself: a lock is never widened.
    """

    def decorate(service: Callable[Given, Result]) -> Callable[Given, Result]:
        @functools.wraps(service)
        def write(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            outermost = not connection.in_atomic_block
            for attempt in range(TRIES):
                try:
                    with transaction.atomic():
                        hold_company(alone=alone)
                        return service(*args, **kwargs)
                except OperationalError as error:
                    if not outermost or attempt == TRIES - 1 or not _is_worth_another_try(error):
                        raise
            raise AssertionError("the last try returns or raises")

        return write

    return decorate


def _is_worth_another_try(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in _AGAIN
