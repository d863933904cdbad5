"""People by what they are to a team and to what somebody owns, made without a database.

The team of a thing is `TEAM`, which hangs below `ABOVE` and holds `BELOW`; `OTHER` stands elsewhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from rules.permissions import has_perm

from teams.enums import Role, TeamRole
from teams.models import Person, Team

ABOVE = Team(pk=1, name="Above", path=[1])
TEAM = Team(pk=2, name="Team", path=[1, 2])
BELOW = Team(pk=3, name="Below", path=[1, 2, 3])
OTHER = Team(pk=4, name="Other", path=[4])

OWNER = 700
"""The id of whoever owns the thing: of each person below who is called an owner."""


def _person(pk: int, role: Role = Role.MEMBER, team: Team | None = None, on: TeamRole = TeamRole.MEMBER) -> Person:
    person = Person(pk=pk, role=role, name=f"Person {pk}")
    vars(person)["roles_on_teams"] = [{"team": team.pk, "role": on}] if team else []
    return person


def _gone(person: Person) -> Person:
    person.is_active = False
    return person


LEAD = TeamRole.LEAD
PEOPLE: dict[str, Any] = {
    "anonymous": AnonymousUser(),
    "administrator who left": _gone(_person(1, Role.ADMIN)),
    "leader who left": _gone(_person(2, Role.LEADER)),
    "lead who left": _gone(_person(3, team=TEAM, on=LEAD)),
    "owner who left": _gone(_person(OWNER)),
    "viewer": _person(4, Role.VIEWER),
    "viewer on the team": _person(5, Role.VIEWER, TEAM),
    "viewer who leads": _person(6, Role.VIEWER, TEAM, LEAD),
    "viewer who owns": _person(OWNER, Role.VIEWER),
    "outsider": _person(7),
    "member": _person(8, team=TEAM),
    "member above": _person(9, team=ABOVE),
    "member below": _person(10, team=BELOW),
    "member elsewhere": _person(11, team=OTHER),
    "owner": _person(OWNER),
    "lead": _person(12, team=TEAM, on=LEAD),
    "lead above": _person(13, team=ABOVE, on=LEAD),
    "lead below": _person(14, team=BELOW, on=LEAD),
    "lead elsewhere": _person(15, team=OTHER, on=LEAD),
    "leader": _person(16, Role.LEADER),
    "administrator": _person(17, Role.ADMIN),
}

NOBODY: frozenset[str] = frozenset()
ADMINISTRATORS = frozenset({"administrator"})
LEADERS = ADMINISTRATORS | {"leader"}
LEADS = LEADERS | {"lead", "lead above"}
OF_THE_TEAM = LEADS | {"member"}
OF_OTHER = LEADERS | {"member elsewhere", "lead elsewhere"}
ANY_LEAD = LEADS | {"lead below", "lead elsewhere"}
ON_A_TEAM = ANY_LEAD | {"member", "member above", "member below", "member elsewhere"}
WRITERS = ON_A_TEAM | {"owner", "outsider"}


def who_may(permission: str, row: Any = None) -> set[str]:
    return {who for who, person in PEOPLE.items() if has_perm(permission, person, row)}
