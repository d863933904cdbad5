"""Services for personas and the teams that serve them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError

from lib.db.locks import lock_rows
from lib.log.values import made, removed
from lib.services.edits import opened, revise
from lib.services.keys import free_key
from lib.services.sets import exchange, touch
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.models import Persona, TeamPersona
from teams.models import Person, Team
from teams.services.log import record

GONE = "A persona you chose is no longer here. Choose among those that are."


@writes(permission="strategy.write_persona")
def create_persona(*, actor: Person, at: dt.datetime, name: str, problem: str) -> Persona:
    """Raises ValidationError by field."""
    persona = Persona(name=tidy(name), problem=tidy(problem), key=free_key(Persona, name))
    persona.clean_fields()
    persona.save()
    record("persona.created", actor=actor, at=at, subject=persona, changes=made(persona))
    return persona


@writes(permission="strategy.write_persona")
def edit_persona(persona: Persona, *, actor: Person, at: dt.datetime, version: int, name: str, problem: str) -> Persona:
    """Raises StaleError, ValidationError by field."""
    row = opened(persona, version)
    if changes := revise(row, name=name, problem=problem):
        record("persona.edited", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.write_persona", alone=True)
def remove_persona(persona: Persona, *, actor: Person, at: dt.datetime, version: int) -> Persona:
    """Permanent; teams that served it no longer do, which counts as an edit of each. Raises StaleError,
    RefusedError.
    """
    row = opened(persona, version)
    teams = lock_rows(Team.objects.filter(personas=row))
    refs = [("team", team.pk) for team in teams]
    record("persona.removed", actor=actor, at=at, subject=row, changes=removed(row), refs=refs)
    row.delete()
    touch(teams)
    return persona


@writes(permission="teams.edit_team")
def set_personas(team: Team, *, actor: Person, at: dt.datetime, version: int, personas: Collection[Persona]) -> Team:
    """Raises StaleError with the current keys of `personas`; ValidationError by field."""
    row = opened(team, version, told=_served)
    before = set(Persona.objects.filter(teams=row).values_list("pk", flat=True))
    wanted = {persona.pk for persona in personas}
    if Persona.objects.filter(pk__in=wanted).count() != len(wanted):
        raise ValidationError({"personas": GONE})
    if wanted != before:
        exchange(TeamPersona, row, "persona", before=before, after=wanted)
        touch([row])
        changes = {"personas": [sorted(before), sorted(wanted)]}
        record("team.personas_set", actor=actor, at=at, subject=row, changes=changes)
    return row


def _served(team: Team) -> dict[str, list[str]]:
    return {"personas": list(Persona.objects.filter(teams=team).values_list("key", flat=True))}
