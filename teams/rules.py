"""Who may do what with people. Views, API and templates ask `person.has_perm("teams.…")`, which asks these."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from teams.enums import Role
from teams.models import Person


def is_signed_in(person: Person) -> bool:
    return person.is_authenticated and person.is_active


def is_admin(person: Person) -> bool:
    return is_signed_in(person) and person.role == Role.ADMIN


add_perm("teams.invite_person", predicate(is_admin))
add_perm("teams.change_role", predicate(is_admin))
