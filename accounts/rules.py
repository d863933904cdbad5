"""Who may let people in and out, and what people do with their own account."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from teams.models import Person
from teams.rules import is_admin


def is_oneself(person: Person, other: Person | None) -> bool:
    """For a person's own account, also before their first sign-in."""
    return other is not None and person.pk == other.pk


def reads_data_of(person: Person, other: Person | None) -> bool:
    """Everything that is kept about a person: for themselves, and for administrators."""
    return is_admin(person) or is_oneself(person, other)


add_perm("accounts.own_account", predicate(is_oneself))
add_perm("accounts.invite_person", predicate(is_admin))
add_perm("accounts.deactivate_person", predicate(is_admin))
add_perm("accounts.erase_person", predicate(is_admin))
add_perm("accounts.read_data", predicate(reads_data_of))
add_perm("accounts.edit_person", predicate(is_admin))
