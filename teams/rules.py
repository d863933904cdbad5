"""Permissions for people, teams and their work. Views, API and templates call `person.has_perm("teams.…", row)`, which
uses these predicates. Viewers can only read.
"""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from teams.enums import Role, TeamRole
from teams.models import Initiative, Person, Support, Team


def is_signed_in(person: Person) -> bool:
    return person.is_authenticated and person.is_active


def is_admin(person: Person) -> bool:
    return is_signed_in(person) and person.role == Role.ADMIN


def is_leader(person: Person) -> bool:
    """True for leaders and administrators."""
    return is_signed_in(person) and person.sees_everything


def writes(person: Person) -> bool:
    return is_signed_in(person) and person.role != Role.VIEWER


def leads(person: Person, team: Team | None) -> bool:
    """True for leads of the team or of one above it; leaders lead every team. Nobody leads one that is archived."""
    if team is None or team.archived_on is not None or not writes(person):
        return False
    return is_leader(person) or any(person.team_roles.get(above) == TeamRole.LEAD for above in team.path)


def works_on(person: Person, team: Team | None) -> bool:
    """True for people on the team and those who lead it."""
    return leads(person, team) or (team is not None and writes(person) and team.pk in person.team_roles)


def starts_initiatives(person: Person) -> bool:
    """Whether on any team: people who are on one, and leaders."""
    return writes(person) and (is_leader(person) or bool(person.team_roles))


def edits_initiative(person: Person, initiative: Initiative | None) -> bool:
    """True for its owner and the people of its team."""
    if initiative is None or not writes(person):
        return False
    return initiative.owner_id == person.pk or works_on(person, initiative.team)


def asks_support(person: Person, support: Support | None) -> bool:
    return support is not None and edits_initiative(person, support.initiative)


def answers_support(person: Person, support: Support | None) -> bool:
    """True for the people of the team that is asked."""
    return support is not None and works_on(person, support.team)


def settles_support(person: Person, support: Support | None) -> bool:
    """True for both sides: either may say that the support was given."""
    return asks_support(person, support) or answers_support(person, support)


add_perm("teams.change_role", predicate(is_admin))
add_perm("teams.edit_company", predicate(is_admin))
add_perm("teams.create_team", predicate(is_leader))
add_perm("teams.move_team", predicate(is_leader))
add_perm("teams.remove_team", predicate(is_leader))
add_perm("teams.archive_team", predicate(is_leader))
add_perm("teams.bring_in_team", predicate(is_leader))
add_perm("teams.edit_team", predicate(leads))
add_perm("teams.work_on", predicate(works_on))
add_perm("teams.start_initiative", predicate(starts_initiatives))
add_perm("teams.edit_initiative", predicate(edits_initiative))
add_perm("teams.assign_initiative", predicate(is_leader))
add_perm("teams.ask_support", predicate(asks_support))
add_perm("teams.answer_support", predicate(answers_support))
add_perm("teams.settle_support", predicate(settles_support))
