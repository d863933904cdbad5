"""Services of links whose goal counts no more: a team takes a goal that takes its place, with the bet that it had."""

from __future__ import annotations

import datetime as dt
from typing import Any

from alignment.models import Link
from alignment.services.link_rules import in_words
from alignment.services.links import make_link, remove_link, restore_link
from lib.services.errors import RefusedError
from lib.services.writes import writes
from strategy.models import Goal
from teams.models import LogEntry, Person

NO_SUCCESSOR = "“{}” does not take the place of “{}” any more. Choose a goal in the form for a new link."
NOT_OF_THIS = "It is too late to undo this. Link it anew."


@in_words
@writes(permission="alignment.edit_link")
def take_successor(
    link: Link, goal: Goal, *, actor: Person, at: dt.datetime, version: int, **bet: Any
) -> tuple[Link, LogEntry]:
    """Removes the `link` and makes one to `goal`, which takes the place of its goal. Returns the new link, and the
    entry of the removal, which `give_back` needs.

    Raises ValidationError by field, RefusedError, StaleError.
    """
    if not link.goal.successors.filter(pk=goal.pk).exists():
        raise RefusedError(NO_SUCCESSOR.format(goal, link.goal))
    removal = remove_link(link, actor=actor, at=at, version=version)
    return make_link(link.initiative, goal, actor=actor, at=at, **bet), removal


@in_words
@writes(permission="alignment.edit_link")
def give_back(link: Link, removal: LogEntry, *, actor: Person, at: dt.datetime, version: int) -> Link:
    """Undoes `take_successor`: removes the `link` that was made, and restores the one before it.

    Raises ValidationError, RefusedError, StaleError.
    """
    if removal.changes.get("initiative", [None])[0] != link.initiative_id:
        raise RefusedError(NOT_OF_THIS)
    remove_link(link, actor=actor, at=at, version=version)
    return restore_link(removal, actor=actor, at=at)
