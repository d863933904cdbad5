"""Finds the cast in this company."""

from __future__ import annotations

from accounts.adapter import people_with_roles
from demo.cast import CAST, Part
from teams.models import Person

PARTS = {part.role: part for part in CAST}
BY_EMAIL = {part.email: part for part in CAST}


def people_here() -> dict[str, Person]:
    """The active ones, by their part's role; one query."""
    rows = people_with_roles().filter(email__in=BY_EMAIL, is_active=True)
    return {BY_EMAIL[person.email].role: person for person in rows}


def person_of(part: Part) -> Person | None:
    return people_with_roles().filter(email=part.email, is_active=True).first()
