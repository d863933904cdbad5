"""Actors, and the permissions that services require (DESIGN.md, *Writes*); the apps' `rules` modules define them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied

Service = Callable[..., Any]
"""A function decorated with `lib.services.writes.writes`."""


class Actor(Protocol):
    """A person, or SYSTEM."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


class System:
    """The actor for jobs, commands and imports from a terminal. It has every permission; the log names no actor
    for it.
    """

    pk = None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def __str__(self) -> str:
        return "the system"


SYSTEM = System()
SYSTEM_ONLY = "system"
"""The permission of a service that only the system calls; such a service has no `actor`."""


@dataclass(frozen=True)
class Permission:
    """The permission that a service requires, from a `rules.py`, on what `of` returns for its arguments."""

    name: str
    of: Callable[..., Any]

    def check(self, actor: Actor, *args: Any, **given: Any) -> None:
        """Raises PermissionDenied."""
        if not actor.has_perm(self.name, self.of(*args, **given)):
            raise PermissionDenied(self.name)


def permission_of(service: Service) -> Permission:
    """Raises AttributeError for a function that is not a service."""
    permission: Permission = vars(service)["permission"]
    return permission


def require(what: str | Service, actor: Actor, *args: Any, **given: Any) -> None:
    """Checks, before a page shows a form, that `actor` may call the service `what` with these arguments. For a page
    that leads to several services, `what` is a permission, checked on the given row or on nothing.

    Raises PermissionDenied.
    """
    permission = Permission(what, lambda row=None: row) if isinstance(what, str) else permission_of(what)
    permission.check(actor, *args, **given)
