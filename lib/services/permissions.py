"""Who acts, and what a service asks of them (DESIGN.md, *Writes*); what each may do the `rules` of the apps say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied

Service = Callable[..., Any]
"""One that `lib.services.writes.writes` decorates."""


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


def permission_of(service: Service) -> Permission:
    """Raises AttributeError for a function that is no service."""
    permission: Permission = vars(service)["permission"]
    return permission


def require(what: str | Service, actor: Actor, *args: Any, **given: Any) -> None:
    """For a page that shows something before it is sent: whether `actor` may call the service `what` with these
    arguments; where it leads to several services, has the permission `what` on the row given, or on nothing.

    Raises PermissionDenied.
    """
    permission = Permission(what, lambda row=None: row) if isinstance(what, str) else permission_of(what)
    permission.check(actor, *args, **given)
