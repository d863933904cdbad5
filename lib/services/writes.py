"""The decorator of all services that write: it checks the permission, opens one transaction with the company locked,
finishes with what follows from every write (lib.services.finishing), and retries after a deadlock.

Edits of a few rows share the lock on the company; edits of trees, goals, strategies and settings take it exclusively,
so that the rows behind a figure do not change while it is refreshed (lib.db.locks).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from lib.db.locks import company_locked
from lib.services.finishing import finished
from lib.services.permissions import SYSTEM_ONLY, Permission

TRIES = 4

_in_one: ContextVar[bool] = ContextVar("in_one", default=False)
_AGAIN = {"40P01", "40001"}  # deadlock detected, serialization failure

Given = ParamSpec("Given")
Result = TypeVar("Result")


def writes(
    *, permission: str, of: str | Callable[..., Any] = "", alone: bool = False, queues: bool = True
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorates a service. Its `actor` needs `permission` on the first argument, on that argument's attribute `of`, or
    on what a function `of` returns for all arguments except the actor; without such an argument, on nothing.

    `alone` is for edits of trees, goals, strategies and settings. A service that calls one with `alone` must be `alone`
    itself, otherwise the call raises WidenedLockError. With `queues=False` it does not lock the company: passwords and
    invitations do not wait for an import.

    The service raises PermissionDenied.
    """

    def decorate(service: Callable[Given, Result]) -> Callable[Given, Result]:
        needed = Permission(permission, of if callable(of) else functools.partial(_first, of))
        actor = inspect.signature(service).parameters.get("actor")
        if (actor is None) != (permission == SYSTEM_ONLY):
            raise TypeError(f"{service.__qualname__}: a service has an actor, or is for the system only")

        @functools.wraps(service)
        def write(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            if actor is not None:
                given: dict[str, Any] = {"actor": actor.default, **kwargs}
                needed.check(given.pop("actor"), *args, **given)

            def once() -> Result:
                with company_locked(alone=alone) if queues else transaction.atomic():
                    with finished():
                        result = service(*args, **kwargs)
                    if _in_one.get():
                        _check_constraints()
                    return result

            return _until_it_holds(once)

        vars(write)["permission"] = needed
        return write

    return decorate


def in_one(work: Callable[[], Result]) -> Result:
    """Runs `work`, which calls services, in one transaction, and again after a deadlock. What the database checks when
    a transaction ends it checks when each service ends, so that the service says what is wrong.
    """

    def once() -> Result:
        before = _in_one.set(True)
        try:
            with transaction.atomic():
                return work()
        finally:
            _in_one.reset(before)

    return _until_it_holds(once)


def _until_it_holds(once: Callable[[], Result]) -> Result:
    outermost = not connection.in_atomic_block
    for attempt in range(TRIES):
        try:
            return once()
        except OperationalError as error:
            if not outermost or attempt == TRIES - 1 or not _is_worth_another_try(error):
                raise
    raise AssertionError("the last try returns or raises")


def _check_constraints() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _first(attribute: str, *args: Any, **_given: Any) -> Any:
    first = args[0] if args else None
    return getattr(first, attribute) if attribute else first


def _is_worth_another_try(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in _AGAIN
