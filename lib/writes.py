"""What every service that writes has in common: one transaction, its place in the queue, another try after a deadlock.

Edits of a few rows hold the company together (shared), those that change what hangs where hold it alone: so the figures
that an edit refreshes are counted on ground that stands still. Locks are taken in one order everywhere: the company,
then the rows edited by table and id, then the figures (docs/architecture.md, *Writing*).

A service also says what permission it needs, and refuses whoever lacks it, whatever calls it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from django.core.exceptions import PermissionDenied
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


class Actor(Protocol):
    """Who acts: a person, or SYSTEM."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class System:
    """Who does what no person does: jobs, commands, imports from a terminal. May everything; the log names nobody."""

    pk = None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def __str__(self) -> str:
        return "the system"


SYSTEM = System()
SYSTEM_ONLY = "system"
"""The permission of a service that no person calls; such a service has no `actor`."""


@dataclass(frozen=True)
class Permission:
    """What a service asks for: a permission of some `rules.py`, on what `of` makes of its arguments."""

    name: str
    of: Callable[..., Any]

    def check(self, actor: Actor, *args: Any, **given: Any) -> None:
        """Raises PermissionDenied."""
        if not actor.has_perm(self.name, self.of(*args, **given)):
            raise PermissionDenied(self.name)


def permission_of(service: Callable[..., Any]) -> Permission:
    """Raises AttributeError for a function that is no service."""
    permission: Permission = vars(service)["permission"]
    return permission


def require(service: Callable[..., Any], actor: Actor, *args: Any, **given: Any) -> None:
    """Whether `actor` may call `service` with these arguments: for a page that shows a form before it is sent.

    Raises PermissionDenied.
    """
    permission_of(service).check(actor, *args, **given)


def writes(
    *, permission: str, of: str | Callable[..., Any] = "", alone: bool = False, queues: bool = True
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorates a service. Its `actor` has to have `permission` on the service's first argument, or on that one's
    attribute `of`, or on what a function `of` makes of all arguments but the actor; a service without such an argument
    asks for it on nothing.

    `alone` is for edits of what hangs where and what counts: goals, strategies, settings. A service that calls another
    with `alone` is `alone` itself: a lock is never widened. One that never `queues` takes no lock of the company:
    passwords and invitations do not wait for an import.

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
            outermost = not connection.in_atomic_block
            for attempt in range(TRIES):
                try:
                    with transaction.atomic():
                        if queues:
                            hold_company(alone=alone)
                        return service(*args, **kwargs)
                except OperationalError as error:
                    if not outermost or attempt == TRIES - 1 or not _is_worth_another_try(error):
                        raise
            raise AssertionError("the last try returns or raises")

        vars(write)["permission"] = needed
        return write

    return decorate


def _first(attribute: str, *args: Any, **_given: Any) -> Any:
    first = args[0] if args else None
    return getattr(first, attribute) if attribute else first


def _is_worth_another_try(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in _AGAIN
